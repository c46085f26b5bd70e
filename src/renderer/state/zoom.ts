// Pixel-true sizes: a pixel of an image is a whole number of screen pixels, or a whole number share one.

/**
 * CSS width for an image `pixels` wide in `room` CSS pixels: the greatest whole factor of screen pixels that fits;
 * for images wider than the room, the smallest whole divisor.
 */
export function fitWidth(pixels: number, room: number, devicePixelRatio: number): number {
  if (pixels <= 0 || room <= 0) return 0;
  const factor = Math.floor((room * devicePixelRatio) / pixels);
  if (factor >= 1) return (pixels * factor) / devicePixelRatio;
  return pixels / Math.ceil(pixels / (room * devicePixelRatio)) / devicePixelRatio;
}

/** CSS width at which each pixel of the image is `factor` CSS pixels, as near as whole screen pixels allow. */
export function zoomWidth(pixels: number, factor: number, devicePixelRatio: number): number {
  return (pixels * Math.max(1, Math.round(factor * devicePixelRatio))) / devicePixelRatio;
}

interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
}
interface Size {
  readonly width: number;
  readonly height: number;
}

/** An 8 x 8 grid of MNIST's size: what most runs are about to draw. */
export const COMMON_SIZE: Size = { width: 224, height: 224 };

/** Size of a grid image in pixels. */
export function gridSize(grid: Grid): Size {
  return { width: grid.columns * grid.cellWidth, height: grid.rows * grid.cellHeight };
}

/** Room for the widest of some grids, so that nothing jumps while they change. */
export function widestSize(grids: readonly (Grid | undefined)[]): Size {
  const sizes = grids.flatMap((grid) => (grid ? [gridSize(grid)] : []));
  return sizes.toSorted((one, other) => other.width - one.width)[0] ?? COMMON_SIZE;
}
