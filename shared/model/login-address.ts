/** The parts of a parsed address that decide; every `URL` has them. */
export interface AddressParts {
  /** With its colon, as `URL` gives it. */
  protocol: string;
  hostname: string;
  username: string;
  password: string;
}

/** Whether a host name, as a parsed `URL` gives it, always means the machine one is on. */
export const isLoopbackHost = (hostname: string): boolean =>
  /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);

/**
 * Whether a person may be sent there to log in: `https:`, or `http:` of this machine. A remote server has named the
 * address, and `file:` and its like start programs where they are opened (E37); a name before an @ is there to look
 * like another site.
 */
export const isLoginAddress = ({ protocol, hostname, username, password }: AddressParts): boolean =>
  username === '' &&
  password === '' &&
  (protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname)));
