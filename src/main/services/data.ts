// The data sets as the window sees them: what is here, what is being fetched and how far, what failed. One fetch a
// data set at a time; nobody waits for it, its progress is an event.

import { UserError, type AnyEvent, type DataSetInfo, type DataState, type Services } from '../../shared/contract.ts';
import { factsOf, type DataHome, type DataSet } from '../datasets/dataset.ts';
import { dataSets, findDataSet } from '../datasets/list.ts';

type DataCalls = Pick<Services, 'listData' | 'fetchData' | 'cancelFetch' | 'importData'>;

export interface DataServices {
  readonly calls: DataCalls;
  /** Ends the fetches; what they have is kept and resumed. */
  close(): Promise<void>;
}

interface Fetch {
  readonly cancel: AbortController;
  readonly ended: Promise<void>;
}

export function createDataServices(dataHome: DataHome, announce: (event: AnyEvent) => void): DataServices {
  const fetches = new Map<string, Fetch>();
  /** Only what the data folder cannot tell. */
  const states = new Map<string, DataState>();

  const stateOf = (data: DataSet): DataState =>
    states.get(data.id) ?? { phase: data.isReady(dataHome) ? 'ready' : 'absent' };
  const tell = (data: DataSet, state: DataState | null) => {
    if (state) states.set(data.id, state);
    else states.delete(data.id);
    announce({ event: 'data', data: { id: data.id, state: stateOf(data) } });
  };

  async function fetch(data: DataSet, signal: AbortSignal): Promise<void> {
    const measure = createRemaining();
    tell(data, { phase: 'fetching', file: data.title, received: 0, total: 0, remainingMs: null });
    try {
      await data.fetch(dataHome, {
        signal,
        progress: (file, received, total) =>
          tell(data, { phase: 'fetching', file, received, total, remainingMs: measure(file, received, total) }),
      });
      tell(data, null);
    } catch (problem) {
      const message = problem instanceof UserError ? problem.message : `fetching ${data.title} failed: ${problem}`;
      tell(data, signal.aborted ? null : { phase: 'failed', message });
    } finally {
      fetches.delete(data.id);
    }
  }

  const calls: DataCalls = {
    listData: () => dataSets.map((data) => describe(data, stateOf(data))),
    fetchData({ data: id }) {
      const data = findDataSet(id);
      if (fetches.has(id) || data.generated || data.isReady(dataHome)) return null;
      const cancel = new AbortController();
      fetches.set(id, { cancel, ended: fetch(data, cancel.signal) });
      return null;
    },
    async cancelFetch({ data: id }) {
      const running = fetches.get(findDataSet(id).id);
      running?.cancel.abort();
      await running?.ended;
      return null;
    },
    async importData({ data: id, folder }) {
      const data = findDataSet(id);
      if (fetches.has(id)) throw new UserError(`${data.title} is being fetched; cancel that first`);
      const images = await data.import(dataHome, folder);
      tell(data, null);
      return { images };
    },
  };
  return {
    calls,
    async close() {
      for (const { cancel } of fetches.values()) cancel.abort();
      await Promise.all([...fetches.values()].map(({ ended }) => ended));
    },
  };
}

function describe(data: DataSet, state: DataState): DataSetInfo {
  return { ...factsOf(data), state };
}

/** Time left of one file at its mean speed since it began, in ms; null in its first second and while its size is unknown. */
function createRemaining(): (file: string, received: number, total: number) => number | null {
  let start = { file: '', received: 0, ms: 0 };
  return (file, received, total) => {
    const now = performance.now();
    if (file !== start.file) start = { file, received, ms: now };
    const [elapsed, done] = [now - start.ms, received - start.received];
    return total > 0 && elapsed > 1000 && done > 0 ? Math.round(((total - received) * elapsed) / done) : null;
  };
}
