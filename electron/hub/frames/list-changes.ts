/** `tools`, `prompts`, `resources`: whose lists a server's answer to `initialize` promises news about. */
export function declaredListChanges(initializeAnswer: Buffer): string[] {
  try {
    const { result } = JSON.parse(initializeAnswer.toString('utf8')) as {
      result?: { capabilities?: Record<string, unknown> };
    };
    return ['tools', 'prompts', 'resources'].filter((kind) => {
      const capability = result?.capabilities?.[kind] as { listChanged?: unknown } | null | undefined;
      return capability?.listChanged === true;
    });
  } catch {
    return [];
  }
}

/** The frame that makes a client ask for a list again. */
export const listChangedFrame = (kind: string): Buffer =>
  Buffer.from(`{"jsonrpc":"2.0","method":"notifications/${kind}/list_changed"}`);
