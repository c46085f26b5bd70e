// Single WebP pictures put together as one that moves, as the container specification of WebP has it (RFC 9649): nothing is
// encoded again. Browsers write single ones, losslessly at the highest quality, but none with several frames.

export interface WebpFrame {
  /** A WebP file of one picture, of the animation's size. */
  readonly file: Uint8Array;
  readonly durationMs: number;
}

/** Plays without end. Throws for a frame that is no WebP file. */
export function writeAnimatedWebp(
  frames: readonly WebpFrame[],
  width: number,
  height: number,
): Uint8Array<ArrayBuffer> {
  const pictures = frames.map(({ file, durationMs }) => ({ durationMs, chunks: pictureChunks(file) }));
  const hasAlpha = pictures.some(({ chunks }) => chunks.some(({ name }) => name === 'ALPH'));
  const head = new Uint8Array(10);
  head[0] = 0b10 | (hasAlpha ? 0b10000 : 0);
  put(head, 4, width - 1, 3);
  put(head, 7, height - 1, 3);
  // White ground, no end of the repetition.
  const chunks = [toChunk('VP8X', head), toChunk('ANIM', Uint8Array.of(255, 255, 255, 255, 0, 0))];
  for (const { durationMs, chunks: own } of pictures) {
    const place = new Uint8Array(16);
    put(place, 6, width - 1, 3);
    put(place, 9, height - 1, 3);
    put(place, 12, Math.round(durationMs), 3);
    // Each replaces the one before instead of being blended with it.
    place[15] = 0b10;
    chunks.push(toChunk('ANMF', join([place, ...own.map(({ name, data }) => toChunk(name, data))])));
  }
  const body = join([letters('WEBP'), ...chunks]);
  return toChunk('RIFF', body);
}

interface Chunk {
  readonly name: string;
  readonly data: Uint8Array;
}

function pictureChunks(file: Uint8Array): readonly Chunk[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const nameAt = (at: number): string => String.fromCharCode(...file.subarray(at, at + 4));
  if (file.length < 12 || nameAt(0) !== 'RIFF' || nameAt(8) !== 'WEBP') {
    throw new Error('expected a WebP picture from the browser, found something else');
  }
  const found: Chunk[] = [];
  for (let at = 12; at + 8 <= file.length;) {
    const [name, size] = [nameAt(at), view.getUint32(at + 4, true)];
    if (['VP8 ', 'VP8L', 'ALPH'].includes(name)) found.push({ name, data: file.subarray(at + 8, at + 8 + size) });
    at += 8 + size + (size % 2);
  }
  return found;
}

/** Padded to an even length, which its size does not count. */
function toChunk(name: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(8 + data.length + (data.length % 2));
  chunk.set(letters(name));
  put(chunk, 4, data.length, 4);
  chunk.set(data, 8);
  return chunk;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function letters(name: string): Uint8Array {
  return Uint8Array.from(name, (letter) => letter.charCodeAt(0));
}

/** Little endian. */
function put(into: Uint8Array, at: number, value: number, bytes: number): void {
  for (let byte = 0; byte < bytes; byte++) into[at + byte] = Math.floor(value / 256 ** byte) % 256;
}
