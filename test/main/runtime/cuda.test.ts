// TensorFlow for NVIDIA cards, as far as it goes without one: what is made of nvidia-smi's answers (of a script that gives
// them), which pack is taken, what a training process is given, and wheels through the real pip from an index here.

import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { zipSync, type Zippable } from 'fflate';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { bringWheels } from '../../../src/main/runtime/build-pack.ts';
import { readCards, usedOnCards } from '../../../src/main/runtime/cards.ts';
import { CUDA_DOWNLOAD_BYTES, cudaLibraries, cudaWheel } from '../../../src/main/runtime/cuda-release.ts';
import { cudaEnvironment, trainingEnvironment } from '../../../src/main/runtime/environment.ts';
import { readGpuSettings, saveGpuSettings } from '../../../src/main/runtime/gpu-settings.ts';
import { installRuntime, removeRuntime } from '../../../src/main/runtime/install.ts';
import { findCudaRuntime, findRuntime, PACK_FORMAT, runtimesFolder } from '../../../src/main/runtime/pack.ts';
import { wheel } from '../../../src/main/runtime/releases.ts';
import { UserError } from '../../../src/shared/contract.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'saddle-cuda-'));
  vi.stubEnv('SADDLE_CACHE', join(folder, 'cache'));
  vi.stubEnv('SADDLE_HOME', join(folder, 'home'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** Puts an nvidia-smi that answers so before all others. */
function answer(text: string, code = 0): string {
  const programs = mkdtempSync(join(folder, 'bin-'));
  const program = join(programs, 'nvidia-smi');
  writeFileSync(program, `#!/bin/sh\ncat <<'END'\n${text}\nEND\nexit ${code}\n`);
  chmodSync(program, 0o755);
  vi.stubEnv('PATH', [programs, process.env['PATH']].join(delimiter));
  return program;
}

const ADA = '0, NVIDIA GeForce RTX 4090, 8.9, 24564, 23000, 570.86.16';
const BLACKWELL = '1, NVIDIA GeForce RTX 5090, 12.0, 32607, 32000, 570.86.16';
const KEPLER = '0, NVIDIA Tesla K80, 3.7, 11441, 11000, 470.256.02';
const onUnix = it.skipIf(process.platform === 'win32');

describe('readCards', () => {
  onUnix('reads each card', () => {
    expect(readCards(answer(`${ADA}\n${BLACKWELL}`))).toEqual({
      list: [
        {
          index: 0,
          name: 'NVIDIA GeForce RTX 4090',
          capability: 8.9,
          memoryMb: 24564,
          freeMb: 23000,
          driver: '570.86.16',
        },
        {
          index: 1,
          name: 'NVIDIA GeForce RTX 5090',
          capability: 12,
          memoryMb: 32607,
          freeMb: 32000,
          driver: '570.86.16',
        },
      ],
      obstacle: null,
    });
  });

  onUnix.each([
    ['too new', BLACKWELL, 0, /RTX 5090 is too new for TensorFlow \(compute capability 12\.0; .*trains over WebGPU\.$/],
    ['too old', KEPLER, 0, /K80 is too old for TensorFlow \(compute capability 3\.7; needed is 6\.0\)/],
    ['none', '', 0, /driver is here and finds no card/],
    ['without a driver', 'NVIDIA-SMI has failed because it could not', 9, /does not work \(nvidia-smi: NVIDIA-SMI has/],
  ])('says why a card that is %s is not used', (_what, text, code, expected) => {
    expect(readCards(answer(text, code)).obstacle).toMatch(expected);
  });

  it('says so where there is no nvidia-smi', () => {
    expect(readCards(join(folder, 'nothing'))).toEqual({
      list: [],
      obstacle: expect.stringMatching(/^No NVIDIA card/),
    });
  });
});

describe('usedOnCards', () => {
  onUnix('adds what a process holds of every card, and is null where the driver names it not', () => {
    const program = answer('4711, 512\n4712, 100\n4711, 256');
    expect(usedOnCards(4711, program)).toBe(768 * 2 ** 20);
    expect(usedOnCards(1, program)).toBeNull();
    expect(usedOnCards(4711, answer('4711, [Not Supported]'))).toBeNull();
    expect(usedOnCards(4711, join(folder, 'nothing'))).toBeNull();
  });
});

function writePack(name: string): string {
  const pack = join(runtimesFolder(), name);
  mkdirSync(join(pack, 'kernels'), { recursive: true });
  const manifest = { format: PACK_FORMAT, tensorflow: '2.21.0', source: name, compiler: '', bytes: 1 };
  writeFileSync(join(pack, 'manifest.json'), JSON.stringify({ ...manifest, binding: 'a.node', kernels: 'kernels' }));
  for (const file of ['a.node', 'kernels/register_all_kernels.js']) writeFileSync(join(pack, file), '');
  return pack;
}

describe('the pack for NVIDIA cards', () => {
  onUnix('is taken where there is a card for it, else the one for processors, else it all the same', () => {
    const [cuda, processor] = [writePack(cudaWheel.pack), writePack(wheel.pack)];
    answer(ADA);
    expect(findRuntime()).toMatchObject({ folder: cuda, isCuda: true });
    answer(BLACKWELL);
    expect(findRuntime()).toMatchObject({ folder: processor, isCuda: false });
    rmSync(processor, { recursive: true });
    expect(findRuntime()).toMatchObject({ folder: cuda, isCuda: true });
  });

  onUnix('is not fetched where no card can use it', async () => {
    answer(BLACKWELL);
    const refused = installRuntime(() => {}, { kind: 'cuda' });
    await expect(refused).rejects.toBeInstanceOf(UserError);
    if (process.platform === 'linux' && process.arch === 'x64') await expect(refused).rejects.toThrow(/too new/);
  });

  it('is removed alone', async () => {
    writePack(cudaWheel.pack);
    writePack(wheel.pack);
    await removeRuntime('cuda');
    expect(findCudaRuntime()).toBeNull();
    expect(findRuntime()).toMatchObject({ source: wheel.pack });
  });

  it('is 3.4 GB to fetch, each wheel with its checksum', () => {
    expect(CUDA_DOWNLOAD_BYTES).toBe(3_379_082_848);
    for (const { sha256 } of [cudaWheel, ...cudaLibraries]) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(cudaLibraries.map(({ file }) => file)).size).toBe(12);
  });
});

describe('the environment of training', () => {
  onUnix('has the libraries, one card, the kept kernels and the settings', () => {
    const pack = writePack(cudaWheel.pack);
    answer(`${ADA}\n2, NVIDIA L4, 8.9, 23034, 22000, 570\n${BLACKWELL}`);
    expect(trainingEnvironment()).toMatchObject({
      TF_FORCE_GPU_ALLOW_GROWTH: 'true',
      LD_LIBRARY_PATH: expect.stringMatching(new RegExp(`^${join(pack, 'lib')}`)) as string,
      PATH: expect.stringMatching(new RegExp(`^${join(pack, 'cuda', 'bin')}`)) as string,
      CUDA_CACHE_PATH: join(folder, 'cache', 'cuda-kernels'),
      CUDA_VISIBLE_DEVICES: '0',
      SADDLE_CUDA_DEVICE: 'NVIDIA GeForce RTX 4090',
    });
    expect(trainingEnvironment()).not.toHaveProperty('TF_PER_DEVICE_MEMORY_LIMIT_MB');
    saveGpuSettings({ card: 2, memoryMb: 8000 });
    saveGpuSettings({ deterministic: true });
    expect(readGpuSettings()).toEqual({ card: 2, memoryMb: 8000, deterministic: true });
    const limits = { TF_PER_DEVICE_MEMORY_LIMIT_MB: '8000', TF_DETERMINISTIC_OPS: '1' };
    expect(cudaEnvironment(pack)).toMatchObject({
      CUDA_VISIBLE_DEVICES: '2',
      SADDLE_CUDA_DEVICE: 'NVIDIA L4',
      ...limits,
    });
    // One that the build cannot use is not shown to it.
    saveGpuSettings({ card: 1 });
    expect(cudaEnvironment(pack)).toMatchObject({ CUDA_VISIBLE_DEVICES: '0' });
  });

  onUnix('has none of it without that pack', () => {
    answer(ADA);
    expect(Object.keys(trainingEnvironment()).filter((name) => /CUDA|LD_|XLA/.test(name))).toEqual([]);
  });
});

const hasPip = ['python3', 'python'].some((python) => spawnSync(python, ['-m', 'pip', '--version']).status === 0);
const needsPip = hasPip || process.env['CI'] ? describe : describe.skip;

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
function makeWheel(name: string, files: Zippable): Buffer {
  const info = `${name.replaceAll('-', '_')}-1.0.dist-info`;
  const metadata = text(`Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n`);
  const tags = text('Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n');
  return Buffer.from(
    zipSync({ [`${info}/METADATA`]: metadata, [`${info}/WHEEL`]: tags, [`${info}/RECORD`]: text(''), ...files }),
  );
}
const library = randomBytes(300_000);
const program: Zippable[string] = [text('a program'), { os: 3, attrs: 0o755 << 16 }];
const wheels: Readonly<Record<string, Buffer>> = {
  'saddle-cuda-probe': makeWheel('saddle-cuda-probe', {
    'nvidia/probe/lib/libprobe.so.12': library,
    'nvidia/probe/include/probe.h': text('not wanted'),
  }),
  'saddle-nvcc-probe': makeWheel('saddle-nvcc-probe', {
    'nvidia/cuda_nvcc/bin/ptxas': program,
    'nvidia/cuda_nvcc/nvvm/libdevice/libdevice.10.bc': text('bitcode'),
  }),
};

needsPip('bringWheels', () => {
  let server: Server;
  let asked: string[];
  beforeAll(async () => {
    server = createServer((request, response) => {
      const [, place, name = ''] = /^\/(simple|files)\/([^/]+)/.exec(request.url ?? '') ?? [];
      const project = name.replace(/-1\.0-py3-none-any\.whl$/, '').replaceAll('_', '-');
      const body = wheels[project];
      if (!body) return void response.writeHead(404).end();
      const file = `${project.replaceAll('-', '_')}-1.0-py3-none-any.whl`;
      if (place === 'simple')
        return void response.setHeader('content-type', 'text/html').end(`<a href="/files/${file}">${file}</a>`);
      if (!request.headers['user-agent']?.startsWith('pip/')) asked.push(file);
      response.writeHead(200, { 'content-length': body.length }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => void server.close());

  const row = (project: string, folders: Record<string, string>) => ({
    requirement: `${project}==1.0`,
    file: `${project.replaceAll('-', '_')}-1.0-py3-none-any.whl`,
    sha256: createHash('sha256').update(wheels[project]!).digest('hex'),
    bytes: wheels[project]!.length,
    target: cudaWheel.target,
    folders,
  });
  const rows = [
    row('saddle-cuda-probe', { 'nvidia/probe/lib/': 'lib/' }),
    row('saddle-nvcc-probe', {
      'nvidia/cuda_nvcc/bin/': 'cuda/bin/',
      'nvidia/cuda_nvcc/nvvm/libdevice/': 'cuda/nvvm/libdevice/',
    }),
  ];

  function useIndex() {
    asked = [];
    const { port } = server.address() as AddressInfo;
    vi.stubEnv('PIP_CONFIG_FILE', '/dev/null');
    vi.stubEnv('PIP_INDEX_URL', `http://127.0.0.1:${port}/simple`);
    for (const other of ['PIP_EXTRA_INDEX_URL', 'PIP_FIND_LINKS']) vi.stubEnv(other, '');
    vi.stubEnv('PIP_CACHE_DIR', join(folder, 'pip-cache'));
    const told: [string, number | null][] = [];
    const building = {
      ...{ staging: join(folder, 'staging'), folder: join(folder, 'pack'), downloads: join(folder, 'downloads') },
      ...{
        node: process.execPath,
        progress: (message: string, part: number | null) => void told.push([message, part]),
      },
    };
    return { building, told };
  }

  it('fetches, checks and unpacks each into its place, tells how far it is, and deletes what it fetched', async () => {
    const { building, told } = useIndex();
    await bringWheels(building, rows);
    expect(asked).toEqual(rows.map(({ file }) => file));
    expect(readFileSync(join(building.folder, 'lib', 'libprobe.so.12')).equals(library)).toBe(true);
    expect(statSync(join(building.folder, 'cuda/bin/ptxas')).mode & 0o111).toBe(0o111);
    expect(readdirSync(building.folder).toSorted()).toEqual(['cuda', 'lib']);
    expect(readdirSync(building.downloads)).toEqual([]);
    const fractions = told.map(([, fraction]) => fraction!);
    expect(fractions).toEqual(fractions.toSorted((one, other) => one - other));
    expect(told.at(-1)![0]).toMatch(/^Unpacking saddle-nvcc-probe 1\.0 \(2 of 2\)/);
  });

  it('refuses one that is not the pinned one', async () => {
    const { building } = useIndex();
    const wrong = { ...rows[1]!, sha256: '0'.repeat(64) };
    await expect(bringWheels(building, [rows[0]!, wrong])).rejects.toThrow(/expected SHA-256 0{64}/);
  });
});
