// What the suite starts as its client: `node relay-client.mjs <url of its server>`. It asks the test to play the
// scenario, which has loaded all it takes once, and ends as that went.
const {
  MCP_CONFORMANCE_SCENARIO,
  MCP_CONFORMANCE_PROTOCOL_VERSION,
  MCP_CONFORMANCE_CONTEXT,
  PATCHBAY_DRIVER,
} = process.env;

const response = await fetch(PATCHBAY_DRIVER ?? '', {
  method: 'POST',
  body: JSON.stringify({
    url: process.argv[2],
    scenario: MCP_CONFORMANCE_SCENARIO,
    version: MCP_CONFORMANCE_PROTOCOL_VERSION,
    context: JSON.parse(MCP_CONFORMANCE_CONTEXT ?? '{}'),
  }),
});
if (!response.ok) {
  process.stderr.write(`${await response.text()}\n`);
  process.exitCode = 1;
}
