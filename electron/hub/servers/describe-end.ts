/** How a process ended, to stand after "The server": `exited with code 1`, `was ended by SIGKILL`. */
export const describeEnd = ({ code, signal }: { code: number | null; signal: string | null }): string =>
  signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
