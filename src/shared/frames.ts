// Frames as text for WebSocket: JSON in which typed arrays are base64, so that columns of numbers keep NaN,
// the infinities and their size. Electron's transport clones typed arrays itself and does not use this.

declare function btoa(bytes: string): string;
declare function atob(text: string): string;

const kinds = { Float32Array, Float64Array, Uint32Array, Int32Array, Uint8Array } as const;
type Kind = keyof typeof kinds;

const KEY = '$column';

export function encodeFrame(frame: unknown): string {
  return JSON.stringify(frame, (_key, value: unknown) => {
    if (!ArrayBuffer.isView(value))
      return typeof value === 'number' && !Number.isFinite(value) ? { $number: String(value) } : value;
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    let text = '';
    // In pieces: a call takes only so many arguments.
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return { [KEY]: value.constructor.name, base64: btoa(text) };
  });
}

/** Throws SyntaxError for text that is not JSON, TypeError for a column of unknown kind. */
export function decodeFrame(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    if ('$number' in value) return Number(value.$number);
    if (!(KEY in value) || !('base64' in value)) return value;
    const kind = kinds[value[KEY] as Kind];
    if (!kind) throw new TypeError(`column of unknown kind ${String(value[KEY])}`);
    const binary = atob(String(value.base64));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return new kind(bytes.buffer);
  });
}
