import { plural } from '../../lib/format.ts';
import type { serverSettingsMessages as english } from '../en/server-settings.ts';
import type { MessagesOf } from '../messages-of.ts';

/** Texts of a server's settings and of the import in German. */
export const serverSettingsMessages: MessagesOf<typeof english> = {
  form: 'Einstellungen dieses Servers',
  applies: 'Laufende Sitzungen behalten, was sie haben; erst die nächsten erhalten das Neue.',
  sharing: 'Prozesse',
  limits: 'Grenzen',
  tools: 'Tools',
  holdChangedTools: 'Geänderte Tools zurückhalten',
  holdChangedToolsHint:
    'Clients sehen und rufen ein Tool nicht, dessen Definition nicht die angenommene ist, bis Sie sie annehmen. Neue Sitzungen laufen dafür über die eigenen Wege des Hubs. Aus: Sie werden benachrichtigt, und nichts wird zurückgehalten.',
  isolation: 'Isolation',
  isolationHint: 'Wer sich einen Prozess teilt.',
  isolations: {
    session: 'session: ein Prozess je Sitzung',
    client: 'client: einer je Client',
    user: 'user: einer je Benutzer',
    shared: 'shared: einer für alle',
  },
  default: (value) => `Standard (${value})`,
  none: 'keine',
  fields: {
    warm: 'Vorab gestartet',
    copies: 'Parallele Kopien',
    concurrency: 'Gleichzeitige Aufrufe',
    idleTimeout: 'Endet ungenutzt nach',
    timeout: 'Zeitlimit je Aufruf',
    startTimeout: 'Zeitlimit beim Start',
    memoryLimit: 'Speichergrenze',
  },
  hints: {
    warm: 'warm: Prozesse für die nächste Sitzung, 0 bis 8.',
    copies: 'copies: eines geteilten Prozesses, 1 bis 64.',
    concurrency: 'concurrency: an einen geteilten Prozess; weitere warten.',
    idleTimeout: 'idleTimeout: für einen geteilten Prozess, etwa 5m.',
    timeout: 'timeout: ohne ein Zeichen von Fortschritt, etwa 30s.',
    startTimeout: 'startTimeout: für Start und Handshake, etwa 1m.',
    memoryLimit: 'memoryLimit: darüber Warnung, Neustart bei Leerlauf. Etwa 512mb.',
  },
  problems: {
    warm: 'Eine ganze Zahl von 0 bis 8 angeben.',
    copies: 'Eine ganze Zahl von 1 bis 64 angeben.',
    concurrency: 'Eine ganze Zahl von 1 bis 1024 angeben.',
    idleTimeout: 'Eine Zeit wie 30s oder 5m angeben.',
    timeout: 'Eine Zeit wie 30s oder 5m angeben.',
    startTimeout: 'Eine Zeit wie 30s oder 5m angeben.',
    memoryLimit: 'Eine Größe wie 512mb oder 2gb angeben.',
    rename: 'Zwei Tools können nicht denselben Namen haben.',
  },
  allow: 'Nur zeigen',
  allowHint: 'Namen oder Muster mit *, eines je Zeile. Leer: alle.',
  deny: 'Verbergen',
  denyHint: 'Namen oder Muster mit *, eines je Zeile. Verbergen hat Vorrang.',
  seen: 'Gesehene Tools',
  seenColumns: { shown: 'Gezeigt', tool: 'Tool', rename: 'Gezeigt als' },
  seenFrom: {
    list: 'Aus der neuesten aufgezeichneten tools/list.',
    calls: 'Aus Aufrufen der letzten 7 Tage; keine tools/list wurde vollständig aufgezeichnet.',
  },
  noneSeen:
    'Noch keine Tools gesehen. Sie erscheinen hier, sobald ein Client diesen Server danach gefragt hat.',
  showTool: (tool) => `${tool} zeigen`,
  renameTool: (tool) => `${tool} zeigen als`,
  byPattern: 'durch ein Muster',
  permissions:
    'Clients kennen Tools unter dem gezeigten Namen: Regeln und Zulassungslisten mit dem alten Namen greifen nicht mehr.',
  save: 'Speichern',
  discard: 'Verwerfen',
  saved: 'Gespeichert',
  unchanged: 'Keine Änderungen',
  import: {
    open: 'Importieren',
    title: 'Server importieren',
    description:
      'Aus einer Konfigurationsdatei von Claude Desktop, Claude Code, Cursor, VS Code, Docker MCP, MetaMCP und anderen.',
    file: 'Datei',
    choose: 'Datei wählen…',
    orPaste: 'Oder einfügen',
    pasteHint: 'Der Text der Datei. Nichts wird hinzugefügt, bevor gezeigt wurde, was es wäre.',
    pasted: 'eingefügter Text',
    tooLarge: 'Diese Datei ist größer als 8 MB. Den Teil mit den Servern herausnehmen.',
    unreadable: (why) => `Die Datei ließ sich nicht lesen: ${why}`,
    preview: 'Vorschau zeigen',
    format: (format) => `Format: ${format}.`,
    summary: (added, known, passedOver) =>
      [
        plural(added, { one: '# Server käme hinzu', other: '# Server kämen hinzu' }),
        known > 0 && plural(known, { one: '# ist bereits im Katalog', other: '# sind bereits im Katalog' }),
        passedOver > 0 &&
          plural(passedOver, { one: '# Teil wurde übergangen', other: '# Teile wurden übergangen' }),
      ]
        .filter((part) => part !== false)
        .join(', '),
    table: 'Was hinzukäme',
    columns: { action: 'Aktion', name: 'Server', launch: 'Startet' },
    add: 'Hinzufügen',
    addOff: 'Deaktiviert hinzufügen',
    duplicate: 'Bekannt',
    as: (server) => `als ${server}`,
    sameAs: (server) => `gleich wie ${server}`,
    secrets: (count) =>
      plural(count, {
        one: '# Geheimnis stünde im Klartext im Katalog.',
        other: '# Geheimnisse stünden im Klartext im Katalog.',
      }),
    passedOver: 'Übergangen',
    confirm: (count) => plural(count, { one: '# Server importieren', other: '# Server importieren' }),
    nothing: 'Nichts zu importieren',
    back: 'Andere Datei',
  },
};
