// A film made in a worker of its own, with how far it is; aborting ends the worker at once.

import type { FilmOrder, FilmReport } from './film-messages.ts';

/** Rejects when a picture is gone, when the encoder gives up, and with the signal's reason when it is aborted. */
export function makeFilm(order: FilmOrder, signal: AbortSignal, onprogress: (done: number) => void): Promise<Blob> {
  const worker = new Worker(new URL('./film-worker.ts', import.meta.url), { type: 'module' });
  const type = order.format === 'webp' ? 'image/webp' : `video/${order.format}`;
  return new Promise<Blob>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    worker.onerror = (event) => reject(new Error(event.message || 'the worker that makes the film did not start'));
    worker.onmessage = ({ data }: MessageEvent<FilmReport>) => {
      if (data.kind === 'at') onprogress(data.done);
      else if (data.kind === 'done') resolve(new Blob([data.bytes], { type }));
      else reject(new Error(data.reason));
    };
    worker.postMessage(order);
  }).finally(() => worker.terminate());
}
