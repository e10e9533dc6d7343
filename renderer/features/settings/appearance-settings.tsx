import { LANGUAGES } from '../../../shared/language/language.ts';
import { chooseLanguage, chosenLanguage } from '../../lib/language.ts';
import { THEME_CHOICES, useTheme } from '../../lib/theme.ts';
import { messages } from '../../messages/messages.ts';
import { Segmented } from '../../ui/segmented.tsx';

const text = messages.settings;
const THEMES = THEME_CHOICES.map((value) => ({ value, label: messages.theme[value] }));
const SYSTEM = 'system';
/** A language is named in itself: whoever landed in a wrong one must be able to find the own one. */
const CHOICES = [
  { value: SYSTEM, label: text.languages.system },
  ...LANGUAGES.map((value) => ({ value, label: text.languages[value] })),
];

/** The look and the language of this window; kept by the browser or the app, not by the hub. */
export function AppearanceSettings() {
  const { choice, choose } = useTheme();
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <span aria-hidden="true" className="w-24 text-muted">
          {messages.theme.label}
        </span>
        <Segmented label={messages.theme.label} options={THEMES} value={choice} onChange={choose} />
      </div>
      <div>
        <div className="flex flex-wrap items-center gap-3">
          <span aria-hidden="true" className="w-24 text-muted">
            {text.language}
          </span>
          <Segmented
            label={text.language}
            options={CHOICES}
            value={chosenLanguage() ?? SYSTEM}
            onChange={(value) => chooseLanguage(LANGUAGES.find((language) => language === value) ?? null)}
          />
        </div>
        <p className="mt-1 text-xs text-muted">{text.languageHint}</p>
      </div>
    </div>
  );
}
