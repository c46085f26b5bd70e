// What every command is given: the rooms, opened when first asked for, so that `saddle recipes` touches no library.

import type { Services } from '../../shared/contract.ts';
import type { Library } from '../library/library.ts';
import type { AttachedTraining, Limits } from '../runs/start.ts';

export interface Context {
  /** The folder of runs: `--library`, else the one under the home folder. */
  library(): Library;
  readonly dataHome: string;
  services(): Services;
  /** Starts training as a child of this process: it ends with a checkpoint when this process does. */
  startAttached(folder: string, limits: Limits): AttachedTraining;
  /** Serves the window until the process is told to end. */
  serve(options: {
    readonly host: string;
    readonly port: number;
  }): Promise<{ readonly url: string; readonly closed: Promise<void> }>;
}
