// Fetches one file over HTTP: resumable, checksummed, from a list of mirrors. What lies at the target path is whole
// and has the expected checksum, always: bytes are collected in NAME.part and renamed after the check.

import { open, rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../shared/contract.ts';
import { compareWithExpectation, describeExpectation, sizeOf, type Expectation } from './checksum.ts';
import { Failure, fetchPiece, type Piece } from './fetch-piece.ts';
import { makeFolderOf, syncFolderOf } from './folders.ts';
import { withLock } from './lock.ts';

export interface DownloadRequest extends Expectation {
  /** Addresses of the same file, tried in this order. */
  readonly sources: readonly string[];
  /** Path to write; its folder is made. */
  readonly file: string;
  readonly signal?: AbortSignal;
  /** Bytes there so far and in all (0 while unknown); called for each piece that arrives. */
  readonly progress?: (received: number, total: number) => void;
  /** A connection that brings nothing for this long is dropped and made again. */
  readonly stallMs?: number;
  /** Wait before the second attempt; doubled for each further one that brings nothing. */
  readonly backOffMs?: number;
}

/** Attempts in a row that bring no byte, and attempts in all, before the next mirror is tried. */
const EMPTY_ATTEMPTS = 4;
const ALL_ATTEMPTS = 50;

/**
 * Returns when `file` is there and right; at once when it already is. A NAME.part left by an earlier call is gone on
 * with if there is a checksum to prove the whole. Two processes that want the same file take turns. Throws UserError
 * naming the file, what was expected and why each source failed; the signal's reason when aborted.
 */
export async function download(request: DownloadRequest): Promise<void> {
  await makeFolderOf(request.file);
  await withLock(`${request.file}.lock`, request.signal, async () => {
    if ((await sizeOf(request.file)) !== null && (await compareWithExpectation(request.file, request)) === null) return;
    await downloadFromMirrors(request);
  });
}

async function downloadFromMirrors(request: DownloadRequest): Promise<void> {
  const part = `${request.file}.part`;
  // Without a checksum nothing proves that the old bytes belong to today's file.
  if (request.sha256 === undefined && request.md5 === undefined) await rm(part, { force: true });
  const failures: string[] = [];
  for (const source of request.sources) {
    try {
      await collect(source, part, request);
      await install(part, request.file);
      return;
    } catch (problem) {
      if (!(problem instanceof Failure)) throw problem;
      failures.push(`  ${source}: ${problem.message}`);
    }
  }
  throw new UserError(
    `${basename(request.file)} could not be downloaded (expected ${describeExpectation(request)}).\n` +
      `${failures.join('\n') || '  no source is known'}\n` +
      `Check the connection or the proxy settings and try again: what has arrived is kept. ` +
      `Or put the file at ${request.file} yourself.`,
  );
}

/** Brings `part` to the whole, checked file from one source. Throws Failure when this source cannot give it. */
async function collect(source: string, part: string, request: DownloadRequest): Promise<void> {
  const sizeBefore = (await sizeOf(part)) ?? 0;
  await collectAllBytes(source, part, request);
  const wrong = await compareWithExpectation(part, request);
  if (wrong === null) return;
  await rm(part, { force: true });
  if (sizeBefore === 0) throw new Failure(`wrong file: ${wrong}`);
  // Some of the bytes came from elsewhere or an earlier day: this source gets a chance to send all of them.
  await collectAllBytes(source, part, request);
  const stillWrong = await compareWithExpectation(part, request);
  if (stillWrong === null) return;
  await rm(part, { force: true });
  throw new Failure(`wrong file: ${stillWrong}`);
}

async function collectAllBytes(source: string, part: string, request: DownloadRequest): Promise<void> {
  let validator: string | null = null;
  let empty = 0;
  for (let attempt = 1; ; attempt++) {
    const before = (await sizeOf(part)) ?? 0;
    let piece: Piece;
    try {
      piece = await fetchPiece({ source, part, validator, ...request });
    } catch (problem) {
      request.signal?.throwIfAborted();
      if (!(problem instanceof Failure) || problem.final) throw problem;
      piece = { complete: false, validator, problem: problem.message };
    }
    if (piece.complete) return;
    validator = piece.validator;
    empty = ((await sizeOf(part)) ?? 0) > before ? 0 : empty + 1;
    if (empty >= EMPTY_ATTEMPTS || attempt >= ALL_ATTEMPTS)
      throw new Failure(`${piece.problem} (tried ${attempt} times)`);
    const waitMs = (request.backOffMs ?? 500) * 2 ** empty;
    await sleep(waitMs, undefined, { signal: request.signal }).catch(() => request.signal?.throwIfAborted());
  }
}

/** The last step is one rename, so that nobody ever sees half a file. */
async function install(part: string, file: string): Promise<void> {
  const handle = await open(part, 'r+');
  await handle.sync();
  await handle.close();
  await rename(part, file);
  await syncFolderOf(file);
}
