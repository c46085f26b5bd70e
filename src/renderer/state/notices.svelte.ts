// Short messages that no place of their own on the page: what failed, what was done. Errors stay until closed.

import { translate } from '../text/services/translate.ts';

export interface Notice {
  readonly id: number;
  readonly kind: 'done' | 'problem' | 'working';
  readonly message: string;
  readonly action: NoticeAction | null;
  /** Of what is under way; null for all else. */
  readonly work: Work | null;
}

/** How far something is, and what ends it. */
export interface Work extends Advance {
  /** Null while it cannot be told. */
  readonly remainingMs: number | null;
  readonly cancel: () => void;
}

export interface Advance {
  /** From 0 to 1; null where nobody knows how much there is. */
  readonly share: number | null;
  /** In words and numbers, such as the bytes so far. */
  readonly detail: string;
}

/** What can still be done about it, and for how long. */
export interface NoticeAction {
  readonly label: string;
  readonly forMs: number;
  readonly act: () => void;
}

const DONE_MS = 5_000;
/** What is done sooner needs no message that it is under way. */
const QUICK_MS = 500;

export function describeProblem(problem: unknown): string {
  return translate(problem instanceof Error ? problem.message : String(problem));
}

export class Notices {
  #list = $state.raw<readonly Notice[]>([]);
  #nextId = 0;

  get list(): readonly Notice[] {
    return this.#list;
  }

  done(message: string, action: NoticeAction | null = null): void {
    const id = this.#add('done', message, action);
    setTimeout(() => this.close(id), action?.forMs ?? DONE_MS);
  }

  problem(problem: unknown): void {
    const message = describeProblem(problem);
    if (!this.#list.some((notice) => notice.message === message)) this.#add('problem', message, null);
  }

  close(id: number): void {
    this.#list = this.#list.filter((notice) => notice.id !== id);
  }

  /** Waits for what the user asked for; a failure becomes a notice. True when it went well. */
  async attempt(work: Promise<unknown>): Promise<boolean> {
    try {
      await work;
      return true;
    } catch (problem) {
      this.problem(problem);
      return false;
    }
  }

  /**
   * Does what takes a while: where that is longer than a blink, a message says how far it is and has the button that ends it. A
   * failure becomes a notice. Null when it was ended or failed.
   */
  async follow<Result>(
    message: string,
    work: (signal: AbortSignal, advance: (at: Advance) => void) => Promise<Result>,
  ): Promise<Result | null> {
    const abort = new AbortController();
    const startMs = Date.now();
    let at: Advance = { share: null, detail: '' };
    let shown: number | null = null;
    const state = (): Work => ({ ...at, remainingMs: remaining(at.share, startMs), cancel: () => abort.abort() });
    const timer = setTimeout(() => (shown = this.#add('working', message, null, state())), QUICK_MS);
    try {
      const result = work(abort.signal, (now) => {
        at = now;
        if (shown !== null) this.#list = this.#list.map((one) => (one.id === shown ? { ...one, work: state() } : one));
      });
      return await Promise.race([result, whenAborted(abort.signal)]);
    } catch (problem) {
      if (!abort.signal.aborted) this.problem(problem);
      return null;
    } finally {
      clearTimeout(timer);
      if (shown !== null) this.close(shown);
    }
  }

  #add(kind: Notice['kind'], message: string, action: NoticeAction | null, work: Work | null = null): number {
    const id = this.#nextId++;
    // What is under way stays: its button is the only one that ends it.
    const over = this.#list.filter((one) => one.kind !== 'working').slice(-3);
    const kept = this.#list.filter((one) => one.kind === 'working' || over.includes(one));
    this.#list = [...kept, { id, kind, message, action, work }];
    return id;
  }
}

function remaining(share: number | null, startMs: number): number | null {
  return share === null || share <= 0 ? null : ((Date.now() - startMs) / share) * (1 - share);
}

/** Work that cannot be broken off goes on unseen, and what it gives is thrown away. */
function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
