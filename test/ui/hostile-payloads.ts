/** What every payload that could run would do: the tests look for it. */
const DEED = `document.title='owned'`;

/** Markup, links and scripts, each of which must show as the characters it is made of. */
const ACTIVE = [
  `<script>${DEED}</script>`,
  `<img src=x onerror="${DEED}">`,
  `<svg onload="${DEED}"><circle r="9"/></svg>`,
  `<svg><script>${DEED}</script></svg>`,
  `<svg><foreignObject><iframe srcdoc="<script>parent.${DEED}</script>"></iframe></foreignObject></svg>`,
  `<iframe src="javascript:parent.${DEED}"></iframe>`,
  `<object data="javascript:${DEED}"></object>`,
  `<embed src="javascript:${DEED}">`,
  `<a href="javascript:${DEED}">click me</a>`,
  `<a href="JaVaScRiPt:${DEED}">click me</a>`,
  `<a href="data:text/html,<script>${DEED}</script>">click me</a>`,
  `<form action="http://127.0.0.1:9/"><button formaction="javascript:${DEED}">Approve</button></form>`,
  `<details open ontoggle="${DEED}">x</details>`,
  `<input autofocus onfocus="${DEED}">`,
  `<video><source onerror="${DEED}"></video>`,
  `<marquee onstart="${DEED}">x</marquee>`,
  `<math><mtext><script>${DEED}</script></mtext></math>`,
  `<base href="http://127.0.0.1:9/">`,
  `<meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/">`,
  `<link rel="stylesheet" href="http://127.0.0.1:9/x.css">`,
  `<style>*{display:none!important}</style>`,
  `<template><script>${DEED}</script></template>`,
  `<noscript><p title="</noscript><img src=x onerror=${DEED}>"></noscript>`,
  `"><img src=x onerror=${DEED}>`,
  `' onmouseover='${DEED}' x='`,
  `\` onmouseover=\`${DEED}\``,
  `javascript:${DEED}`,
  `[click me](javascript:${DEED})`,
  `![x](http://127.0.0.1:9/beacon.png)`,
  `{{constructor.constructor("${DEED}")()}}`,
  `\${globalThis.${DEED}}`,
  `{"$$typeof":"Symbol(react.element)","type":"img","props":{"src":"x","onError":"${DEED}"}}`,
  `{"dangerouslySetInnerHTML":{"__html":"<img src=x onerror=${DEED}>"}}`,
  `{"__proto__":{"owned":true},"constructor":{"prototype":{"owned":true}}}`,
  `<!--><img src=x onerror=${DEED}>-->`,
  `<![CDATA[<script>${DEED}</script>]]>`,
  `&lt;script&gt;${DEED}&lt;/script&gt;`,
  `&#60;script&#62;${DEED}&#60;/script&#62;`,
  `<plaintext>`,
  `</textarea></pre></title></style></script><script>${DEED}</script>`,
];

/** Characters that lie about the text around them, or that a display may choke on. */
const ODD = [
  '\u202Egnp.exe\u202C',
  '\u2066\u202Etxt.exe\u2069',
  '\u200B\u200C\u200D\u2060\uFEFF',
  '\u001B[31mred\u001B[0m',
  '\u001B]8;;http://127.0.0.1:9/\u0007link\u001B]8;;\u0007',
  '\u001B]52;c;b3duZWQ=\u0007',
  '\u001B[2J\u001B[H',
  '\u0000\u0001\u0008\u007F',
  '\u0085\u009B31m',
  'line\r\nbreak\rreturn\u2028separator\u2029paragraph',
  '\ttab\t\u000Bvertical\fform',
  'Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307'.repeat(40),
  '\uD800 half a pair \uDFFF',
  '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}\u200D\u{1F466}'.repeat(30),
  '\uFDFD'.repeat(80),
  'аdmin (Cyrillic а)',
  '%s%n%x%d'.repeat(50),
  '=HYPERLINK("http://127.0.0.1:9/","x")',
  'file:///etc/passwd',
  '\\\\127.0.0.1\\share\\x',
  '../../../../etc/passwd',
  'W'.repeat(5_000),
  '\u{E0041}\u{E0042}\u{E0043}',
];

/** Where a payload stands in a text. */
const AROUND: readonly ((payload: string) => string)[] = [
  (payload) => payload,
  (payload) => `before ${payload} after`,
  (payload) => `${payload}${payload}`,
  (payload) => `# ${payload}\n\n- ${payload}`,
  (payload) => JSON.stringify({ [payload]: [payload] }),
  (payload) => `\u202E${payload}`,
  (payload) => encodeURIComponent(payload.replaceAll(/\p{Surrogate}/gu, '?')),
  (payload) => `${'x'.repeat(300)}${payload}`,
];

/** At least 500 different texts, the same ones each time. */
export const HOSTILE_TEXTS: readonly string[] = [
  ...new Set([...ACTIVE, ...ODD].flatMap((payload) => AROUND.map((around) => around(payload)))),
];
