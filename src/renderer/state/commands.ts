// What can be done by name: a page offers its own commands while it is shown, the window adds those that are always there.

import { keys } from '../../shared/contract.ts';
import { isActive, type RunSummary } from '../../shared/run.ts';
import { formatCount } from '../text/format.ts';
import { text } from '../text/text.ts';
import { takeFile } from './download.ts';
import type { Route } from './route.ts';
import { THEME_CHOICES } from './theme.svelte.ts';
import type { WindowState } from './window.ts';

export interface Command {
  /** Unlike that of any other. */
  readonly id: string;
  readonly kind: 'action' | 'page' | 'run' | 'theme';
  readonly title: string;
  /** Other words for the same, never shown. */
  readonly also?: string;
  /** Colour slot of a run. */
  readonly colour?: number;
  readonly run: () => void;
}

type Source = () => readonly Command[];

export class CommandSources {
  readonly #sources = new Set<Source>();
  #open: () => void = () => undefined;

  /** Read anew each time the palette opens; gives back what takes them away again. */
  offer(source: Source): () => void {
    this.#sources.add(source);
    return () => this.#sources.delete(source);
  }

  /** The palette says how it is opened, a button opens it. */
  openBy(open: () => void): void {
    this.#open = open;
  }

  open(): void {
    this.#open();
  }

  collect(): readonly Command[] {
    return [...this.#sources].flatMap((source) => source());
  }
}

/** What the page offers, what fits the run shown, pages, themes, then every run, the newest first. */
export function collectCommands(state: WindowState, showKeys: () => void): readonly Command[] {
  const { route } = state.router;
  const shown = route.page === 'run' ? state.library.run(route.runId) : undefined;
  return [
    ...state.commands.collect(),
    ...(shown ? commandsOfRun(shown, state) : []),
    ...pageCommands(state),
    ...queueCommands(state),
    { id: 'keys', kind: 'action', title: text.palette.keys, also: text.palette.keysWords, run: showKeys },
    ...themeCommands(state),
    ...runCommands(state),
  ];
}

function pageCommands({ router }: WindowState): readonly Command[] {
  const pages: readonly (readonly [Route, string])[] = [
    [{ page: 'runs' }, text.navigation.runs],
    [{ page: 'queue' }, text.navigation.queue(0)],
    [{ page: 'data' }, text.navigation.data],
    [{ page: 'settings' }, text.navigation.settings],
  ];
  const toNew: Command = {
    id: 'new',
    kind: 'action',
    title: text.navigation.newRun,
    run: () => router.go({ page: 'new', from: null, fork: null }),
  };
  const others = pages
    .filter(([route]) => route.page !== router.route.page)
    .map(([route, name]): Command => {
      const also = text.palette.pageWords;
      return {
        id: `page ${route.page}`,
        kind: 'page',
        title: text.palette.goTo(name),
        also,
        run: () => router.go(route),
      };
    });
  return router.route.page === 'new' ? others : [toNew, ...others];
}

function queueCommands({ notices, queue }: WindowState): readonly Command[] {
  if (queue.entries.length === 0) return [];
  const title = queue.paused ? text.palette.resumeQueue : text.palette.pauseQueue;
  return [{ id: 'queue', kind: 'action', title, run: () => void notices.attempt(queue.pause(!queue.paused)) }];
}

function themeCommands({ theme }: WindowState): readonly Command[] {
  return THEME_CHOICES.filter((choice) => choice !== theme.choice).map((choice) => ({
    id: `theme ${choice}`,
    kind: 'theme',
    title: text.palette.theme(text.theme[choice]),
    also: text.palette.themeWords,
    run: () => theme.choose(choice),
  }));
}

function runCommands({ library, router }: WindowState): readonly Command[] {
  const { route } = router;
  return library.runs
    .filter((run) => route.page !== 'run' || route.runId !== run.id)
    .map((run) => ({
      id: run.id,
      kind: 'run',
      title: run.name,
      also: `${run.recipe} ${run.data} ${run.tags.join(' ')}`,
      colour: library.colours[run.id] ?? 0,
      run: () => router.go({ page: 'run', runId: run.id, tab: 'charts' }),
    }));
}

/** Steers, marks and takes away one run. */
export function commandsOfRun(
  run: RunSummary,
  { connection, library, notices, router }: WindowState,
): readonly Command[] {
  const { id, name, state, newestImage } = run;
  const act = (key: string, title: string, perform: () => void): Command => {
    return { id: `${key} ${id}`, kind: 'action', title, run: perform };
  };
  const steer = (call: 'pauseRun' | 'resumeRun' | 'stopRun') => () =>
    void notices.attempt(connection.call(call, { runId: id }));
  const take = (key: string, title: string, what: string, address: string): Command =>
    act(key, title, () => void takeFile(notices, what, address));
  const canResume = ['paused', 'stopped', 'failed', 'interrupted'].includes(state.phase);
  const image = newestImage;
  return [
    ...(state.phase === 'running' ? [act('pause', text.palette.pause(name), steer('pauseRun'))] : []),
    ...(canResume ? [act('resume', text.palette.resume(name), steer('resumeRun'))] : []),
    ...(isActive(state) ? [act('stop', text.palette.stop(name), steer('stopRun'))] : []),
    act('duplicate', text.palette.duplicate(name), () => router.go({ page: 'new', from: id, fork: null })),
    act('star', run.starred ? text.palette.unstar(name) : text.palette.star(name), () => {
      void notices.attempt(library.setWords(id, { starred: !run.starred }));
    }),
    take('csv', text.palette.exportCsv(name), text.exports.csv, keys.exportCsv(id)),
    ...(image
      ? [
          take(
            'grid',
            text.palette.exportGrid(name),
            text.exports.grid(formatCount(image.step)),
            keys.exportGrid(id, image.tag, image.step),
          ),
          take(
            'samples',
            text.palette.exportSamples(name),
            text.exports.samples(formatCount(image.step)),
            keys.exportSamples(id, image.tag, image.step),
          ),
        ]
      : []),
  ];
}

/** Commands over the runs that are selected in a table. */
export function commandsOfSelection(
  selected: readonly RunSummary[],
  { library, notices, router }: WindowState,
  askDelete: () => void,
): readonly Command[] {
  const count = selected.length;
  if (count === 0) return [];
  const compare: Command = {
    id: 'compare',
    kind: 'action',
    title: text.palette.compare(count),
    also: text.palette.compareWords,
    run: () => router.go({ page: 'compare', runIds: selected.map((run) => run.id) }),
  };
  const archive = async (): Promise<void> => {
    for (const { id } of selected) await notices.attempt(library.setWords(id, { archived: true }));
  };
  return [
    ...(count > 1 ? [compare] : []),
    { id: 'archive', kind: 'action', title: text.palette.archive(count), run: () => void archive() },
    { id: 'delete', kind: 'action', title: text.palette.removeSelected(count), run: askDelete },
  ];
}
