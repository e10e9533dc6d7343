/** Something a server did wrong, as a phrase that follows "The server": `ended with exit code 1`. */
export class ServerFault extends Error {
  constructor(phrase: string) {
    super(phrase);
    this.name = 'ServerFault';
  }
}

/** A server answered a request with a JSON-RPC error. */
export class RpcFault extends ServerFault {
  readonly code: number;

  constructor(method: string, { code, message }: { code: number; message: string }) {
    super(`answered ${method} with error ${code}: ${message}`);
    this.name = 'RpcFault';
    this.code = code;
  }
}
