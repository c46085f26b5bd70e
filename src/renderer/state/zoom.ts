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

/** Size of a grid image in pixels. */
export function gridSize(grid: {
  readonly rows: number;
  readonly columns: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
}): { readonly width: number; readonly height: number } {
  return { width: grid.columns * grid.cellWidth, height: grid.rows * grid.cellHeight };
}
