// Short messages that no place of their own on the page: what failed, what was done. Errors stay until closed.

import { translate } from '../text/services/translate.ts';

export interface Notice {
  readonly id: number;
  readonly kind: 'done' | 'problem';
  readonly message: string;
  readonly action: NoticeAction | null;
}

/** What can still be done about it, and for how long. */
export interface NoticeAction {
  readonly label: string;
  readonly forMs: number;
  readonly act: () => void;
}

const DONE_MS = 5_000;

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

  #add(kind: Notice['kind'], message: string, action: NoticeAction | null): number {
    const id = this.#nextId++;
    this.#list = [...this.#list.slice(-3), { id, kind, message, action }];
    return id;
  }
}
