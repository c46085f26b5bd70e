// What a step that is written down has come to, as seen from outside: one call of a function and one read after it, or more.

export interface Upload {
  readonly shape: number[];
  readonly dtype: number;
  readonly values: Float32Array | Int32Array | Uint8Array;
}

export interface Feed {
  readonly values: Float32Array;
  readonly again: () => Float32Array;
}

export interface CapturedStep {
  /** Of the function. */
  readonly name: string;
  /** What the function was given: tensors of the addon's own. */
  readonly given: readonly number[];
  /** Those of them that JavaScript made in this step. */
  readonly uploads: ReadonlyMap<number, Upload>;
  /** In their order. */
  readonly feeds: readonly Feed[];
  /** What the function gave, by the numbers that the step knew the tensors by; `read` is the place of the one that was read. */
  readonly outputs: readonly number[];
  readonly read: number;
}

export interface StepTrace {
  upload(id: number, upload: Upload): void;
  feed(feed: Feed): void;
  call(call: Pick<CapturedStep, 'name' | 'given' | 'outputs'>): void;
  /** Of the tensor `id`, as the step knows it. */
  read(id: number): void;
  /** Something that a call of the function would not do. */
  doMore(): void;
  /** Null when the step was anything else than one call and one read of what it gave. */
  step(): CapturedStep | null;
}

export function createStepTrace(): StepTrace {
  const uploads = new Map<number, Upload>();
  const feeds: Feed[] = [];
  let called: Pick<CapturedStep, 'name' | 'given' | 'outputs'> | null = null;
  let wasRead: number | null = null;
  let isMore = false;
  return {
    upload: (id, upload) => void uploads.set(id, upload),
    feed: (feed) => void feeds.push(feed),
    call(call) {
      isMore ||= called !== null || wasRead !== null;
      called = call;
    },
    read(id) {
      isMore ||= wasRead !== null;
      wasRead = id;
    },
    doMore: () => void (isMore = true),
    step() {
      if (isMore || !called || wasRead === null) return null;
      const read = called.outputs.indexOf(wasRead);
      return read < 0 ? null : { ...called, uploads, feeds, read };
    },
  };
}
