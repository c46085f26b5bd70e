import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { drawInTurn, forgetTurn } from '../../../src/renderer/state/turns.ts';

const FRAME_MS = 16;
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
});

it('draws in the next frame, once, what comes after a rest', () => {
  const draw = vi.fn();
  drawInTurn(draw);
  drawInTurn(draw);
  expect(draw).not.toHaveBeenCalled();
  vi.advanceTimersByTime(FRAME_MS);
  expect(draw).toHaveBeenCalledOnce();
});

it('draws what comes meanwhile together, after a rest of three times the work', () => {
  const drawn: string[] = [];
  const other = (): void => void drawn.push('other');
  drawInTurn(() => {
    vi.advanceTimersByTime(40);
    drawn.push('first');
  });
  vi.advanceTimersByTime(FRAME_MS);
  drawInTurn(other);
  drawInTurn(other);
  vi.advanceTimersByTime(FRAME_MS + 3 * 40 - 1);
  expect(drawn).toEqual(['first']);
  vi.advanceTimersByTime(2 * FRAME_MS);
  expect(drawn).toEqual(['first', 'other']);
});

it('draws as many in a turn as the turn before says that there is time for, one after the other', () => {
  const drawn: string[] = [];
  const work = (name: string, ms: number) => (): void => {
    vi.advanceTimersByTime(ms);
    drawn.push(name);
  };
  // 24 ms with the frame after it.
  drawInTurn(work('dear', 8));
  vi.advanceTimersByTime(2 * FRAME_MS);
  drawn.length = 0;
  for (const name of ['a', 'b', 'c']) drawInTurn(work(name, 8));
  vi.advanceTimersByTime(FRAME_MS + 3 * 8);
  expect(drawn).toEqual(['a']);
  vi.runAllTimers();
  expect(drawn).toEqual(['a', 'b', 'c']);

  // Two that cost nothing in one frame, 8 ms each with it: the next turn has time for four.
  for (const name of ['d', 'e', 'f']) drawInTurn(work(name, 0));
  vi.runAllTimers();
  drawn.length = 0;
  for (const name of ['g', 'h', 'i', 'j', 'k']) drawInTurn(work(name, 0));
  vi.advanceTimersByTime(FRAME_MS);
  const together = drawn.length;
  expect(together).toBeGreaterThan(1);
  expect(together).toBeLessThan(5);
  vi.runAllTimers();
  expect(drawn).toEqual(['g', 'h', 'i', 'j', 'k']);
});

it('draws one chart again only after a while, with what has come meanwhile', () => {
  const drawn: string[] = [];
  const often = (): void => void drawn.push('often');
  drawInTurn(often);
  vi.advanceTimersByTime(2 * FRAME_MS);
  drawInTurn(often);
  vi.advanceTimersByTime(100);
  expect(drawn).toEqual(['often']);
  drawInTurn(() => drawn.push('other'));
  vi.advanceTimersByTime(80);
  expect(drawn.toSorted()).toEqual(['often', 'often', 'other']);
});

it('draws nothing that was forgotten, and goes on after a turn in which nothing came', () => {
  const [gone, draw] = [vi.fn(), vi.fn()];
  drawInTurn(gone);
  forgetTurn(gone);
  vi.runAllTimers();
  expect(gone).not.toHaveBeenCalled();
  drawInTurn(draw);
  vi.runAllTimers();
  expect(draw).toHaveBeenCalledOnce();
});
