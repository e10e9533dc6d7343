/** One tool as a server described it, byte for byte. */
export interface ListedTool {
  key: string;
  bytes: Buffer;
}

/** Told by every route what servers say of their tools. None of it throws. */
export interface ToolObserver {
  /**
   * A whole list of this server has come. `audience` is JSON text of the capabilities that the server was told: some
   * servers offer more to clients that can do more. The bytes are kept until they were compared.
   */
  listed(server: string, audience: string, tools: readonly ListedTool[]): void;
  /** Whether clients are not to see this definition until a person has accepted it. */
  isHeld(server: string, tool: ListedTool): boolean;
  /** Why a call of this tool is not passed on; null where it is. */
  refusal(server: string, tool: string): string | null;
}

/** Watches nothing. */
export const NO_OBSERVER: ToolObserver = {
  listed() {},
  isHeld: () => false,
  refusal: () => null,
};
