// Scalars that share a group but no scale: each of them gets a chart of its own, and they stand together.

import type { ChartGroup } from './groups.ts';

const APART = new Set(['began', 'critic', 'grid', 'mem', 'toy']);
/** Read against each other. */
const TOGETHER: readonly ChartGroup[] = [
  { key: 'toy/std', tags: ['toy/std_1', 'toy/std_2'] },
  { key: 'toy/grid', tags: ['toy/js_grid', 'toy/kl_grid'] },
  { key: 'grid/ssim', tags: ['grid/ssim_fake', 'grid/ssim_real'] },
  { key: 'grid/board', tags: ['grid/board_fake', 'grid/board_real'] },
  { key: 'grid/class', tags: ['grid/class_kl', 'grid/class_change'] },
];
/** What BEGAN and critics are judged by comes first. */
const FIRST = ['convergence', 'began/k_t', 'began/balance', 'critic/distance', 'critic/slope'];
/** What is looked at when something else looks wrong comes last. */
const LAST = ['lr', 'time', 'mem/tensors', 'mem/rss_mb', 'nan'];

export function splitGroups(groups: readonly ChartGroup[]): readonly ChartGroup[] {
  const split = groups.flatMap((group) => (APART.has(group.key) ? splitGroup(group) : [group]));
  const rank = ({ key }: ChartGroup): number =>
    FIRST.includes(key) ? FIRST.indexOf(key) - FIRST.length : LAST.indexOf(key) + 1;
  return split.toSorted((one, other) => rank(one) - rank(other));
}

function splitGroup({ tags }: ChartGroup): ChartGroup[] {
  const pairs = TOGETHER.map(({ key, tags: pair }) => ({ key, tags: pair.filter((tag) => tags.includes(tag)) }));
  const taken = new Set(pairs.flatMap((pair) => pair.tags));
  const single = tags.filter((tag) => !taken.has(tag)).map((tag) => ({ key: tag, tags: [tag] }));
  return [...single, ...pairs.filter((pair) => pair.tags.length > 0)];
}
