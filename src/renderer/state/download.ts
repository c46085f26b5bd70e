// Files handed to the browser to save: made in the window itself, or by the host.

import { formatBytes } from '../text/format.ts';
import { text } from '../text/text.ts';
import type { Advance, Notices } from './notices.svelte.ts';

/** Pixels a point of 1/72 inch: 300 dpi. */
const PNG_SCALE = 300 / 72;

export function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser has its own hold of the bytes once the click is over.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** A name that every file system takes. */
export function fileName(...parts: readonly string[]): string {
  return parts.map((part) => part.replace(/[^\p{L}\p{N}.-]+/gu, '-').replace(/^-+|-+$/g, '')).join('-');
}

export async function svgToPng(svg: string, width: number, height: number): Promise<Blob> {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(width * PNG_SCALE);
    canvas.height = Math.round(height * PNG_SCALE);
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await toPng(canvas);
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

/** Rejects when the canvas is larger than the browser can hold. */
export function toPng(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else
        reject(new Error(`a picture of ${canvas.width} x ${canvas.height} pixels is more than this browser can make`));
    }, 'image/png');
  });
}

/**
 * Fetches what the host makes and saves it. A plain link would do it too, but the app on the desktop shows nothing of a download:
 * here a message says how far it is, and ends it. `what` names it until the host does.
 */
export async function takeFile(notices: Notices, what: string, address: string): Promise<void> {
  const file = await notices.follow(text.exports.saving(what), (signal, advance) => readFile(address, signal, advance));
  if (file) saveFile(file.name ?? fileName(what), file.content);
}

/** `name` is the one the host gives. */
export async function readFile(
  address: string,
  signal: AbortSignal,
  advance: (at: Advance) => void,
): Promise<{ readonly name: string | null; readonly content: Blob }> {
  const answer = await fetch(address, { signal });
  if (!answer.ok) throw new Error((await answer.text()).trim());
  const total = Number(answer.headers.get('Content-Length') ?? 0);
  let received = 0;
  const count = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      received += piece.byteLength;
      advance({ share: total > 0 ? received / total : null, detail: formatBytes(received) });
      controller.enqueue(piece);
    },
  });
  const content = await new Response(answer.body!.pipeThrough(count)).blob();
  const name = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? null;
  return { name, content: new Blob([content], { type: answer.headers.get('Content-Type') ?? '' }) };
}
