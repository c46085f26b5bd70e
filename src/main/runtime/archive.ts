// TensorFlow's own archive of the C library, for machines where pip cannot give the wheel.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../shared/contract.ts';
import { download } from '../download/download.ts';
import type { ArchiveRelease } from './releases.ts';
import { lastWords, runCommand } from './run-command.ts';
import type { FetchedFile, PartProgress } from './wheel.ts';

export async function fetchArchive(
  release: ArchiveRelease,
  folder: string,
  progress: PartProgress,
  signal?: AbortSignal,
): Promise<FetchedFile> {
  const path = join(folder, release.file);
  await download({ sources: [release.url], file: path, sha256: release.sha256, progress, signal });
  return { path, ours: true };
}

/** The archive holds `lib` and `include` as we want them. Throws UserError when tar fails. */
export async function unpackArchive(file: string, folder: string, signal?: AbortSignal): Promise<void> {
  await mkdir(folder, { recursive: true });
  const result = await runCommand('tar', ['-xzf', file, '-C', folder], { signal });
  if (result.code !== 0) throw new UserError(`${file} could not be unpacked with tar:\n${lastWords(result)}`);
}
