// The three scales of the y axis.

export const Y_SCALES = ['linear', 'log', 'symlog'] as const;
export type YScale = (typeof Y_SCALES)[number];

export function isYScale(stored: unknown): stored is YScale {
  return Y_SCALES.some((scale) => scale === stored);
}
