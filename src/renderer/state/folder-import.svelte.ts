// The import of a folder as a form sees it: running, refused, or waiting for a word about files that cannot be read.

import type { Imported } from '../../shared/contract.ts';
import type { UnreadableFile } from '../../shared/images.ts';
import { describeProblem } from './notices.svelte.ts';

export class FolderImport {
  #isRunning = $state(false);
  #problem = $state('');
  #unreadable = $state.raw<readonly UnreadableFile[]>([]);

  get isRunning(): boolean {
    return this.#isRunning;
  }
  /** Why nothing was imported; empty when nothing went wrong. */
  get problem(): string {
    return this.#problem;
  }
  /** Files that cannot be read: the user may agree to leave them out. */
  get unreadable(): readonly UnreadableFile[] {
    return this.#unreadable;
  }

  /** Waits for `work`; gives what was imported, or null when nothing was, which `problem` and `unreadable` then explain. */
  async run(work: () => Promise<Imported>): Promise<(Imported & { readonly data: string }) | null> {
    this.#isRunning = true;
    this.#problem = '';
    this.#unreadable = [];
    try {
      const imported = await work();
      if (imported.data !== null) return { ...imported, data: imported.data };
      this.#unreadable = imported.unreadable;
    } catch (problem) {
      this.#problem = describeProblem(problem);
    } finally {
      this.#isRunning = false;
    }
    return null;
  }
}
