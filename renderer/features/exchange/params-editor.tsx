import { useRef } from 'react';
import { formatJson } from '../../lib/json/format-json.ts';
import { findJsonProblem, type JsonProblem } from '../../lib/json/json-problem.ts';
import { messages } from '../../messages/messages.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';

const text = messages.exchange.replay;
const reasons = messages.exchange.jsonProblem;

/** What is wrong with typed parameters, in words, and where; null when they can be sent. */
export function paramsProblem(typed: string): { message: string; position: number } | null {
  if (typed.trim() === '') return null;
  const problem = findJsonProblem(typed);
  if (problem)
    return {
      message: text.wrongAt(problem.line, problem.column, reasonOf(problem, typed)),
      position: problem.position,
    };
  return typed.trimStart().startsWith('{') ? null : { message: text.notObject, position: 0 };
}

function reasonOf({ kind, position }: JsonProblem, typed: string): string {
  switch (kind) {
    case 'end':
      return reasons.unexpectedEnd;
    case 'comma-or-brace':
      return reasons.commaOrEnd('}');
    case 'comma-or-bracket':
      return reasons.commaOrEnd(']');
    case 'value':
      return `${reasons.unexpected(JSON.stringify(typed.slice(position, position + 12)))} ${reasons.value}`;
    default:
      return reasons[kind];
  }
}

interface ParamsEditorProps {
  value: string;
  /** Null when nothing usable was recorded. */
  recorded: string | null;
  onChange(value: string): void;
  isDisabled: boolean;
}

/** Parameters as JSON text, with the place of a mistake named. */
export function ParamsEditor({ value, recorded, onChange, isDisabled }: ParamsEditorProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const problem = paramsProblem(value);
  const goThere = (): void => {
    area.current?.focus();
    area.current?.setSelectionRange(problem!.position, problem!.position + 1);
  };
  return (
    <div className="flex flex-col gap-1.5">
      <Field label={text.params} hint={text.paramsHint} error={problem?.message ?? null}>
        {(ids) => (
          <textarea
            {...ids}
            ref={area}
            value={value}
            rows={9}
            spellCheck={false}
            autoComplete="off"
            disabled={isDisabled}
            onChange={(event) => onChange(event.target.value)}
            className="w-full resize-y rounded-md border border-line-strong bg-surface px-2 py-1.5 font-mono text-xs leading-5 aria-invalid:border-danger"
          />
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        {recorded !== null && (
          <Button disabled={value === recorded || isDisabled} onClick={() => onChange(recorded)}>
            {text.restore}
          </Button>
        )}
        <Button disabled={problem !== null || isDisabled} onClick={() => onChange(formatJson(value))}>
          {text.format}
        </Button>
        {problem && <Button onClick={goThere}>{text.goTo}</Button>}
      </div>
    </div>
  );
}
