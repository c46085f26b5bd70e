// Glyphs: handwritten-looking digits that the app draws itself, so that the first run needs no download. Image i
// depends on nothing but i and the seed below, on every machine: the data set is the same for everybody, for ever.

import { UserError } from '../../shared/contract.ts';
import { imageSet } from './image-set.ts';
import type { ImageSource } from './image-source.ts';
import { drawGlyph, GLYPH_SIZE } from './glyph-pen.ts';
import type { Random } from './glyph-pen.ts';
import { GLYPH_SHAPES } from './glyph-shapes.ts';
import type { GlyphShape } from './glyph-shapes.ts';

const COUNT = 60_000;
const CLASSES = GLYPH_SHAPES.length;
/** Another seed, shape or pen is another data set: it would need another id. */
const SEED = 20_261_121;

export const glyphs = imageSet({
  id: 'glyphs',
  title: 'Glyphs',
  about: '60,000 digits, grey, 28 x 28 pixels, drawn by Saddle with a simulated pen: like MNIST, without a download.',
  licence: 'CC0 1.0',
  source: 'Drawn by Saddle',
  height: GLYPH_SIZE,
  width: GLYPH_SIZE,
  channels: 1,
  count: COUNT,
  classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  downloadBytes: 0,
  generated: true,
  isReady: () => true,
  fetch: () => Promise.resolve(),
  import: () => Promise.reject(new UserError('Glyphs: Saddle draws this data set itself; there is nothing to import.')),
  openSource: () => Promise.resolve(openGlyphs()),
});

function openGlyphs(): ImageSource {
  const size = GLYPH_SIZE * GLYPH_SIZE;
  const labels = makeLabels();
  // Each image is drawn when it is first asked for and kept: later epochs only copy.
  const drawn = new Uint8Array(COUNT);
  const pixels = new Uint8Array(COUNT * size);
  const read = (indices: ArrayLike<number>) => {
    const images = new Uint8Array(indices.length * size);
    for (let position = 0; position < indices.length; position++) {
      const index = indices[position]!;
      if (!(index >= 0 && index < COUNT)) throw new RangeError(`image ${index} of ${COUNT}`);
      const image = pixels.subarray(index * size, (index + 1) * size);
      if (drawn[index] === 0) {
        const random = randomOf(2 * index);
        drawGlyph(pickShape(GLYPH_SHAPES[labels[index]!]!, random), random, image);
        drawn[index] = 1;
      }
      images.set(image, position * size);
    }
    return images;
  };
  return {
    count: COUNT,
    labels,
    own: { height: GLYPH_SIZE, width: GLYPH_SIZE, channels: 1, crop: 'centre', resize: null },
    originalSize: { height: GLYPH_SIZE, width: GLYPH_SIZE },
    identity: () => Promise.resolve(`glyphs ${SEED}`),
    original: (index) => Promise.resolve({ height: GLYPH_SIZE, width: GLYPH_SIZE, channels: 1, data: read([index]) }),
    read,
    close() {},
  };
}

/** Every ten images hold each digit once, in an order of their own: the classes are balanced in any long stretch. */
function makeLabels(): Uint8Array {
  const labels = new Uint8Array(COUNT);
  for (let start = 0; start < COUNT; start += CLASSES) {
    const random = randomOf(2 * start + 1);
    for (let place = 0; place < CLASSES; place++) {
      const other = Math.floor(random() * (place + 1));
      labels[start + place] = labels[start + other]!;
      labels[start + other] = place;
    }
  }
  return labels;
}

function pickShape(shapes: readonly GlyphShape[], random: Random): GlyphShape {
  let rest = random() * shapes.reduce((total, { weight }) => total + weight, 0);
  return shapes.find(({ weight }) => (rest -= weight) < 0) ?? shapes[0]!;
}

/** A generator of its own for each stream (Mulberry32 by T. Ettinger, started at a mixed seed): whole-number arithmetic, equal everywhere. */
function randomOf(stream: number): Random {
  let state = mix(SEED ^ mix(stream + 1));
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The finaliser of MurmurHash3: neighbouring numbers give unrelated ones. */
function mix(number: number): number {
  let bits = number | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
