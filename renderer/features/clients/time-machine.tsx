import { ArrowLeft, RotateCcw } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ConfigVersion } from '../../../shared/model/config-version.ts';
import { type Command, useCommands } from '../../lib/commands.ts';
import { formatDateTime } from '../../lib/format.ts';
import { useHubQuery, useResource } from '../../lib/hub-context.tsx';
import { formatRoute, navigate } from '../../lib/route.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { DiffView } from '../../ui/diff-view.tsx';
import { inputClass } from '../../ui/field.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { Screen } from '../../ui/screen.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { ConfigWriteDialog, type WriteTarget } from './config-write-dialog.tsx';
import { VersionList } from './version-list.tsx';
import { type Against, authorInWords, sidesOf } from './version-words.ts';

const text = messages.clients.timeMachine;

/** Every kept state of one config file as a timeline, what differs between any two, and the way back to each. */
export function TimeMachine({ config }: { config: string }) {
  const { data: all, error } = useResource('configs');
  const paths = [...new Set((all ?? []).map(({ path }) => path))].toSorted();
  const path = config || (paths[0] ?? '');
  const versions = useMemo(() => (all ?? []).filter((version) => version.path === path), [all, path]);
  const [chosen, setChosen] = useState<string | null>(null);
  const [writing, setWriting] = useState<WriteTarget | null>(null);
  const shown = versions.find(({ id }) => id === chosen) ?? versions[0];

  useVersionCommands({ versions, shown, onShow: setChosen, onRestore: setWriting });
  return (
    <Screen
      title={text.title}
      controls={
        <>
          <a
            href={formatRoute({ screen: 'clients' })}
            className="inline-flex h-7 items-center gap-1.5 rounded-md border border-line bg-raised px-2.5 hover:bg-hover"
          >
            <ArrowLeft aria-hidden="true" className="size-3.5" />
            {text.back}
          </a>
          <select
            aria-label={text.file}
            className={`${inputClass} max-w-96 min-w-0 flex-1 font-mono text-2xs`}
            value={path}
            onChange={({ target }) =>
              navigate({ screen: 'clients', config: target.value }, { replace: true })
            }
          >
            {(paths.includes(path) ? paths : [path, ...paths]).map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </>
      }
    >
      {error && <ErrorNotice error={error} className="m-4" />}
      {!all && !error && (
        <div className="p-4">
          <Spinner label={messages.common.loading} />
        </div>
      )}
      {all && !shown && (
        <Notice tone="info" className="m-4">
          {text.empty}
        </Notice>
      )}
      {shown && (
        <div className="grid h-full grid-cols-[minmax(15rem,20rem)_minmax(0,1fr)]">
          <VersionList versions={versions} shown={shown.id} onShow={setChosen} />
          <Comparison
            key={path}
            shown={shown}
            versions={versions}
            onRestore={() => setWriting({ kind: 'restore', version: shown })}
          />
        </div>
      )}
      <ConfigWriteDialog target={writing} onClose={() => setWriting(null)} />
    </Screen>
  );
}

interface ComparisonProps {
  shown: ConfigVersion;
  versions: readonly ConfigVersion[];
  onRestore(): void;
}

function Comparison({ shown, versions, onRestore }: ComparisonProps) {
  const [wanted, setWanted] = useState<Against>('before');
  // A version is not compared with itself; what was chosen comes back with the next one.
  const against = wanted === shown.id ? 'before' : wanted;
  const sides = sidesOf(shown.id, against, versions);
  const newest = versions[0]?.id;
  return (
    <section
      aria-label={text.compare}
      className="flex min-h-0 min-w-0 flex-col gap-3 overflow-y-auto border-l border-line bg-canvas p-4"
    >
      <div className="flex flex-wrap items-center gap-2">
        <label className="flex min-w-0 flex-1 items-center gap-2 whitespace-nowrap">
          {text.compare}
          <select
            className={`${inputClass} min-w-0`}
            value={against}
            onChange={({ target }) => setWanted(target.value)}
          >
            <option value="before">{text.before}</option>
            <option value="now">{text.now}</option>
            {versions
              .filter(({ id }) => id !== shown.id)
              .map((version) => (
                <option key={version.id} value={version.id}>
                  {text.other(formatDateTime(Date.parse(version.at)), authorInWords(version.author))}
                </option>
              ))}
          </select>
        </label>
        <Button
          icon={<RotateCcw aria-hidden="true" className="size-3.5" />}
          disabled={shown.state === 'gone'}
          onClick={onRestore}
        >
          {text.restore}
        </Button>
      </div>
      {sides === null ? (
        <Notice tone="info">{text.firstOne}</Notice>
      ) : (
        // The file now is another one as soon as a newer version of it was seen.
        <Difference key={against === 'now' ? newest : ''} sides={sides} path={shown.path} />
      )}
    </section>
  );
}

function Difference({ sides, path }: { sides: { from: string; to?: string }; path: string }) {
  const { data, error, isLoading } = useHubQuery(JSON.stringify(sides), (hub, signal) =>
    hub.configs.diff(sides, { signal }),
  );
  return (
    <>
      {isLoading && <Spinner label={messages.common.loading} />}
      {error && <ErrorNotice error={error} />}
      {data &&
        (data.diff.trim() === '' ? (
          <p className="text-muted">{text.same}</p>
        ) : (
          <DiffView diff={data.diff} label={text.diffOf(path)} fills />
        ))}
    </>
  );
}

interface VersionCommands {
  versions: readonly ConfigVersion[];
  shown: ConfigVersion | undefined;
  onShow(id: string): void;
  onRestore(target: WriteTarget): void;
}

function useVersionCommands({ versions, shown, onShow, onRestore }: VersionCommands): void {
  const words = messages.clients.commands;
  useCommands(
    useMemo((): Command[] => {
      if (!shown) return [];
      const at = versions.indexOf(shown);
      const [newer, older] = [versions[at - 1], versions[at + 1]];
      const step = (id: string, label: string, keys: string, to: ConfigVersion | undefined): Command[] =>
        to ? [{ id, label, keys, group: words.group, isKeyOnly: true, run: () => onShow(to.id) }] : [];
      return [
        ...step('versions.newer', words.newer, 'k', newer),
        ...step('versions.older', words.older, 'j', older),
        ...(shown.state === 'gone'
          ? []
          : [
              {
                id: 'versions.restore',
                label: words.restore,
                group: words.group,
                keys: 'r',
                run: () => onRestore({ kind: 'restore', version: shown }),
              },
            ]),
      ];
    }, [versions, shown, onShow, onRestore, words]),
  );
}
