import { expect, test } from 'vitest';
import { TimeMachine } from '../../../src/renderer/state/time-machine.svelte.ts';

/** What a browser keeps, without one. */
function createStorage(): Storage {
  const kept = new Map<string, string>();
  return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value) } as unknown as Storage; // prettier-ignore
}

test('a glance shows the nearest recorded step while it lasts and moves no bar', () => {
  let glance: number | null = null;
  const steps = [0, 10, 20, 30];
  const at = (step: number | null): readonly [number | null, number | null] => {
    glance = step;
    const machine = new TimeMachine(createStorage(), () => steps, () => glance); // prettier-ignore
    machine.place(10);
    return [machine.step, machine.shownStep];
  };
  expect(at(null)).toEqual([10, 10]);
  expect(at(24)).toEqual([10, 20]);
  expect(at(9999)).toEqual([10, 30]);
});

test('with the switch off a glance shows nothing else, and the switch, the loop and the speed are remembered', () => {
  const storage = createStorage();
  const make = (): TimeMachine => new TimeMachine(storage, () => [0, 10, 20], () => 20); // prettier-ignore
  const first = make();
  first.setGlancing(false);
  first.setLooping(true);
  first.setSpeed(20);
  first.place(0);
  expect(first.shownStep).toBe(0);
  const second = make();
  expect([second.isGlancing, second.isLooping, second.speed]).toEqual([false, true, 20]);
});
