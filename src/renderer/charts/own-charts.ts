// Scalars that share a group but no scale: each of them gets a chart of its own, and they stand together.

import type { ChartGroup } from './groups.ts';

const APART = new Set(['began', 'grid', 'mem', 'toy']);
/** Read against each other. */
const TOGETHER: readonly ChartGroup[] = [
  { key: 'grid/ssim', tags: ['grid/ssim_fake', 'grid/ssim_real'] },
  { key: 'grid/board', tags: ['grid/board_fake', 'grid/board_real'] },
  { key: 'grid/class', tags: ['grid/class_kl', 'grid/class_change'] },
];
/** What BEGAN is judged by comes first. */
const FIRST = ['convergence', 'began/k_t', 'began/balance'];

export function splitGroups(groups: readonly ChartGroup[]): readonly ChartGroup[] {
  const split = groups.flatMap((group) => (APART.has(group.key) ? splitGroup(group) : [group]));
  const rank = ({ key }: ChartGroup): number => (FIRST.includes(key) ? FIRST.indexOf(key) - FIRST.length : 0);
  return split.toSorted((one, other) => rank(one) - rank(other));
}

function splitGroup({ tags }: ChartGroup): ChartGroup[] {
  const pairs = TOGETHER.map(({ key, tags: pair }) => ({ key, tags: pair.filter((tag) => tags.includes(tag)) }));
  const taken = new Set(pairs.flatMap((pair) => pair.tags));
  const single = tags.filter((tag) => !taken.has(tag)).map((tag) => ({ key: tag, tags: [tag] }));
  return [...single, ...pairs.filter((pair) => pair.tags.length > 0)];
}
