// Several files in one answer: of each its length in bytes (32 bits, lower byte first), then its bytes. A film of thousands of
// small grids would spend most of its time on requests.

/** How many files a bundle may be asked for at once. */
export const MOST_IN_BUNDLE = 200;

export function joinBundle(files: readonly Uint8Array[]): Uint8Array {
  const bundle = new Uint8Array(files.reduce((sum, { length }) => sum + 4 + length, 0));
  const view = new DataView(bundle.buffer);
  let at = 0;
  for (const file of files) {
    view.setUint32(at, file.length, true);
    bundle.set(file, at + 4);
    at += 4 + file.length;
  }
  return bundle;
}

/** Views of the bundle's own memory. Throws RangeError when it ends in the middle of a file. */
export function splitBundle(bundle: Uint8Array): Uint8Array[] {
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const files: Uint8Array[] = [];
  for (let at = 0; at < bundle.length;) {
    const end = at + 4 + view.getUint32(at, true);
    if (end > bundle.length) throw new RangeError(`the bundle has ${bundle.length} bytes, expected at least ${end}`);
    files.push(bundle.subarray(at + 4, end));
    at = end;
  }
  return files;
}
