// The addresses of the window, as hashes: every page can be linked, reloaded and gone back to.

import { isRunId, type RunId } from '../../shared/run.ts';

export const RUN_TABS = ['charts', 'settings', 'networks', 'events', 'checkpoints', 'notes'] as const;
export type RunTab = (typeof RUN_TABS)[number];

/** A checkpoint of the run that a new run is made from. */
export interface ForkStart {
  readonly step: number;
  /** Offers half of every learning rate. */
  readonly isHalfRate: boolean;
  /** A rule of health that spoke up: offers the settings of its remedy. */
  readonly remedy?: string;
}

export type Route =
  | { readonly page: 'runs' }
  | { readonly page: 'run'; readonly runId: RunId; readonly tab: RunTab }
  | { readonly page: 'compare'; readonly runIds: readonly RunId[] }
  | { readonly page: 'new'; readonly from: RunId | null; readonly fork: ForkStart | null }
  | { readonly page: 'queue' }
  | { readonly page: 'data' }
  | { readonly page: 'settings' }
  | { readonly page: 'unknown'; readonly hash: string };

/** Never throws: an address that means nothing is the route `unknown`. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const parameters = new URLSearchParams(query);
  const [page = '', id = '', ...rest] = path.split('/');
  if (rest.length > 0 || (id !== '' && page !== 'run')) return { page: 'unknown', hash };
  switch (page) {
    case '':
    case 'runs':
      return { page: 'runs' };
    case 'run': {
      if (!isRunId(id)) return { page: 'unknown', hash };
      const tab = RUN_TABS.find((known) => known === parameters.get('tab')) ?? 'charts';
      return { page: 'run', runId: id, tab };
    }
    case 'compare': {
      const runIds = (parameters.get('runs') ?? '').split(',').filter(isRunId);
      return { page: 'compare', runIds: [...new Set(runIds)] };
    }
    case 'new': {
      const from = parameters.get('from') ?? '';
      if (!isRunId(from)) return { page: 'new', from: null, fork: null };
      return { page: 'new', from, fork: parseFork(parameters) };
    }
    case 'queue':
    case 'data':
    case 'settings':
      return { page };
    default:
      return { page: 'unknown', hash };
  }
}

export function formatRoute(route: Route): string {
  switch (route.page) {
    case 'run':
      return `#/run/${route.runId}${route.tab === 'charts' ? '' : `?tab=${route.tab}`}`;
    case 'compare':
      return `#/compare?runs=${route.runIds.join(',')}`;
    case 'new':
      return formatNew(route.from, route.fork);
    case 'unknown':
      return route.hash;
    default:
      return `#/${route.page}`;
  }
}

function parseFork(parameters: URLSearchParams): ForkStart | null {
  const step = parameters.get('step') ?? '';
  if (!/^\d{1,9}$/.test(step)) return null;
  const remedy = parameters.get('remedy') ?? '';
  const start = { step: Number(step), isHalfRate: parameters.get('rate') === 'half' };
  return /^[a-z0-9-]{1,50}$/.test(remedy) ? { ...start, remedy } : start;
}

function formatNew(from: RunId | null, fork: ForkStart | null): string {
  if (!from) return '#/new';
  if (!fork) return `#/new?from=${from}`;
  const rate = fork.isHalfRate ? '&rate=half' : '';
  return `#/new?from=${from}&step=${fork.step}${rate}${fork.remedy ? `&remedy=${fork.remedy}` : ''}`;
}
