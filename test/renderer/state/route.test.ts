import { expect, test } from 'vitest';
import type { RunId } from '../../../src/shared/run.ts';
import { formatRoute, parseRoute, type Route } from '../../../src/renderer/state/route.ts';

const first = '20261121-084630-k3x9' as RunId;
const second = '20261121-090000-0abc' as RunId;

const routes: readonly (readonly [string, Route])[] = [
  ['#/runs', { page: 'runs' }],
  [`#/run/${first}`, { page: 'run', runId: first, tab: 'charts' }],
  [`#/run/${first}?tab=events`, { page: 'run', runId: first, tab: 'events' }],
  [`#/compare?runs=${first},${second}`, { page: 'compare', runIds: [first, second] }],
  ['#/new', { page: 'new', from: null, fork: null }],
  [`#/new?from=${first}`, { page: 'new', from: first, fork: null }],
  [`#/new?from=${first}&step=0`, { page: 'new', from: first, fork: { step: 0, isHalfRate: false } }],
  [
    `#/new?from=${first}&step=5&remedy=d-too-strong`,
    { page: 'new', from: first, fork: { step: 5, isHalfRate: false, remedy: 'd-too-strong' } },
  ],
  [`#/new?from=${first}&step=120&rate=half`, { page: 'new', from: first, fork: { step: 120, isHalfRate: true } }],
  [`#/run/${first}?tab=notes`, { page: 'run', runId: first, tab: 'notes' }],
  ['#/data', { page: 'data' }],
  ['#/settings', { page: 'settings' }],
  ['#/queue', { page: 'queue' }],
];

test.each(routes)('%s is an address and its route, both ways', (address, route) => {
  expect(parseRoute(address)).toEqual(route);
  expect(formatRoute(route)).toBe(address);
});

test('no hash is the page of runs', () => {
  expect(parseRoute('')).toEqual({ page: 'runs' });
  expect(parseRoute('#/')).toEqual({ page: 'runs' });
});

test('what is no run id is no run, and an unknown page says so', () => {
  expect(parseRoute('#/run/../../etc').page).toBe('unknown');
  expect(parseRoute('#/run/abc').page).toBe('unknown');
  expect(parseRoute('#/nowhere')).toEqual({ page: 'unknown', hash: '#/nowhere' });
  expect(parseRoute('#/data/mnist').page).toBe('unknown');
});

test('a step that is no step makes a new run, not a fork', () => {
  expect(parseRoute(`#/new?from=${first}&step=1.5`)).toEqual({ page: 'new', from: first, fork: null });
  expect(parseRoute('#/new?step=5')).toEqual({ page: 'new', from: null, fork: null });
});

test('comparing drops what is no run id and what comes twice', () => {
  expect(parseRoute(`#/compare?runs=${first},nonsense,${first}`)).toEqual({ page: 'compare', runIds: [first] });
});
