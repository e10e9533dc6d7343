import { HINT, hintsIn, isHarmless } from './redaction-hints.ts';
import { isSecretName } from './redaction-keys.ts';

/** What stands in place of a secret. */
export const REDACTED = '[redacted]';

export interface Redacted {
  text: string;
  /** How many secrets were taken out. */
  redactions: number;
}

interface SecretPattern {
  pattern: RegExp;
  /** Number of the group that is the secret; without it the whole match is. */
  group?: number;
  /** Without it in a text the pattern cannot match. */
  hint: number;
}

/*
 * Every repetition is bounded or follows a fixed beginning, so no text makes these slow. `\\*["']` lets them work on
 * JSON inside JSON, where quotes come with backslashes.
 */
const SECRETS: readonly SecretPattern[] = [
  {
    pattern:
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
    hint: HINT.privateKey,
  },
  // Header lines: all of the value is secret, whatever the scheme; without quotes that is the rest of the line.
  {
    pattern:
      /\b(?:authorization|cookie|x-api-key)\\*["']?[ \t]{0,3}[:=][ \t]{0,3}\\*["']([^\r\n"'\\]{1,8192})/gi,
    group: 1,
    hint: HINT.header,
  },
  {
    pattern:
      /\b(?:authorization|cookie|x-api-key)\\*["']?[ \t]{0,3}[:=][ \t]{0,3}([^\s"'\\[][^\r\n]{0,8192})/gi,
    group: 1,
    hint: HINT.header,
  },
  { pattern: /\bBearer[ \t]{1,3}([A-Za-z0-9._~+/=-]{6,})/gi, group: 1, hint: HINT.bearer },
  {
    pattern: /\bBasic[ \t]{1,3}(?=[A-Za-z0-9+/_-]{0,512}?(?:[0-9=]|[a-z][A-Z]))([A-Za-z0-9+/=_-]{8,})/g,
    group: 1,
    hint: HINT.basic,
  },
  // JSON web tokens, signed and encrypted.
  { pattern: /\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{2,}(?:\.[A-Za-z0-9_-]*){0,3}/g, hint: HINT.webToken },
  // Keys that say by their beginning whose they are.
  {
    pattern:
      /\b(?:sk-|[rsp]k_(?:live|test)_|whsec_|gh[opusr]_|github_pat_|glpat-|gldt-|glrt-|xox[a-z]-|xapp-|ya29\.|GOCSPX-|npm_|pypi-|hf_|gsk_|pplx-|r8_|dop_v1_|doo_v1_|shp(?:at|ss|ca|pa)_|lin_api_|ntn_|figd_|ATATT3|dapi|xai-|sbp_|tvly-|nvapi-|AGE-SECRET-KEY-1|AIza|dckr_pat_|PMAK-|SG\.)[A-Za-z0-9_.=/+-]{12,}/g,
    hint: HINT.prefix,
  },
  { pattern: /\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}/g, hint: HINT.aws },
  // Telegram bots.
  { pattern: /\b\d{8,10}:[A-Za-z0-9_-]{35}\b/g, hint: HINT.telegram },
  {
    pattern: /https:\/\/hooks\.slack\.com\/(?:services|workflows)\/([A-Za-z0-9/_-]+)/g,
    group: 1,
    hint: HINT.slack,
  },
  {
    pattern: /https:\/\/(?:\w{1,20}\.)?discord(?:app)?\.com\/api\/webhooks\/([A-Za-z0-9/_-]+)/g,
    group: 1,
    hint: HINT.discord,
  },
  // user:password@ in an address; a password may hold an @ of its own.
  { pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/([^\s/?#"'<>\\]{1,512})@/gi, group: 1, hint: HINT.address },
  {
    pattern:
      /[?&;](?:key|sig|signature|code|x-amz-signature|x-amz-credential|x-goog-signature)=([^&\s"'#<>\\]{6,2048})/gi,
    group: 1,
    hint: HINT.query,
  },
];

/** Takes secrets out of plain text, by pattern and by the name before a value. */
export function redactText(text: string): Redacted {
  // Nothing shorter is a secret that a pattern could tell from a word.
  if (text.length < 6) return { text, redactions: 0 };
  const hints = hintsIn(text, 0, text.length);
  if (isHarmless(hints)) return { text, redactions: 0 };
  let redactions = 0;
  let result = text;
  for (const { pattern, group, hint } of SECRETS) {
    if ((hints & hint) === 0) continue;
    result = result.replace(pattern, (match: string, ...captures: unknown[]) => {
      const secret = group === undefined ? match : String(captures[group - 1]);
      if (secret.startsWith(REDACTED)) return match;
      redactions += 1;
      // The secret is the last thing a pattern captures: searching from the end cannot hit what is before it.
      const at = match.lastIndexOf(secret);
      return match.slice(0, at) + REDACTED + match.slice(at + secret.length);
    });
  }
  const named = redactNamed(result);
  return { text: named.text, redactions: redactions + named.redactions };
}

/** `NAME=`, `name: "`, `--name `: a name and what stands between it and its value. */
const NAMED =
  /(?<![A-Za-z0-9_.-])(?:([A-Za-z_-][A-Za-z0-9_.-]{1,63})\\*["']?[ \t]{0,3}[:=][ \t]{0,3}(\\*["'])?|--?([A-Za-z][A-Za-z0-9-]{1,63})[ \t]{1,3}(["'])?)/g;

const MAX_VALUE = 8_192;
const AFTER_BARE = /[\s"'&,;<>\\]/;
const AFTER_QUOTED: Readonly<Record<string, RegExp>> = { '"': /[\r\n"]/, "'": /[\r\n']/ };

/** The name decides whether the value goes. Only the name is consumed, so `url=…?token=…` is looked into. */
function redactNamed(text: string): Redacted {
  let result = '';
  let done = 0;
  let redactions = 0;
  for (const match of text.matchAll(NAMED)) {
    if (match.index < done) continue;
    const name = match[1] ?? match[3] ?? '';
    if (!isSecretName(name)) continue;
    const start = match.index + match[0].length;
    const end = valueEnd(text, start, (match[2] ?? match[4])?.at(-1));
    if (end === start || text.startsWith(REDACTED.slice(0, -1), start)) continue;
    result += text.slice(done, start) + REDACTED;
    done = end;
    redactions += 1;
  }
  return { text: result + text.slice(done), redactions };
}

function valueEnd(text: string, start: number, quote: string | undefined): number {
  const limit = Math.min(text.length, start + MAX_VALUE);
  const stops = quote === undefined ? AFTER_BARE : AFTER_QUOTED[quote]!;
  let end = start;
  while (end < limit && !stops.test(text[end]!)) end += 1;
  while (quote !== undefined && end > start && text[end - 1] === '\\') end -= 1;
  return end;
}
