// Big bytes by key: what a GET under `/data/` answers with, whichever host asks. The paths are those that `keys` in
// the contract makes; anything else is null, never a file.

/** Bytes with what a host must say about them. */
export interface Resource {
  readonly type: string;
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
  /** Set for what is to be saved, not shown. */
  readonly fileName?: string;
  /** True when the same key will always give the same bytes. */
  readonly immutable: boolean;
}

/** Throws UserError when the thing named cannot be read or made. */
export type ReadResource = (path: string, query: URLSearchParams) => Promise<Resource | null>;
