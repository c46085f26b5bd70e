// Work that goes on beside training: encoding grids, writing checkpoints. At most so many pieces at once, so that slow
// work slows training down instead of filling the memory; a failure is thrown at the one who asks next.

export interface Background {
  /** Begins when there is a place. `before` resolves when everything begun earlier is done, for what must stay in order. */
  add(work: (before: Promise<void>) => Promise<void>): Promise<void>;
  /** Everything begun so far is done. Throws the first failure. */
  settled(): Promise<void>;
}

export function createBackground(limit: number): Background {
  const running: Promise<void>[] = [];
  let failure: { readonly problem: unknown } | null = null;
  const raise = (): void => {
    if (failure) throw failure.problem;
  };
  return {
    async add(work) {
      while (running.length >= limit) await running[0];
      raise();
      const done = work(Promise.all(running).then(() => undefined))
        .catch((problem: unknown) => void (failure ??= { problem }))
        .finally(() => running.splice(running.indexOf(done), 1));
      running.push(done);
    },
    async settled() {
      await Promise.all(running);
      raise();
    },
  };
}
