import { z } from 'zod';
import { PatchbayError } from '../../../shared/model/error.ts';
import { configuredPort } from '../port.ts';
import { isMissing } from '../files/file-errors.ts';
import type { Engine } from './engine.ts';
import type { HttpEndpoint } from './move.ts';

const MAX_BYTES = 64 * 1024;
const Facts = z.looseObject({ url: z.url({ protocol: /^http$/ }) });

/** Where the hub is reached over HTTP, for entries that are URLs. */
export interface HubEndpoint {
  /** The endpoint of one server, or of all of them. */
  of(server: string): HttpEndpoint;
}

/**
 * The address a hub of this data folder has or had last, else the one it would take. Throws HUB_NOT_RUNNING while
 * there is no token yet, as no entry could name it.
 */
export async function hubEndpoint({ storage, data, platform }: Engine): Promise<HubEndpoint> {
  const read = async (file: string): Promise<string | null> => {
    try {
      return new TextDecoder().decode(await storage.files.read(file, MAX_BYTES));
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  };
  const token = (await read(data.token))?.trim();
  const base = baseOf(await read(data.hubFacts)) ?? fixedAddress(configuredPort(platform));
  if (!token || base === null) {
    throw new PatchbayError('HUB_NOT_RUNNING', 'The hub has no address yet that an entry could name.', {
      hint: 'Start it once with: patchbay serve',
    });
  }
  return {
    of: (server) => ({
      url: server === '*' ? `${base}/mcp` : `${base}/servers/${encodeURIComponent(server)}/mcp`,
      authorization: `Bearer ${token}`,
    }),
  };
}

function baseOf(facts: string | null): string | null {
  try {
    return new URL(Facts.parse(JSON.parse(facts ?? '')).url).origin;
  } catch {
    return null;
  }
}

const fixedAddress = (port: number): string | null => (port === 0 ? null : `http://127.0.0.1:${port}`);
