import { TriangleAlert } from 'lucide-react';
import type { PlanConsequences } from '../../../shared/model/migration.ts';
import { messages } from '../../messages/messages.ts';
import { classNames } from '../../ui/class-names.ts';
import { costsOf, type CostName, type Way, WAYS, wayKey } from './way-costs.ts';

const text = messages.setup.choose;
const ROWS = Object.keys(text.costs) as CostName[];

interface WaysTableProps {
  /** In the order of `WAYS`. */
  numbers: readonly PlanConsequences[];
  chosen: Way;
  onChoose(way: Way): void;
}

/** The four ways side by side, each with what it costs for these very configs. */
export function WaysTable({ numbers, chosen, onChoose }: WaysTableProps) {
  const mostMoved = Math.max(...numbers.map(({ entriesMoved }) => entriesMoved));
  const columns = WAYS.map((way, index) => ({
    way,
    costs: costsOf(numbers[index]!, mostMoved),
    isChosen: wayKey(way) === wayKey(chosen),
  }));
  return (
    <fieldset className="overflow-x-auto rounded-lg border border-line bg-surface">
      <legend className="sr-only">{text.ways}</legend>
      <table className="w-full min-w-[44rem] table-fixed border-collapse text-xs">
        <thead>
          <tr className="align-top">
            <td className="w-36" />
            {columns.map(({ way, isChosen }, index) => (
              <th
                key={wayKey(way)}
                scope="col"
                className={classNames('p-0 text-left', isChosen && 'bg-active')}
              >
                <label className="flex h-full cursor-pointer flex-col gap-1 px-2.5 pt-2.5 pb-2">
                  <span className="flex items-start gap-1.5">
                    <input
                      type="radio"
                      name="way"
                      value={wayKey(way)}
                      checked={isChosen}
                      onChange={() => onChoose(way)}
                      aria-label={text.way[wayKey(way)]}
                      aria-describedby={`way-${index}`}
                      className="mt-[3px] size-3.5 shrink-0 accent-accent"
                    />
                    <span className="text-sm font-semibold">{text.way[wayKey(way)]}</span>
                  </span>
                  <span id={`way-${index}`} className="font-normal text-muted">
                    {text.wayHint[wayKey(way)]}{' '}
                    {index === 0 && <span className="font-medium text-accent">{text.advised}</span>}
                  </span>
                </label>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ROWS.map((name) => (
            <tr key={name} className="border-t border-line align-top">
              <th scope="row" className="px-2.5 py-1.5 text-left font-normal text-muted">
                {text.costs[name]}
              </th>
              {columns.map(({ way, costs, isChosen }) => (
                <td key={wayKey(way)} className={classNames('px-2.5 py-1.5', isChosen && 'bg-active')}>
                  <span
                    className={classNames(
                      'inline-flex items-start gap-1',
                      costs[name].isWorse && 'font-medium text-warn',
                    )}
                  >
                    {costs[name].isWorse && (
                      <TriangleAlert aria-hidden="true" className="mt-0.5 size-3 shrink-0" />
                    )}
                    {costs[name].words}
                  </span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </fieldset>
  );
}
