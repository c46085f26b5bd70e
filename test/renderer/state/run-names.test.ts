import { expect, test } from 'vitest';
import type { RunId } from '../../../src/shared/run.ts';
import { distinctNames } from '../../../src/renderer/state/run-names.ts';

test('runs of one name are told apart by the end of their ids, others keep their names', () => {
  const runs = [
    { id: '20261121-084630-k3x9' as RunId, name: 'same' },
    { id: '20261121-084631-0abc' as RunId, name: 'same' },
    { id: '20261121-084632-zzzz' as RunId, name: 'other' },
  ];
  expect([...distinctNames(runs).values()]).toEqual(['same · k3x9', 'same · 0abc', 'other']);
});
