// A contact sheet drawn on a canvas, black on white whatever the theme, in the window's own font: it needs no font but the
// ones the window has.

import type { Measure, Sheet } from './sheet.ts';

/** Pictures that are fetched while one is drawn. */
const AHEAD = 6;

export interface SheetTile {
  /** Null where the run has no picture. */
  readonly read: ((signal: AbortSignal) => Promise<ImageBitmap | null>) | null;
  /** True for a picture of an earlier step than the column's: gets a mark in its corner. */
  readonly isEarlier: boolean;
}

export function measureWith(font: string): Measure {
  const context = document.createElement('canvas').getContext('2d')!;
  return (text, size, isBold) => {
    context.font = fontOf(font, size, isBold);
    return context.measureText(text).width;
  };
}

/**
 * Draws the sheet `scale` times as large as it is laid out (1 to save it, less for a preview). `tiles` are rows of columns.
 * Tells how many tiles are done; an aborted drawing rejects.
 */
export async function drawSheet(
  canvas: HTMLCanvasElement,
  sheet: Sheet,
  tiles: readonly (readonly SheetTile[])[],
  wish: {
    readonly font: string;
    readonly scale: number;
    readonly signal: AbortSignal;
    readonly onprogress: (done: number) => void;
  },
): Promise<void> {
  canvas.width = Math.max(1, Math.round(sheet.width * wish.scale));
  canvas.height = Math.max(1, Math.round(sheet.height * wish.scale));
  const context = canvas.getContext('2d')!;
  context.scale(wish.scale, wish.scale);
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, sheet.width, sheet.height);
  writeTexts(context, sheet, wish.font);
  const places = tiles.flatMap((columns, row) => columns.map((tile, column) => ({ row, column, tile })));
  const reads: Promise<ImageBitmap | null>[] = [];
  for (const [index, { row, column, tile }] of places.entries()) {
    while (reads.length < Math.min(places.length, index + AHEAD))
      reads.push(read(places[reads.length]!.tile, wish.signal));
    const picture = await reads[index]!;
    wish.signal.throwIfAborted();
    drawTile(context, sheet, { row, column }, picture, tile.isEarlier, wish.scale);
    picture?.close();
    wish.onprogress(index + 1);
  }
}

function read(tile: SheetTile, signal: AbortSignal): Promise<ImageBitmap | null> {
  const picture = tile.read?.(signal) ?? Promise.resolve(null);
  // What is read ahead may fail before it is waited for; it fails again when it is.
  picture.catch(() => undefined);
  return picture;
}

function writeTexts(context: CanvasRenderingContext2D, sheet: Sheet, font: string): void {
  for (const { text, x, y, size, isBold, isFaint, align } of sheet.texts) {
    context.font = fontOf(font, size, isBold);
    context.textAlign = align;
    context.fillStyle = isFaint ? '#555555' : '#000000';
    context.fillText(text, x, y);
  }
}

function drawTile(
  context: CanvasRenderingContext2D,
  sheet: Sheet,
  { row, column }: { readonly row: number; readonly column: number },
  picture: ImageBitmap | null,
  isEarlier: boolean,
  scale: number,
): void {
  const [left, top] = [sheet.lefts[column]!, sheet.tops[row]!];
  const { width, height } = sheet.tile;
  if (!picture) {
    context.fillStyle = '#eeeeee';
    context.fillRect(left, top, width, height);
    return;
  }
  context.imageSmoothingEnabled = scale < 1;
  context.drawImage(picture, left, top, picture.width * sheet.factor, picture.height * sheet.factor);
  if (isEarlier) markCorner(context, left + picture.width * sheet.factor, top, Math.min(24, Math.max(5, width / 10)));
}

function markCorner(context: CanvasRenderingContext2D, right: number, top: number, size: number): void {
  context.fillStyle = '#d9720b';
  context.beginPath();
  context.moveTo(right - size, top);
  context.lineTo(right, top);
  context.lineTo(right, top + size);
  context.fill();
}

function fontOf(font: string, size: number, isBold: boolean): string {
  return `${isBold ? '600 ' : ''}${size}px ${font}`;
}
