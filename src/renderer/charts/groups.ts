// Which scalars share a chart on the page of a run: the pairs that are read together have one y axis.

export interface ChartGroup {
  /** Names the chart: in the message table where it is known, else the tag's own prefix. */
  readonly key: string;
  readonly tags: readonly string[];
}

const LOSS_PAIRS = [
  { key: 'loss', tags: ['loss/d', 'loss/g'] },
  { key: 'loss/d', tags: ['loss/d_real', 'loss/d_fake'] },
] as const;

const GROUP_ORDER = ['loss', 'loss/d', 'prob', 'acc', 'grad', 'time', 'lr', 'mem', 'nan'];

/** The charts for these tags, in the order they are shown; every tag is in exactly one. */
export function groupTags(tags: readonly string[]): readonly ChartGroup[] {
  const groups = new Map<string, string[]>();
  for (const tag of tags) {
    const pair = LOSS_PAIRS.find((candidate) => candidate.tags.some((member) => member === tag));
    const prefix = tag.includes('/') ? tag.slice(0, tag.indexOf('/')) : tag;
    // Losses that belong to no pair have scales of their own.
    const key = pair?.key ?? (prefix === 'loss' ? tag : prefix);
    groups.set(key, [...(groups.get(key) ?? []), tag]);
  }
  const rank = (key: string): number => {
    const known = GROUP_ORDER.indexOf(key);
    if (known !== -1) return known;
    return key.startsWith('loss/') ? 1.5 : GROUP_ORDER.length;
  };
  return [...groups].map(([key, members]) => ({ key, tags: members })).sort((a, b) => rank(a.key) - rank(b.key));
}

/** Colour slot of a tag on the page of one run: D and G keep theirs in every chart. */
export function tagColour(tag: string, indexInChart: number): number {
  const name = tag.slice(tag.indexOf('/') + 1);
  if (name === 'd' || name === 'd_norm') return 0;
  if (name === 'g' || name === 'g_norm') return 1;
  if (name === 'd_real') return 2;
  if (name === 'd_fake') return 3;
  return [0, 1, 2, 3, 4, 5, 6, 7][indexInChart % 8]!;
}
