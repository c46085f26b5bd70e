// TensorFlow's wheel on this disk: pip says where it is, we fetch it (resumable, against the pinned checksum), and
// its libraries and the few headers the addon needs are unpacked. Python itself is not needed to run it.

import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { openPromise, type Entry } from 'yauzl';
import { UserError } from '../../shared/contract.ts';
import { compareWithExpectation } from '../download/checksum.ts';
import { download } from '../download/download.ts';
import type { WheelFile } from './releases.ts';
import { lastWords, runCommand } from './run-command.ts';

export type PartProgress = (received: number, total: number) => void;

/** `ours` is false for a file that belongs to somebody else (a local index): read in place and never deleted. */
export interface FetchedFile {
  readonly path: string;
  readonly ours: boolean;
}

const PYTHONS = process.platform === 'win32' ? ['py', 'python', 'python3'] : ['python3', 'python'];

/** The first Python that has pip, or null. */
export async function findPip(signal?: AbortSignal): Promise<string | null> {
  for (const python of PYTHONS) {
    if ((await runCommand(python, ['-m', 'pip', '--version'], { signal })).code === 0) return python;
  }
  return null;
}

/** Throws UserError with what pip said when it does not know the wheel or cannot fetch it. */
export async function fetchWheel(
  release: WheelFile,
  python: string,
  folder: string,
  progress: PartProgress,
  signal?: AbortSignal,
): Promise<FetchedFile> {
  const url = await askPip(release, python, signal);
  if (url?.startsWith('file:')) {
    const path = fileURLToPath(url);
    if ((await compareWithExpectation(path, release)) === null) return { path, ours: false };
  }
  const path = join(folder, release.file);
  let problem = '';
  if (url?.startsWith('http')) {
    try {
      const { sha256, bytes } = release;
      await download({ sources: [url], file: path, sha256, bytes, progress, signal });
      return { path, ours: true };
    } catch (failure) {
      // An index that wants credentials, or a proxy that only pip knows: pip itself may still get it.
      if (!(failure instanceof UserError)) throw failure;
      problem = `${failure.message}\n`;
    }
  }
  await downloadByPip(release, python, path, problem, signal);
  return { path, ours: true };
}

/** The wheel's address as the user's pip resolves it; null when pip is too old to say (before 22.2) or finds nothing. */
async function askPip(release: WheelFile, python: string, signal?: AbortSignal): Promise<string | null> {
  const only = ['--ignore-installed', '--no-deps', '--only-binary=:all:', ...release.target];
  const args = ['-m', 'pip', 'install', '--dry-run', ...only, '--target', 'unused', '--report', '-', '--quiet'];
  const result = await runCommand(python, [...args, '--no-input', release.requirement], { signal });
  if (result.code !== 0) return null;
  try {
    const report = JSON.parse(result.stdout) as { install?: { download_info?: { url?: string } }[] };
    return report.install?.[0]?.download_info?.url ?? null;
  } catch {
    // Not the report that we know: pip download does without it.
    return null;
  }
}

async function downloadByPip(
  release: WheelFile,
  python: string,
  path: string,
  before: string,
  signal?: AbortSignal,
): Promise<void> {
  const folder = `${path}.pip`;
  await mkdir(folder, { recursive: true });
  try {
    const args = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', ...release.target, '--dest', folder];
    const result = await runCommand(python, [...args, '--no-input', '--quiet', release.requirement], { signal });
    if (result.code !== 0) {
      throw new UserError(`${before}pip could not fetch ${release.requirement}:\n${lastWords(result)}`);
    }
    const fetched = join(folder, basename(path));
    const wrong = await compareWithExpectation(fetched, release);
    if (wrong !== null) throw new UserError(`pip brought a wrong ${release.file}: ${wrong}`);
    await rename(fetched, path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Headers that the addon's sources include, directly or not. */
const HEADERS = ['tensorflow/c/', 'tensorflow/core/platform/ctstring', 'tsl/platform/ctstring', 'xla/tsl/c/'];

/** What is taken out of a wheel. */
export interface Contents {
  /** TensorFlow's own, below its package; the headers come with them. */
  readonly libraries?: readonly string[];
  /** Folders in the wheel, each with the folder in the pack that its files go to. */
  readonly folders?: Readonly<Record<string, string>>;
}

/** Unpacks TensorFlow's libraries to FOLDER/lib and its headers to FOLDER/include, and other folders as `contents` says. */
export async function unpackWheel(
  contents: Contents,
  file: string,
  folder: string,
  progress: PartProgress,
  signal?: AbortSignal,
): Promise<void> {
  const zip = await openPromise(file, { lazyEntries: true, autoClose: false });
  try {
    const wanted: { entry: Entry; target: string }[] = [];
    for await (const entry of zip.eachEntry()) {
      const target = targetOf(contents, entry.fileName);
      if (target !== null) wanted.push({ entry, target: join(folder, target) });
    }
    const total = wanted.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
    let done = 0;
    for (const { entry, target } of wanted) {
      await mkdir(dirname(target), { recursive: true });
      const bytes = await zip.openReadStreamPromise(entry);
      bytes.on('data', (piece: Buffer) => progress((done += piece.length), total));
      await pipeline(bytes, createWriteStream(target, { mode: modeOf(entry) }), { signal });
    }
  } finally {
    zip.close();
  }
}

/** Programs stay programs. */
function modeOf({ externalFileAttributes }: Entry): number {
  return (externalFileAttributes >>> 16) & 0o111 ? 0o755 : 0o644;
}

function targetOf({ libraries = [], folders = {} }: Contents, name: string): string | null {
  const library = libraries.find((file) => name === `tensorflow/${file}`);
  if (library !== undefined) return join('lib', library);
  const folder = Object.keys(folders).find((prefix) => name.startsWith(prefix) && !name.endsWith('/'));
  if (folder !== undefined) return join(folders[folder]!, ...name.slice(folder.length).split('/'));
  if (libraries.length === 0) return null;
  const header = name.startsWith('tensorflow/include/') ? name.slice('tensorflow/include/'.length) : '';
  if (!header.endsWith('.h') || !HEADERS.some((prefix) => header.startsWith(prefix))) return null;
  return join('include', header.split('/').join(sep));
}
