import type { Language } from './language.ts';

/** How a language writes numbers and what goes with them. */
export interface Quantities {
  /** `1,234` */
  count: (value: number) => string;
  /** The form that fits the number, with `#` replaced by it: `plural(2, {one: '# call', other: '# calls'})`. */
  plural: (count: number, forms: { one: string; other: string }) => string;
  /** A share as `4.2%`; below a tenth of a percent `<0.1%`. */
  share: (share: number) => string;
  /** `842 ms`, `1.24 s`, `2 min 5 s`; below a tenth of a millisecond `<0.1 ms`. */
  duration: (ms: number) => string;
  /** `14:03`, in the reader's own time zone. */
  clock: (epochMs: number) => string;
  /** `a, b, and c` */
  list: (items: readonly string[]) => string;
}

/** The forms of one language. Making them is dear, using them is cheap: make them once. */
export function quantitiesIn(language: Language): Quantities {
  const integer = new Intl.NumberFormat(language);
  const upToThree = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumSignificantDigits: 2 });
  const wholePercent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });
  const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const list = new Intl.ListFormat(language, { type: 'conjunction' });
  const pluralRules = new Intl.PluralRules(language);
  return {
    count: (value) => integer.format(value),
    plural: (count, forms) =>
      (pluralRules.select(count) === 'one' ? forms.one : forms.other).replace('#', integer.format(count)),
    share(share) {
      if (share > 0 && share < 0.001) return `<${percent.format(0.001)}`;
      return share < 0.1 ? percent.format(share) : wholePercent.format(share);
    },
    duration(ms) {
      if (ms > 0 && ms < 0.1) return `<${integer.format(0.1)} ms`;
      if (ms < 10) return `${integer.format(Math.round(ms * 10) / 10)} ms`;
      if (ms < 999.5) return `${Math.round(ms)} ms`;
      if (ms < 59_950) return `${upToThree.format(ms / 1000)} s`;
      const seconds = Math.round(ms / 1000);
      return `${integer.format(Math.floor(seconds / 60))} min ${seconds % 60} s`;
    },
    clock: (epochMs) => clock.format(epochMs),
    list: (items) => list.format(items),
  };
}
