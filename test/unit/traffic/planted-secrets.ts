/**
 * Secrets as they turn up in MCP traffic, each with the text that must never be seen again. They are put together at
 * run time so that no scanner takes this file for a leak.
 */
export interface PlantedSecret {
  name: string;
  /** Members of `params.arguments`, or of a result. */
  payload: unknown;
  secret: string;
}

const join = (...parts: string[]): string => parts.join('');
const random = 'aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3z';
const digits = '1234567890';

const jwt = join('eyJ', 'hbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxMjM0In0.', random);
const pem = join(
  '-----BEGIN ',
  'RSA PRIVATE',
  ' KEY-----\nMIIEow',
  random,
  '\n',
  random,
  '\n-----END RSA PRIVATE',
  ' KEY-----',
);

export const plantedSecrets: readonly PlantedSecret[] = [
  // By the key above the value.
  { name: 'password', payload: { password: 'hunter2-p1' }, secret: 'hunter2-p1' },
  {
    name: 'Authorization header',
    payload: { headers: { Authorization: 'Custom abc-p2 def' } },
    secret: 'abc-p2',
  },
  { name: 'api_key', payload: { api_key: 'plain-p3' }, secret: 'plain-p3' },
  { name: 'apiKey', payload: { config: { apiKey: 'plain-p4' } }, secret: 'plain-p4' },
  { name: 'X-API-Key', payload: { 'X-API-Key': 'plain-p5' }, secret: 'plain-p5' },
  { name: 'access_token', payload: { access_token: 'plain-p6' }, secret: 'plain-p6' },
  { name: 'clientSecret', payload: { clientSecret: 'plain-p7' }, secret: 'plain-p7' },
  { name: 'cookie', payload: { Cookie: 'sid=plain-p8; other=1' }, secret: 'plain-p8' },
  { name: 'private_key', payload: { private_key: 'plain-p9' }, secret: 'plain-p9' },
  {
    name: 'environment variable',
    payload: { env: { AWS_SECRET_ACCESS_KEY: 'plain-p10/x+y' } },
    secret: 'plain-p10',
  },
  { name: 'numeric pin', payload: { pin: 774_411 }, secret: '774411' },
  {
    name: 'array below a secret key',
    payload: { passwords: ['plain-p11', { a: 'plain-p11b' }] },
    secret: 'plain-p11',
  },
  {
    name: 'object below a secret key',
    payload: { credentials: { user: 'u', value: 'plain-p12' } },
    secret: 'plain-p12',
  },
  {
    name: 'escaped key',
    payload: JSON.parse(String.raw`{"pass\u0077ord":"plain-p13"}`),
    secret: 'plain-p13',
  },
  {
    name: 'name and value',
    payload: { env: [{ name: 'GITHUB_TOKEN', value: 'plain-p14' }] },
    secret: 'plain-p14',
  },
  {
    name: 'value and name',
    payload: { env: [{ value: 'plain-p15', name: 'DB_PASSWORD' }] },
    secret: 'plain-p15',
  },
  { name: 'argument list', payload: { args: ['run', '--api-key', 'plain-p16', '--x'] }, secret: 'plain-p16' },
  { name: 'argument with =', payload: { args: ['--token=plain-p17'] }, secret: 'plain-p17' },
  // In text.
  { name: 'Bearer', payload: { text: `use Bearer ${random}p18 now` }, secret: `${random}p18` },
  { name: 'Basic', payload: { text: 'Basic dXNlcjpwYXNzd29yZDE5' }, secret: 'dXNlcjpwYXNzd29yZDE5' },
  { name: 'OpenAI', payload: { text: join('sk-', 'proj-', random, 'p20') }, secret: `${random}p20` },
  {
    name: 'Anthropic',
    payload: { text: `key ${join('sk-', 'ant-api03-', random, 'p21')}.` },
    secret: `${random}p21`,
  },
  { name: 'GitHub', payload: { text: join('ghp', '_', random, 'p22') }, secret: `${random}p22` },
  {
    name: 'GitHub fine-grained',
    payload: { text: join('github', '_pat_', random, 'p23') },
    secret: `${random}p23`,
  },
  { name: 'GitLab', payload: { text: join('glp', 'at-', random, 'p24') }, secret: `${random}p24` },
  { name: 'Slack', payload: { text: join('xox', 'b-', digits, '-', random, 'p25') }, secret: `${random}p25` },
  {
    name: 'AWS access key',
    payload: { text: join('AK', 'IA', 'IOSFODNN7EXAMPLE') },
    secret: 'IOSFODNN7EXAMPLE',
  },
  { name: 'Google', payload: { text: join('AI', 'za', random, 'p27') }, secret: `${random}p27` },
  { name: 'Stripe', payload: { text: join('sk', '_live_', random, 'p28') }, secret: `${random}p28` },
  { name: 'npm', payload: { text: join('npm', '_', random, 'p29') }, secret: `${random}p29` },
  { name: 'Hugging Face', payload: { text: join('hf', '_', random, 'p30') }, secret: `${random}p30` },
  { name: 'Telegram', payload: { text: `${digits.slice(0, 9)}:${random}Q` }, secret: `${random}Q` },
  { name: 'JWT', payload: { text: `token is ${jwt}` }, secret: jwt.slice(-20) },
  { name: 'PEM key', payload: { text: `a ${pem} b` }, secret: 'MIIEow' },
  {
    name: 'Slack webhook',
    payload: { text: join('https://hooks.slack', '.com/services/T0/B0/', random) },
    secret: random,
  },
  {
    name: 'password in an address',
    payload: { url: 'postgres://app:p@ss-p36@db.local/x' },
    secret: 'ss-p36',
  },
  {
    name: 'token in an address',
    payload: { url: 'https://x.test/a?b=1&access_token=plain-p37&c=2' },
    secret: 'plain-p37',
  },
  {
    name: 'key in an address',
    payload: { url: 'https://x.test/a?key=plain-p38-long' },
    secret: 'plain-p38-long',
  },
  {
    name: 'signature in an address',
    payload: { url: 'https://x.test/a?sig=plain%2Fp39' },
    secret: 'plain%2Fp39',
  },
  { name: 'assignment', payload: { text: 'export DB_PASSWORD=plain-p40' }, secret: 'plain-p40' },
  { name: 'quoted assignment', payload: { text: `password: "plain p41 words" end` }, secret: 'p41 words' },
  {
    name: 'header line',
    payload: { text: 'GET /\nAuthorization: Digest plain-p42 x="plain-p42b"\nHost: a' },
    secret: 'plain-p42',
  },
  { name: 'Set-Cookie line', payload: { text: 'Set-Cookie: sid="plain-p43"; Path=/' }, secret: 'plain-p43' },
  { name: 'command line', payload: { text: 'curl --password plain-p44 https://x' }, secret: 'plain-p44' },
  {
    name: 'JSON in text',
    payload: { text: JSON.stringify({ db: { password: 'plain "p45" x' } }) },
    secret: 'p45',
  },
  {
    name: 'JSON in JSON in text',
    payload: { text: JSON.stringify({ body: JSON.stringify({ token: 'plain-p46' }) }) },
    secret: 'plain-p46',
  },
  {
    name: 'JSON after words',
    payload: { text: `Got: ${JSON.stringify({ secret: 'plain-p47' })}` },
    secret: 'plain-p47',
  },
  {
    name: 'escaped JSON after words',
    payload: { text: `Got: ${JSON.stringify(JSON.stringify({ secret: 'plain-p48' }))}` },
    secret: 'plain-p48',
  },
  { name: 'token as a key', payload: { [join('ghp', '_', random, 'p49')]: 1 }, secret: `${random}p49` },
  { name: 'YAML', payload: { text: 'db:\n  user: me\n  password: plain-p50\n' }, secret: 'plain-p50' },
];
