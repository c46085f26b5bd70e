// What passes between the window and the worker that makes a film: one order, then how far it is, then the file.

import type { RunId } from '../../shared/run.ts';
import type { FilmCodec, FilmFormat } from './film-format.ts';
import type { FilmLayout } from './film-plan.ts';

export interface FilmPicture {
  readonly run: RunId;
  readonly id: number;
  /** Of its file. */
  readonly bytes: number;
  /** Its step, as it is written above it. */
  readonly caption: string;
}

export interface FilmOrder {
  readonly format: FilmFormat | 'webp';
  /** Null for WebP, which is a row of pictures. */
  readonly codec: FilmCodec | null;
  readonly perSecond: number;
  readonly layout: FilmLayout;
  /** CSS font family of the captions. */
  readonly font: string;
  readonly names: readonly string[];
  /** An entry a frame, in it an entry a run. */
  readonly frames: readonly (readonly (FilmPicture | null)[])[];
}

export type FilmReport =
  | { readonly kind: 'at'; readonly done: number }
  | { readonly kind: 'done'; readonly bytes: ArrayBuffer }
  | { readonly kind: 'failed'; readonly reason: string };
