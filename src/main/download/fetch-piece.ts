// One HTTP request for what is still missing of a file: asks for a range, believes only what the answer says it is,
// and appends to the partial file as bytes come in.

import { open, rm } from 'node:fs/promises';
import { sizeOf } from './checksum.ts';

export interface PieceRequest {
  readonly source: string;
  readonly part: string;
  /** ETag or Last-Modified of the bytes already there, when known: the server then sends all if the file changed. */
  readonly validator: string | null;
  readonly bytes?: number;
  readonly signal?: AbortSignal;
  readonly stallMs?: number;
  readonly progress?: (received: number, total: number) => void;
}

/** `problem` says why the piece ended early; the bytes that came are kept. */
export type Piece =
  | { readonly complete: true }
  | { readonly complete: false; readonly validator: string | null; readonly problem: string };

/** Why a source did not give the file. Final: the same source is not worth another attempt. */
export class Failure extends Error {
  readonly final: boolean;
  constructor(message: string, final = true) {
    super(message);
    this.final = final;
  }
}

const STALL_MS = 30_000;

export async function fetchPiece(request: PieceRequest): Promise<Piece> {
  const have = (await sizeOf(request.part)) ?? 0;
  if (request.bytes !== undefined && have === request.bytes) return { complete: true };
  if (request.bytes !== undefined && have > request.bytes) {
    await rm(request.part);
    return fetchPiece(request);
  }
  const stall = stallWatch(request.stallMs ?? STALL_MS);
  const signal = request.signal ? AbortSignal.any([request.signal, stall.signal]) : stall.signal;
  try {
    const response = await fetch(request.source, { headers: rangeHeaders(have, request.validator), signal });
    const place = await placeOf(response, have, request);
    if (place === 'start again') return await fetchPiece({ ...request, validator: null });
    return await append(response, place, request, stall.touch);
  } catch (problem) {
    if (problem instanceof Failure || request.signal?.aborted) throw problem;
    throw new Failure(stall.signal.aborted ? stall.message : describe(problem), false);
  } finally {
    stall.end();
  }
}

function rangeHeaders(have: number, validator: string | null): Record<string, string> {
  // Compressed answers have other byte positions than the file.
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (have > 0) headers['range'] = `bytes=${have}-`;
  if (have > 0 && validator !== null) headers['if-range'] = validator;
  return headers;
}

interface Place {
  readonly start: number;
  /** Size of the whole file, 0 when the server does not say. */
  readonly total: number;
}

/** Where the bytes of this answer belong. Throws Failure when they cannot be of the expected file. */
async function placeOf(response: Response, have: number, request: PieceRequest): Promise<Place | 'start again'> {
  if (response.status !== 200 && response.status !== 206) await response.body?.cancel();
  if (response.status === 416 && have > 0) {
    await rm(request.part);
    return 'start again';
  }
  if (response.status !== 200 && response.status !== 206) {
    const passing = response.status >= 500 || [408, 425, 429].includes(response.status);
    throw new Failure(`the server answered ${response.status} ${response.statusText}`.trim(), !passing);
  }
  const place = response.status === 206 ? readContentRange(response) : wholeFile(response);
  if (place === null || place.start !== have) {
    if (place?.start !== 0) throw new Failure(`the server sent the wrong range (asked for ${have} and on)`);
  }
  if (request.bytes !== undefined && place.total > 0 && place.total !== request.bytes) {
    await response.body?.cancel();
    throw new Failure(`expected ${request.bytes} bytes, the server has ${place.total}`);
  }
  return place;
}

function readContentRange(response: Response): Place | null {
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  if (!match) return null;
  return { start: Number(match[1]), total: match[2] === '*' ? 0 : Number(match[2]) };
}

function wholeFile(response: Response): Place {
  // The length of an encoded body is not the file's.
  const encoded = !['identity', null].includes(response.headers.get('content-encoding'));
  return { start: 0, total: encoded ? 0 : Number(response.headers.get('content-length') ?? 0) };
}

async function append(response: Response, place: Place, request: PieceRequest, touch: () => void): Promise<Piece> {
  const total = place.total || request.bytes || 0;
  const file = await open(request.part, place.start > 0 ? 'r+' : 'w');
  let received = place.start;
  let problem = 'the connection was closed early';
  let ended = false;
  try {
    request.progress?.(received, total);
    for await (const bytes of response.body ?? []) {
      touch();
      await file.write(bytes, 0, bytes.length, received);
      received += bytes.length;
      request.progress?.(received, total);
      if (request.bytes !== undefined && received > request.bytes) {
        throw new Failure(`expected ${request.bytes} bytes, the server sent more`);
      }
    }
    ended = true;
  } catch (stop) {
    if (stop instanceof Failure || request.signal?.aborted || isFileProblem(stop)) throw stop;
    problem = describe(stop);
  } finally {
    await file.close();
  }
  if (ended && (total === 0 || received === total)) return { complete: true };
  const validator = strongEtag(response) ?? response.headers.get('last-modified');
  return { complete: false, validator, problem: `${problem} at ${received} of ${total || 'unknown'} bytes` };
}

/** If-Range takes no weak tags. */
function strongEtag(response: Response): string | null {
  const etag = response.headers.get('etag');
  return etag === null || etag.startsWith('W/') ? null : etag;
}

/** Disk full and the like: no other mirror would help. */
function isFileProblem(problem: unknown): boolean {
  return problem instanceof Error && ['write', 'open'].includes(String((problem as NodeJS.ErrnoException).syscall));
}

/** fetch hides the reason (refused, name not found, certificate) in `cause`. */
function describe(problem: unknown): string {
  if (!(problem instanceof Error)) return String(problem);
  const cause = problem.cause instanceof Error ? problem.cause : null;
  return cause === null ? problem.message : cause.message || String((cause as NodeJS.ErrnoException).code);
}

function stallWatch(ms: number): { signal: AbortSignal; message: string; touch(): void; end(): void } {
  const controller = new AbortController();
  const message = `nothing arrived for ${ms / 1000} s`;
  const timer = setTimeout(() => controller.abort(new Error(message)), ms);
  return { signal: controller.signal, message, touch: () => timer.refresh(), end: () => clearTimeout(timer) };
}
