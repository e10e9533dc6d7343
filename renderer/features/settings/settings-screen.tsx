import { useResource } from '../../lib/hub-context.tsx';
import { messages } from '../../messages/messages.ts';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Screen, ScrollingBody } from '../../ui/screen.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { AboutHub } from './about-hub.tsx';
import { AppearanceSettings } from './appearance-settings.tsx';
import { DesktopSettings } from './desktop-settings.tsx';
import { RecordingForm } from './recording-form.tsx';
import { SettingsSection } from './settings-section.tsx';

const text = messages.settings;

/** What is recorded and for how long, the look of this window, the desktop app, and facts about the hub. */
export function SettingsScreen() {
  const { data: settings, error } = useResource('settings');
  const { patchbay: desktop } = window;
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
          <AppearanceSettings />
        </SettingsSection>
        {desktop && (
          <SettingsSection title={messages.desktopSettings.title}>
            <DesktopSettings bridge={desktop} />
          </SettingsSection>
        )}
        <SettingsSection title={text.about}>
          <AboutHub />
        </SettingsSection>
      </ScrollingBody>
    </Screen>
  );
}
