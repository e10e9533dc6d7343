import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { counted } from '../../../shared/language/counted.ts';
import type { ExportFormat } from '../../../shared/model/exchange.ts';
import type { HubApi } from '../../hub/api/hub-link.ts';
import { usage } from '../command-line.ts';
import type { Context } from '../context.ts';

export interface Wanted {
  filter: string;
  limit: number;
}

/** Writes the exchanges to a file; under its name stands all of it or nothing of it. */
export async function exportTo(
  { output }: Context,
  api: HubApi,
  { filter, limit, format, file }: Wanted & { format: ExportFormat; file: string },
): Promise<void> {
  const part = `${file}.part`;
  let exchanges = 0;
  const stream = createWriteStream(part, { mode: 0o600 });
  const written = finished(stream);
  // Told below; unhandled until then, it would end the program.
  written.catch(() => {});
  try {
    for await (const { text, count } of await api.traffic.export({ filter, format, limit })) {
      exchanges = count;
      if (!stream.write(text)) await Promise.race([once(stream, 'drain'), written]);
    }
    stream.end();
    await written;
    await rename(part, file);
  } catch (error) {
    stream.destroy();
    await rm(part, { force: true });
    throw error;
  }
  if (output.wantsJson) output.json({ file, exchanges });
  else output.say(`${counted(exchanges, 'exchange')} written to ${file}.`);
}

/** Sends the requests as spans to an OpenTelemetry collector. */
export async function sendSpansTo(
  { output, platform }: Context,
  api: HubApi,
  { filter, limit, url }: Wanted & { url: string },
): Promise<void> {
  const headers = readHeaders(platform.env.OTEL_EXPORTER_OTLP_HEADERS ?? '');
  const { spans } = await api.traffic.sendSpans({ filter, limit: Math.min(limit, 100_000), url, headers });
  if (output.wantsJson) output.json({ url, spans });
  else output.say(`${counted(spans, 'span')} sent to ${url}.`);
}

/** `name=value,name=value`, as every OpenTelemetry exporter reads it: keys do not belong on a command line. */
function readHeaders(text: string): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const split = pair.indexOf('=');
      try {
        if (split < 1) throw new Error('no name');
        return [pair.slice(0, split).trim(), decodeURIComponent(pair.slice(split + 1).trim())];
      } catch {
        throw usage('OTEL_EXPORTER_OTLP_HEADERS must be name=value pairs with commas between them.');
      }
    }),
  );
}
