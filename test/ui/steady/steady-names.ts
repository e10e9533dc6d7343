import path from 'node:path';
import { projectRoot } from '../../support/cli.ts';
import type { RunningHub } from '../../support/hub.ts';
import type { TemporaryHome } from '../../support/temporary-home.ts';

/** Two ways of writing one message: as the hub does, and as the pictures show it. */
export interface Names {
  toPage(text: string): string;
  toHub(text: string): string;
}

/** What the hub of every picture listens on: the usual port. */
const PORT = 12_009;
/** Of sessions and instances; of migrations; of files (SHA-256). */
const ID = /\b(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|\d{8}T\d{6}Z-[\da-f]{12}|[\da-f]{64})\b/g;

/**
 * Shows the folders and the port of a throwaway home as those of a person, and random ids in the order they appear.
 * What the page sends back is turned round, so that it still means the real thing.
 */
export function steadyNames(home: TemporaryHome, hub: RunningHub): Names {
  const places: Place[] = [
    [home.dataDir, '/home/ada/.local/share/patchbay'],
    [home.project, '/home/ada/atlas'],
    [home.home, '/home/ada'],
    [home.root, '/home/ada/notes'],
    [path.join(projectRoot, 'node_modules'), '/home/ada/.npm/lib/node_modules'],
    [path.join(projectRoot, 'test', 'fixtures', 'servers'), '/home/ada/servers'],
    [projectRoot, '/opt/patchbay'],
    [process.execPath, '/usr/bin/node'],
    [`127.0.0.1:${hub.port}`, `127.0.0.1:${PORT}`],
    [`"port":${hub.port}`, `"port":${PORT}`],
  ];
  const shown = new Map<string, string>();
  const real = new Map<string, string>();
  const shownId = (id: string): string => {
    let name = shown.get(id);
    if (name === undefined) {
      // The length and the dashes of an id stay, so that it takes the same room.
      const end = String(shown.size + 1).padStart(4, '0');
      name = `${id.slice(0, -4).replaceAll(/[\da-f]/g, '0')}${end}`;
      shown.set(id, name);
      real.set(name, id);
    }
    return name;
  };
  const moved = namesOfPlaces(places);
  return {
    toPage: (text) => moved.toPage(text).replaceAll(ID, shownId),
    toHub: (text) => moved.toHub(text).replaceAll(ID, (id) => real.get(id) ?? id),
  };
}

/** Where something is, and where it is shown to be. */
export type Place = readonly [inside: string, outside: string];

/** Other names for places, and nothing else. */
export function namesOfPlaces(places: readonly Place[]): Names {
  // The longest first: some lie in others.
  const outwards = places.toSorted(([a], [b]) => b.length - a.length);
  const inwards = places.toSorted(([, a], [, b]) => b.length - a.length);
  return {
    toPage: (text) => outwards.reduce((all, [inside, outside]) => all.replaceAll(inside, outside), text),
    toHub: (text) => inwards.reduce((all, [inside, outside]) => all.replaceAll(outside, inside), text),
  };
}
