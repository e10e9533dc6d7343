import { useResource } from '../../lib/hub-context.tsx';
import { THEME_CHOICES, useTheme } from '../../lib/theme.ts';
import { messages } from '../../messages/messages.ts';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Screen, ScrollingBody } from '../../ui/screen.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { AboutHub } from './about-hub.tsx';
import { RecordingForm } from './recording-form.tsx';
import { SettingsSection } from './settings-section.tsx';

const text = messages.settings;
const THEMES = THEME_CHOICES.map((value) => ({ value, label: messages.theme[value] }));

/** What is recorded and for how long, the look of this window, and facts about the hub. */
export function SettingsScreen() {
  const { data: settings, error } = useResource('settings');
  const { choice, choose } = useTheme();
  return (
    <Screen title={text.title}>
      <ScrollingBody label={text.title}>
        <SettingsSection title={text.recording}>
          {error && <ErrorNotice error={error} />}
          {!settings && !error && <Spinner label={messages.common.loading} />}
          {/* A change made elsewhere starts the form over with the new values. */}
          {settings && <RecordingForm key={JSON.stringify(settings)} settings={settings} />}
        </SettingsSection>
        <SettingsSection title={text.appearance}>
          <Segmented label={messages.theme.label} options={THEMES} value={choice} onChange={choose} />
        </SettingsSection>
        <SettingsSection title={text.about}>
          <AboutHub />
        </SettingsSection>
      </ScrollingBody>
    </Screen>
  );
}
