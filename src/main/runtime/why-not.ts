// Whether native TensorFlow can be had on this machine at all, from what lies on its disk: nothing is started.

import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { COMPILER_HINT } from './compile.ts';
import { isBuiltHere } from './releases.ts';

/** What the answer depends on; the defaults are this machine. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Null where the C library is not glibc. */
  readonly glibc: string | null;
  /** Text of /proc/cpuinfo, empty where there is none. */
  readonly processor: string;
}

const OFFICIAL = ['darwin-x64', 'darwin-arm64', 'win32-x64', 'linux-arm64'];

/** Null when an installation can be tried, else the reason why not and what to do, as sentences for people. */
export function whyNotInstallable(machine: Machine = thisMachine()): string | null {
  const { platform, arch } = machine;
  if (!isBuiltHere(platform, arch)) {
    if (OFFICIAL.includes(`${platform}-${arch}`)) return null;
    return `TensorFlow is not made for ${platform} on ${arch} (it is for ${OFFICIAL.join(', ')}, linux-x64).`;
  }
  if (machine.glibc === null) {
    return 'TensorFlow needs a Linux with the GNU C library (glibc); this one has another, as Alpine does.';
  }
  if (isOlder(machine.glibc, '2.27')) return `TensorFlow needs glibc 2.27 or newer; this system has ${machine.glibc}.`;
  if (machine.processor !== '' && !/\bavx\b/.test(machine.processor)) {
    return 'TensorFlow needs a processor with AVX instructions; this one has none.';
  }
  if (!hasCompiler(machine.env)) return `No C++ compiler was found (tried g++, c++, clang++). ${COMPILER_HINT}`;
  return null;
}

function thisMachine(): Machine {
  return {
    platform: process.platform,
    arch: process.arch,
    env: process.env,
    glibc: process.platform === 'linux' ? glibcVersion() : null,
    processor: readOr('/proc/cpuinfo', ''),
  };
}

function glibcVersion(): string | null {
  // Looking up the names of network interfaces can take seconds.
  const report = process.report as typeof process.report & { excludeNetwork: boolean };
  report.excludeNetwork = true;
  const { header } = report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime ?? null;
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [thanMajor = 0, thanMinor = 0] = than.split('.').map(Number);
  return major < thanMajor || (major === thanMajor && minor < thanMinor);
}

function hasCompiler(env: Machine['env']): boolean {
  if (env['CXX']) return true;
  const folders = (env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return folders.some((folder) => ['g++', 'c++', 'clang++'].some((program) => isExecutable(join(folder, program))));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}
