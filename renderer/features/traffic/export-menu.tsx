import { Download, FolderOpen, Send } from 'lucide-react';
import { ExportFormat } from '../../../shared/model/exchange.ts';
import { messages } from '../../messages/messages.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Menu, MenuGroup, MenuItem, MenuSeparator } from '../../ui/menu.tsx';
import { ErrorNotice, Notice } from '../../ui/notice.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import type { ExportControls, ExportState } from './use-export.ts';

const text = messages.traffic.export;

interface ExportMenuProps {
  isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
  /** Nothing of an opened file can be exported: it is one already. */
  canExport: boolean;
  hasFilter: boolean;
  onExport(format: ExportFormat): void;
  onSendSpans(): void;
  onOpenFile(): void;
}

/** What can be taken out of the log, and looked at again. */
export function ExportMenu(props: ExportMenuProps) {
  const { isOpen, onOpenChange, canExport, hasFilter } = props;
  return (
    <Menu
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      trigger={<IconButton label={text.menu} icon={<Download className="size-4" />} />}
    >
      <MenuGroup label={hasFilter ? text.whatMatches : text.everything}>
        {ExportFormat.options.map((format) => (
          <MenuItem
            key={format}
            note={text.notes[format]}
            isDisabled={!canExport}
            onSelect={() => props.onExport(format)}
          >
            {text.formats[format]}
          </MenuItem>
        ))}
        <MenuItem
          icon={<Send aria-hidden="true" className="size-3.5 text-muted" />}
          isDisabled={!canExport}
          onSelect={props.onSendSpans}
        >
          {text.sendSpans}
        </MenuItem>
      </MenuGroup>
      <MenuSeparator />
      <MenuItem
        icon={<FolderOpen aria-hidden="true" className="size-3.5 text-muted" />}
        onSelect={props.onOpenFile}
      >
        {text.openFile}
      </MenuItem>
    </Menu>
  );
}

/** What became of the export, above the list. */
export function ExportNotice({ state, cancel, dismiss }: Omit<ExportControls, 'start'>) {
  if (state.phase === 'idle') return null;
  const close = <Button onClick={dismiss}>{messages.common.close}</Button>;
  if (state.phase === 'failed') return <ErrorNotice error={state.error} className="m-2" actions={close} />;
  const isRunning = state.phase === 'running';
  return (
    <Notice
      tone={state.phase === 'done' && state.isCut ? 'warn' : 'info'}
      className="m-2 items-center!"
      actions={isRunning ? <Button onClick={cancel}>{messages.common.cancel}</Button> : close}
    >
      <ExportWords state={state} />
    </Notice>
  );
}

function ExportWords({ state }: { state: Extract<ExportState, { phase: 'running' | 'done' }> }) {
  if (state.phase === 'running') {
    return <Spinner label={text.running(text.formats[state.format], state.count)} />;
  }
  return (
    <>
      {text.done(state.name, state.count)} {state.isCut && text.cut(state.count)}
    </>
  );
}
