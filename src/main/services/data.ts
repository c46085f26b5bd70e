// The data sets as the window sees them: what is here, what is being fetched or imported and how far, what failed. One
// job a data set at a time; nobody waits for a fetch, its progress is an event.

import {
  UserError,
  type AnyEvent,
  type CheckedArgs,
  type DataSetInfo,
  type DataState,
  type Imported,
  type Services,
} from '../../shared/contract.ts';
import { factsOf, type DataHome, type DataSet, type ImportWatch } from '../datasets/dataset.ts';
import { folderId, importFolder } from '../datasets/folder.ts';
import { UnreadableFiles } from '../datasets/image-files.ts';
import { dataSets, findDataSet, listDataSets } from '../datasets/list.ts';
import { removeData, removeViews, useOf } from '../datasets/storage.ts';

type DataCalls = Pick<
  Services,
  'listData' | 'fetchData' | 'cancelFetch' | 'importData' | 'importFolder' | 'removeData'
>;

export interface DataServices {
  readonly calls: DataCalls;
  /** Ends the jobs; what a fetch has is kept and resumed. */
  close(): Promise<void>;
}

interface Job {
  readonly cancel: AbortController;
  readonly ended: Promise<unknown>;
}

export function createDataServices(dataHome: DataHome, announce: (event: AnyEvent) => void): DataServices {
  /** Fetches and imports, by the data set's id. */
  const jobs = new Map<string, Job>();
  /** Only what the data folder cannot tell. */
  const states = new Map<string, DataState>();

  const stateOf = (id: string): DataState => {
    const known = states.get(id);
    if (known) return known;
    const isReady = listDataSets(dataHome).some((data) => data.id === id && data.isReady(dataHome));
    return { phase: isReady ? 'ready' : 'absent' };
  };
  const tell = (id: string, state: DataState | null) => {
    if (state) states.set(id, state);
    else states.delete(id);
    announce({ event: 'data', data: { id, state: stateOf(id) } });
  };

  /** Throws UserError while another job has the data set. */
  function begin<Result>(id: string, title: string, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    if (jobs.has(id)) throw new UserError(`${title} is being fetched or imported; cancel that first`);
    const cancel = new AbortController();
    const ended = work(cancel.signal).finally(() => jobs.delete(id));
    jobs.set(id, { cancel, ended: ended.catch(() => {}) });
    return ended;
  }

  async function fetch(data: DataSet, signal: AbortSignal): Promise<void> {
    const measure = createRemaining();
    tell(data.id, { phase: 'fetching', file: data.title, received: 0, total: 0, remainingMs: null });
    try {
      await data.fetch(dataHome, {
        signal,
        progress: (file, received, total) =>
          tell(data.id, { phase: 'fetching', file, received, total, remainingMs: measure(file, received, total) }),
      });
      tell(data.id, null);
    } catch (problem) {
      const message = problem instanceof UserError ? problem.message : `fetching ${data.title} failed: ${problem}`;
      tell(data.id, signal.aborted ? null : { phase: 'failed', message });
    }
  }

  /** Waits for the end: whoever imports is told what came of it. */
  async function take(
    id: string,
    title: string,
    skipUnreadable: boolean,
    work: (watch: ImportWatch) => Promise<Imported>,
  ): Promise<Imported> {
    return begin(id, title, async (signal) => {
      try {
        return await work({ signal, skipUnreadable, progress: importProgress((state) => tell(id, state)) });
      } catch (problem) {
        if (problem instanceof UnreadableFiles) return { data: null, images: 0, unreadable: problem.files };
        if (signal.aborted) throw new UserError(`the import of ${title} was cancelled`, { cause: problem });
        throw problem;
      } finally {
        tell(id, null);
      }
    });
  }

  const calls: DataCalls = {
    listData: () => listDataSets(dataHome).map((data) => describe(data, stateOf(data.id), dataHome)),
    fetchData({ data: id }) {
      const data = findDataSet(id, dataHome);
      if (jobs.has(id) || data.generated || data.isReady(dataHome)) return null;
      void begin(id, data.title, (signal) => fetch(data, signal));
      return null;
    },
    async cancelFetch({ data: id }) {
      const running = jobs.get(id);
      running?.cancel.abort();
      await running?.ended;
      return null;
    },
    importData({ data: id, folder, skipUnreadable = false }) {
      const data = findDataSet(id, dataHome);
      return take(id, data.title, skipUnreadable, async (watch) => {
        const images = await data.import(dataHome, folder, watch);
        return { data: id, images, unreadable: [] };
      });
    },
    importFolder({ folder, skipUnreadable, ...options }: CheckedArgs<'importFolder'>) {
      const id = folderId(options.name);
      return take(id, options.name || id, skipUnreadable, async (watch) => {
        const { images, unreadable } = await importFolder(dataHome, folder, options, watch);
        return { data: id, images, unreadable };
      });
    },
    async removeData({ data: id, what }) {
      const data = findDataSet(id, dataHome);
      if (jobs.has(id)) throw new UserError(`${data.title} is being fetched or imported; cancel that first`);
      if (what === 'views') await removeViews(dataHome, id);
      else await removeData(dataHome, id);
      tell(id, null);
      return null;
    },
  };
  return {
    calls,
    async close() {
      for (const { cancel } of jobs.values()) cancel.abort();
      await Promise.all([...jobs.values()].map(({ ended }) => ended));
    },
  };
}

function describe(data: DataSet, state: DataState, dataHome: DataHome): DataSetInfo {
  const isHere = data.isReady(dataHome);
  const here = isHere ? (data.countIn?.(dataHome) ?? data.count) : 0;
  return { ...factsOf(data), state, here, use: useOf(dataHome, data.id), own: !dataSets.includes(data) };
}

/** At most four times a second: a folder may have a thousand images in that time. */
function importProgress(tell: (state: DataState) => void): (done: number, total: number) => void {
  const measure = createRemaining();
  let last = -Infinity;
  return (done, total) => {
    const remainingMs = measure('', done, total);
    const now = performance.now();
    if (now - last < 250) return;
    last = now;
    tell({ phase: 'importing', done, total, remainingMs });
  };
}

/** Time left of one file at its mean speed since it began, in ms; null in its first second and while its size is unknown. */
function createRemaining(): (file: string, received: number, total: number) => number | null {
  let start = { file: '', received: 0, ms: performance.now() };
  return (file, received, total) => {
    const now = performance.now();
    if (file !== start.file) start = { file, received, ms: now };
    const [elapsed, done] = [now - start.ms, received - start.received];
    return total > 0 && elapsed > 1000 && done > 0 ? Math.round(((total - received) * elapsed) / done) : null;
  };
}
