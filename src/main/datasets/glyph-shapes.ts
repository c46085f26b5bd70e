// How people write the ten digits: for each a few ways, each a list of strokes that a pen makes. Only skeletons:
// glyph-pen.ts bends them, so no two drawn digits are equal.

/** Where a pen goes through; in heights of the digit, x to the right, y down, the digit about 0.65 wide. */
export interface StrokePoint {
  readonly x: number;
  readonly y: number;
  /** The pen changes direction here; elsewhere the stroke goes through smoothly. */
  readonly corner: boolean;
}
export type Stroke = readonly StrokePoint[];

export interface GlyphShape {
  /** How often people write it so, relative to the digit's other shapes. */
  readonly weight: number;
  readonly strokes: readonly Stroke[];
}

/** A stroke is written as points `x,y` in hundredths of the height, `!` behind a corner. */
function shape(weight: number, ...strokes: readonly string[]): GlyphShape {
  return { weight, strokes: strokes.map(readStroke) };
}

function readStroke(text: string): Stroke {
  return text.split(' ').map((point) => {
    const [x, y] = point.replace('!', '').split(',').map(Number);
    return { x: x! / 100, y: y! / 100, corner: point.endsWith('!') };
  });
}

/** Shapes by digit. */
export const GLYPH_SHAPES: readonly (readonly GlyphShape[])[] = [
  [
    // Closed at the top; begun at the right; with the end running into the inside; narrow.
    shape(4, '36,2 14,12 2,45 12,84 35,99 58,84 68,48 58,14 34,2'),
    shape(3, '50,6 24,2 4,30 4,68 24,97 50,92 68,60 62,22 40,3'),
    shape(2, '42,0 15,10 1,42 8,82 33,99 60,82 68,42 52,10 28,8 20,16'),
    shape(2, '30,0 12,16 6,52 14,88 30,99 46,84 52,46 44,12 28,1'),
  ],
  [
    // A plain line; bent; with a flag; with flag and foot.
    shape(6, '31,0 30,50 29,100'),
    shape(3, '34,0 30,32 29,66 31,100'),
    shape(2, '14,20 25,12 36,0! 34,50 33,100'),
    shape(1, '14,22 34,1! 33,50 33,97', '8,99 32,98 58,97'),
  ],
  [
    // Sharp at the foot; with a loop; with a wavy foot; low and wide; like a Z.
    shape(3, '6,24 20,4 46,2 60,22 48,50 24,78 4,97! 34,95 70,94'),
    shape(4, '6,20 26,2 52,6 59,28 44,60 20,90 6,94 6,80 22,76 44,90 72,95'),
    shape(2, '2,30 12,8 36,0 56,14 52,42 30,72 6,92! 24,86 46,94 74,88'),
    shape(2, '10,20 30,4 56,8 58,28 36,58 10,86! 40,78 86,80'),
    shape(1, '6,8 30,4 58,6! 34,48 4,94! 36,96 68,93'),
  ],
  [
    // With a point in the middle; with a small loop there; flat on top; round.
    shape(4, '8,14 28,1 52,8 54,28 40,42 24,46! 48,50 64,68 54,92 28,100 2,88'),
    shape(3, '10,10 34,0 56,14 48,36 28,48 22,44 34,42 58,56 62,80 42,98 4,92'),
    shape(1, '8,5 32,4 60,3! 44,20 26,40! 50,44 64,66 52,92 26,100 2,90'),
    shape(2, '12,18 34,2 54,16 42,40 28,44 50,52 58,74 40,98 6,90'),
  ],
  [
    // Open, the bar ends at the stem; open, the bar crosses; the stem leans far; closed to a triangle; in one stroke,
    // round below.
    shape(4, '10,4 6,24 4,46! 30,50 60,46', '60,2 56,46 52,100'),
    shape(2, '14,2 8,26 6,52! 34,55 74,50', '54,14 50,56 46,100'),
    shape(2, '12,10 10,36 2,58! 34,58 76,54', '74,0 54,46 36,100'),
    shape(2, '48,0 26,30 2,62! 36,62 72,60', '50,2 48,50 46,100'),
    shape(3, '8,4 4,30 16,50 40,48 58,20 62,2! 58,50 54,100'),
  ],
  [
    // Stem and belly, then the hat; all in one from the hat on; soft like an S; small under a long rising hat.
    shape(4, '18,6 14,24 12,42! 34,36 58,50 60,78 36,98 4,92', '18,6 40,5 64,2'),
    shape(3, '64,3 40,4 22,6! 18,24 14,44! 40,40 58,60 50,88 26,99 2,92'),
    shape(2, '64,4 38,4 20,18 24,38 46,52 56,72 42,94 6,96'),
    shape(2, '26,22 16,50! 40,48 50,70 34,94 4,98', '26,22 54,12 88,2'),
  ],
  [
    // A bow into a loop; straight stem; small loop; the loop drawn wide and left open.
    shape(4, '48,0 24,20 8,50 8,82 28,99 50,88 54,66 36,54 12,68'),
    shape(3, '34,0 20,26 8,58 12,88 34,98 54,82 50,60 30,56 10,76'),
    shape(2, '56,2 28,16 8,44 4,76 22,98 44,94 50,76 36,64 14,78 10,86'),
    shape(2, '44,0 18,28 4,64 20,96 50,96 64,76 50,58 26,62'),
  ],
  [
    // Plain; with a bar; with a hook at the left; bent; leaning far.
    shape(4, '4,8 32,6 64,3! 48,36 34,68 26,100'),
    shape(2, '4,6 34,6 64,4! 46,46 30,100', '16,52 38,50 60,46'),
    shape(2, '4,22 8,6! 36,6 66,2! 50,44 38,100'),
    shape(3, '2,12 26,8 56,4 62,14 46,42 34,70 32,100'),
    shape(2, '2,20 30,14 72,6! 46,48 14,100'),
  ],
  [
    // One stroke from the right; one stroke from the middle; two rings; open at the top.
    shape(4, '54,12 36,1 14,12 20,34 46,54 56,76 40,98 14,92 10,72 30,50 52,30 54,10'),
    shape(3, '32,46 14,28 22,4 46,4 54,22 34,46 12,68 14,92 38,99 56,82 50,60 30,44'),
    shape(1, '34,1 16,10 14,32 34,46 52,32 50,10 32,2', '34,46 12,60 10,86 34,99 56,86 54,60 32,46'),
    shape(3, '62,8 36,2 16,20 32,42 52,62 48,90 26,99 8,84 20,60 44,38 64,12'),
  ],
  [
    // Ring, then a straight stem; bent stem; hook below; ring left open; a small ring on a leaning stem.
    shape(4, '56,10 34,1 10,16 8,38 28,48 50,34 58,10! 55,52 50,100'),
    shape(3, '54,8 28,4 6,28 20,48 44,38 56,12! 54,46 44,76 34,100'),
    shape(2, '56,12 34,0 10,16 12,40 36,46 56,14! 60,54 48,90 26,99 8,90'),
    shape(2, '48,6 20,10 8,32 28,46 54,32 60,8! 56,56 54,100'),
    shape(2, '54,6 32,2 14,18 16,34 34,36 52,16 56,6! 40,52 22,100'),
  ],
];
