// The networks that the settings of a draft would train and what they would see of the data, asked for a moment after the
// last change.

import type { CallArgs, DataViewInfo } from '../../shared/contract.ts';
import type { NetworkSummary } from '../../shared/run.ts';
import type { Connection } from './connection.svelte.ts';
import { describeProblem } from './notices.svelte.ts';

const PAUSE_MS = 150;

export class DraftNetworks {
  readonly #connection: Connection;
  #list = $state.raw<readonly NetworkSummary[]>([]);
  #view = $state.raw<{ readonly of: string; readonly view: DataViewInfo } | null>(null);
  #problem = $state('');
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get list(): readonly NetworkSummary[] {
    return this.#list;
  }
  get problem(): string {
    return this.#problem;
  }

  /** What the networks would see of this data set; null while it is not known. */
  viewOf(data: string): DataViewInfo | null {
    return this.#view?.of === data ? this.#view.view : null;
  }

  /** `chosen` is asked when it is time; null while a setting is wrong. */
  describeSoon(chosen: () => CallArgs<'describeNetworks'> | null): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#describe(chosen()), PAUSE_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  async #describe(chosen: CallArgs<'describeNetworks'> | null): Promise<void> {
    const request = ++this.#request;
    if (!chosen) {
      this.#list = [];
      return;
    }
    try {
      const [networks, view] = await Promise.all([
        this.#connection.call('describeNetworks', chosen),
        this.#connection.call('describeView', chosen),
      ]);
      if (request !== this.#request) return;
      this.#list = networks;
      this.#view = { of: chosen.data, view };
      this.#problem = '';
    } catch (problem) {
      if (request === this.#request) this.#problem = describeProblem(problem);
    }
  }
}

/** The first network whose layers are not those that a checkpoint holds; null when all fit. */
export function otherLayers(had: readonly NetworkSummary[], has: readonly NetworkSummary[]): string | null {
  const shapeOf = ({ layers }: NetworkSummary): string =>
    JSON.stringify(layers.map(({ output, parameters }) => [output, parameters]));
  const shapes = new Map(had.map((network) => [network.name, shapeOf(network)]));
  return has.find((network) => shapes.get(network.name) !== shapeOf(network))?.name ?? null;
}
