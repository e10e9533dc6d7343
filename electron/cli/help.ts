export const HELP = `patchbay <command> [--json] [--data-dir DIR]

  serve [--port N] [--open]      run the hub here and serve the UI; prints its address
        [--watchdog]             start it again when it dies
        [--log stderr|stdout|json|syslog[:SOCKET]] [--log-level debug|info|warn|error]
  desktop                        open the desktop app; without an Electron runtime or a display: serve
  demo [--once]                  the whole main job in a throwaway home
  status                         is a hub running, and what does it serve

  clients                        the AI clients found, their config files and servers
  plan [--client ID…]            what a migration would change; writes nothing
        [--mode per-server|merged] [--transport shim|http] [--projects] [--remotes] [--rewrite-rules]
        [--move-secrets all|NAME…]
  migrate …the same… --yes       route the servers of these clients through the hub
        [--no-restart] [--no-witness] [--report FILE.html|.json] [--slower-percent N] [--slower-ms N]
  verify [--client ID…]          compare the tools again, direct and through the hub
        [--report FILE] [--slower-percent N] [--slower-ms N]
  rollback [--client ID… | --migration ID | --all] [--dry-run]
                                 put the config files back
  history                        migrations so far
  configs [list [PATH]]          every version of the config files that was seen, and who made it
  configs diff ID [ID]           compare two, or one with the file as it is now
  configs restore ID [file|servers] [--dry-run] --yes
  guardian [list]                what happened to routed entries since
  guardian merge|remove ID [--dry-run] --yes · accept ID
  uninstall [--dry-run] [--keep-data] --yes   put everything back, then remove Patchbay

  servers [list]                 the catalog, with states
  servers add NAME [--env K=V…] [--cwd DIR] -- COMMAND ARGS…
  servers remove|enable|disable|restart NAME
  servers import FILE|- [--dry-run]   add the servers of another program's file
  servers set NAME FIELD=VALUE…  isolation=session|client|user|shared warm=N copies=N concurrency=N
                                 timeout=30s startTimeout=1m idleTimeout=10m memoryLimit=512mb holdChangedTools=true; FIELD= for our default
  servers tools NAME             what a server offers right now: tools, prompts, resources;
                                 and which tools are not as accepted: --accept agrees to that
  servers login NAME [--open]    log in at a remote server through the browser; logout NAME forgets it
  sessions [list]                clients that are connected
  sessions end ID                end one; its client may come back
  sharing                        what sharing servers would save, and what speaks for or against it
  sharing try|take-back|keep S   share server S on trial; take that back, or keep it
  secrets [list]                 names of what \${secret:NAME} stands for
  secrets set NAME               the value is read from standard input, never from the command line
  secrets remove NAME
  logs [--follow] [--filter Q] [--saved NAME] [--limit N]
        [--export har|jsonl|csv|otlp --out FILE]   the exchanges as a file
        [--send-spans URL]         to an OpenTelemetry collector; its headers come from OTEL_EXPORTER_OTLP_HEADERS
  logs --open FILE [--filter Q]  look into an exported HAR or JSONL file; needs no hub
  filters [list]                 saved filters; filters save NAME FILTER · filters remove NAME
  stats [--filter Q] [--saved NAME] [--since 1h]
  replay ID [--params JSON|@FILE]   send a recorded request again, in a conversation of its own; the id is in logs --json
  alerts [list]                  what holds now, and what was resolved lately
  alerts rules · remove ID       the rules; none is there unless somebody adds it
  alerts add slow-calls|failing-calls|server-down|ID [FIELD=VALUE…]
                                 kind=p99|error-rate|server-down server=NAME tool=NAME threshold=2s|20% for=5m
                                 min-calls=N name=TEXT enabled=true|false; the same id again changes the rule
  alerts prometheus              the rules as a rule file for Prometheus

Client ids: claude-desktop, claude-code. With --json exactly one JSON document is written (with --follow one per line).
Exit codes: 0 ok, 1 failed, 2 usage, 3 refused for safety.
`;
