// Fetches and builds native TensorFlow: fetch, unpack, compile, probe; then one rename puts the pack in place. All of
// it happens in a staging folder, two installations at once take turns, and an interrupted download is gone on with.

import { mkdir, readdir, rename, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../shared/contract.ts';
import { withLock } from '../download/lock.ts';
import { cacheFolder } from '../home.ts';
import { buildPack, type Building } from './build-pack.ts';
import { knownCards } from './cards.ts';
import { installOfficialPackage } from './official-package.ts';
import { cudaEnvironment } from './environment.ts';
import { findCudaRuntime, findProcessorRuntime, readPack, runtimesFolder, type RuntimePack } from './pack.ts';
import { probeBinding } from './probe-binding.ts';
import { isBuiltHere } from './releases.ts';
import { whyNotInstallable } from './why-not.ts';

/** `fraction` is of the whole installation, null while unknown. */
export type InstallProgress = (message: string, fraction: number | null) => void;

/** `cuda`: TensorFlow with NVIDIA's libraries, for their cards on Linux x64. */
export type PackKind = 'processor' | 'cuda';

export interface InstallOptions {
  /** Default: processor. */
  readonly kind?: PackKind;
  /** Builds a pack for NVIDIA cards where there is none, to be carried to another machine. */
  readonly withoutCard?: boolean;
  readonly signal?: AbortSignal;
  /** The Node binary (or Electron's) that the finished addon is tried with. */
  readonly node?: string;
}

const STAGING = '.staging-';
/** The download, the libraries unpacked, and air. */
const SPACE_BYTES: Readonly<Record<PackKind, number>> = { processor: 1_500_000_000, cuda: 7_000_000_000 };

/**
 * A pack that is there is tried and, when it works, returned; one that does not is built again. Throws UserError saying
 * what is missing and what to do; the signal's reason when aborted.
 */
export async function installRuntime(progress: InstallProgress, options: InstallOptions = {}): Promise<RuntimePack> {
  const present = await findWorkingRuntime(options);
  if (present !== null) return present;
  const obstacle = whyNotInstallable() ?? (options.kind === 'cuda' ? whyNotCuda(options) : null);
  if (obstacle !== null) throw new UserError(obstacle);
  await mkdir(runtimesFolder(), { recursive: true });
  const waiting = (holder: string): void => progress(`Waiting for another installation (process ${holder})`, null);
  return withLock(lockFile(), options.signal, () => installAlone(progress, options), waiting);
}

function whyNotCuda({ withoutCard = false }: InstallOptions): string | null {
  if (!isBuiltHere())
    return 'TensorFlow for NVIDIA cards is made for Linux x64 only: elsewhere cards train over WebGPU.';
  return withoutCard ? null : knownCards().obstacle;
}

async function findWorkingRuntime(options: InstallOptions): Promise<RuntimePack | null> {
  const pack = options.kind === 'cuda' ? findCudaRuntime() : findProcessorRuntime();
  if (pack === null) return null;
  try {
    const environment = pack.isCuda ? cudaEnvironment(pack.folder) : {};
    await probeBinding(pack.binding, nodeOf(options), options.signal, environment);
    return pack;
  } catch (problem) {
    // Damaged, or the system under it has changed: a new one will say more if it does not work either.
    if (problem instanceof UserError) return null;
    throw problem;
  }
}

function nodeOf(options: InstallOptions): string {
  return options.node ?? process.execPath;
}

/**
 * Gives the disk space of a pack back, or of all. Processes that run keep the libraries they have loaded (Windows refuses
 * the removal).
 */
export async function removeRuntime(kind?: PackKind): Promise<void> {
  await mkdir(cacheFolder(), { recursive: true });
  const pack = kind === 'cuda' ? findCudaRuntime() : kind === 'processor' ? findProcessorRuntime() : null;
  const folder = kind === undefined ? runtimesFolder() : pack?.folder;
  if (folder === undefined) return;
  await withLock(lockFile(), undefined, () => rm(folder, { recursive: true, force: true }));
}

function lockFile(): string {
  return join(cacheFolder(), 'runtimes.lock');
}

async function installAlone(progress: InstallProgress, options: InstallOptions): Promise<RuntimePack> {
  const meanwhile = await findWorkingRuntime(options);
  if (meanwhile !== null) return meanwhile;
  const { kind = 'processor' } = options;
  await checkSpace(SPACE_BYTES[kind]);
  await removeStaging();
  const staging = join(runtimesFolder(), `${STAGING}${process.pid}`);
  await mkdir(staging);
  const building: Building = {
    staging,
    folder: join(staging, 'pack'),
    downloads: join(cacheFolder(), 'downloads'),
    node: nodeOf(options),
    signal: options.signal,
    progress,
  };
  try {
    const name = isBuiltHere() ? await buildPack(building, kind) : await installOfficialPackage(building);
    return await putInPlace(building.folder, join(runtimesFolder(), name));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function putInPlace(folder: string, target: string): Promise<RuntimePack> {
  // A pack of an older format, or a damaged one: findRuntime has just refused it.
  await rm(target, { recursive: true, force: true });
  await rename(folder, target);
  const pack = readPack(target);
  if (pack === null) throw new Error(`the pack just built at ${target} cannot be read`);
  return pack;
}

/** What an installation that was killed has left; we hold the lock, so none of it is in use. */
async function removeStaging(): Promise<void> {
  const left = (await readdir(runtimesFolder())).filter((name) => name.startsWith(STAGING));
  for (const name of left) await rm(join(runtimesFolder(), name), { recursive: true, force: true });
}

async function checkSpace(needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(runtimesFolder());
  if (bavail * bsize >= needed) return;
  throw new UserError(
    `TensorFlow needs ${needed / 1e6} MB of free space in ${runtimesFolder()}; there are ` +
      `${Math.floor((bavail * bsize) / 1e6)} MB. Free some, or name another folder with SADDLE_CACHE.`,
  );
}
