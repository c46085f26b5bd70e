// The run that an arrow key leads to on a plot: through those in front, in the order of the table.

/** Null for a key that leads nowhere. `front`: null where all stand in front. */
export function stepThrough(
  index: number,
  key: string,
  front: readonly boolean[] | null,
  count: number,
): number | null {
  const ends: Readonly<Record<string, readonly [start: number, direction: number]>> = {
    ArrowDown: [index, 1],
    ArrowUp: [index === -1 ? count : index, -1],
    Home: [-1, 1],
    End: [count, -1],
  };
  const way = ends[key];
  if (!way) return null;
  const [start, direction] = way;
  for (let next = start + direction; next >= 0 && next < count; next += direction) {
    if (!front || front[next]) return next;
  }
  return index;
}
