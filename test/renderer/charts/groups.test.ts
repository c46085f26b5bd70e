import { expect, test } from 'vitest';
import { groupTags } from '../../../src/renderer/charts/groups.ts';
import { fade } from '../../../src/renderer/charts/palette.ts';

test('scalars that are read together share a chart, in the order of the page', () => {
  const tags = [
    'time/step_ms',
    'loss/d',
    'grad/d_norm',
    'loss/g',
    'loss/d_real',
    'acc/d_real',
    'grad/g_norm',
    'loss/d_fake',
  ];
  expect(groupTags(tags)).toEqual([
    { key: 'loss', tags: ['loss/d', 'loss/g'] },
    { key: 'loss/d', tags: ['loss/d_real', 'loss/d_fake'] },
    { key: 'acc', tags: ['acc/d_real'] },
    { key: 'grad', tags: ['grad/d_norm', 'grad/g_norm'] },
    { key: 'time', tags: ['time/step_ms'] },
  ]);
});

test('every tag is in exactly one chart, also those nobody foresaw', () => {
  const tags = ['loss/cycle', 'loss/identity', 'eval/fid', 'speed', 'loss/d'];
  const groups = groupTags(tags);
  expect(groups.flatMap((group) => group.tags).sort()).toEqual(tags.toSorted());
  expect(groups.filter((group) => group.key.startsWith('loss/')).map((group) => group.tags.length)).toEqual([1, 1]);
});

test('colours take an alpha also when the style sheet was shortened', () => {
  expect(fade('#fff', 0.5)).toBe('#ffffff80');
  expect(fade('#58a6ff', 1)).toBe('#58a6ffff');
});
