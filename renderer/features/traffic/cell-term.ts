import type { Exchange } from '../../../shared/model/exchange.ts';
import { filterTerm } from '../../lib/filter-text.ts';
import { quoteIfNeeded } from '../../../shared/filter/complete-filter.ts';
import type { ColumnId } from './column-layout.ts';
import { projectName } from './exchange-words.ts';

/** A place in a row that can be filtered by; the project is part of the client's column. */
export type TermPlace = ColumnId | 'project';

/** The term that finds rows with the same value in that place; null where there is none. */
export function termOfCell(place: TermPlace, exchange: Exchange): string | null {
  switch (place) {
    case 'client':
      return filterTerm('client', exchange.client);
    case 'project':
      return exchange.project === null ? null : filterTerm('project', projectName(exchange.project));
    case 'session':
      return filterTerm('session', exchange.sessionId);
    case 'server':
      return filterTerm('server', exchange.server);
    case 'method':
      return exchange.tool === null
        ? filterTerm('method', exchange.method)
        : filterTerm('tool', exchange.tool);
    case 'outcome':
      return `status:${exchange.outcome}`;
    case 'error':
      return exchange.errorMessage === null ? null : quoted(exchange.errorMessage);
    case 'duration':
      return exchange.durationMs === null ? null : `dur:>=${Math.floor(exchange.durationMs)}ms`;
    default:
      return null;
  }
}

const MAX_TEXT = 120;

/** Free text is found anywhere, so that a part of a long message is enough. */
function quoted(text: string): string {
  const part = text.slice(0, MAX_TEXT);
  const term = quoteIfNeeded(part);
  // A bare word with a colon would be read as a field, one with a minus as its opposite.
  return term.startsWith('"') ? term : `"${part.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
