import type { DesktopBridge } from '../../../shared/contract/desktop-bridge.ts';
import type { DesktopChoices } from '../../../shared/model/desktop.ts';
import { messages } from '../../messages/messages.ts';
import { Checkbox } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { UpdateStatus } from './update-status.tsx';
import { useDesktop } from './use-desktop.ts';

const text = messages.desktopSettings;
const NOTIFICATIONS = ['alerts', 'serverFailures', 'guardian', 'toolChanges'] as const;

/** What the desktop app does on its own: login, window, notifications, updates. */
export function DesktopSettings({ bridge }: { bridge: DesktopBridge }) {
  const { state, problem, ask } = useDesktop(bridge);
  if (!state) return problem ? <Problem>{problem}</Problem> : <Spinner label={messages.common.loading} />;
  const { choices, update } = state;
  const choose = (change: Partial<DesktopChoices>): void => void ask((app) => app.choose(change));
  return (
    <div className="flex flex-col gap-4">
      <Choice
        id="launch-at-login"
        checked={choices.launchAtLogin === true}
        disabled={choices.launchAtLogin === null}
        label={text.launchAtLogin}
        hint={choices.launchAtLogin === null ? text.launchAtLoginUnknown : text.launchAtLoginHint}
        onChange={(launchAtLogin) => choose({ launchAtLogin })}
      />
      <Choice
        id="close-to-tray"
        checked={choices.closeToTray}
        label={text.closeToTray}
        hint={choices.closeToTray ? text.closeToTrayOn : text.closeToTrayOff}
        onChange={(closeToTray) => choose({ closeToTray })}
      />
      <fieldset className="flex flex-col gap-1.5">
        <legend className="mb-1 font-medium">{text.notifications}</legend>
        {NOTIFICATIONS.map((name) => (
          <Checkbox
            key={name}
            checked={choices.notify[name]}
            onChange={({ target }) => choose({ notify: { ...choices.notify, [name]: target.checked } })}
          >
            {text.notify[name]}
          </Checkbox>
        ))}
      </fieldset>
      <Choice
        id="check-for-updates"
        checked={choices.checkForUpdates}
        disabled={update.phase === 'unsupported'}
        label={text.checkForUpdates}
        hint={text.checkForUpdatesHint}
        onChange={(checkForUpdates) => choose({ checkForUpdates })}
      />
      <UpdateStatus update={update} ask={ask} />
      {problem && <Problem>{problem}</Problem>}
    </div>
  );
}

const Problem = ({ children }: { children: string }) => (
  <Notice tone="danger">
    <SafeText text={children} />
  </Notice>
);

interface ChoiceProps {
  id: string;
  checked: boolean;
  disabled?: boolean;
  label: string;
  hint: string;
  onChange(checked: boolean): void;
}

function Choice({ id, checked, disabled = false, label, hint, onChange }: ChoiceProps) {
  return (
    <div>
      <Checkbox
        checked={checked}
        disabled={disabled}
        onChange={({ target }) => onChange(target.checked)}
        aria-describedby={`${id}-hint`}
      >
        <span className="font-medium">{label}</span>
      </Checkbox>
      <p id={`${id}-hint`} className="pl-5.5 text-xs text-muted">
        {hint}
      </p>
    </div>
  );
}
