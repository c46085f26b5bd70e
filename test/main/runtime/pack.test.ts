// Packs on this disk: found only when whole, removed on request; and an addon that does not compile or load.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { extendBinding } from '../../../src/main/runtime/addon.ts';
import { compileBinding, findCompiler } from '../../../src/main/runtime/compile.ts';
import { removeRuntime } from '../../../src/main/runtime/install.ts';
import { findRuntime, runtimesFolder } from '../../../src/main/runtime/pack.ts';
import { probeBinding } from '../../../src/main/runtime/probe-binding.ts';
import { UserError } from '../../../src/shared/contract.ts';

let cache: string;

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'saddle-pack-'));
  vi.stubEnv('SADDLE_CACHE', cache);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true, force: true });
});

const manifest = {
  format: 2,
  tensorflow: '2.21.0',
  source: 'test',
  compiler: 'test',
  binding: 'tfjs_binding.node',
  kernels: 'kernels',
  bytes: 1,
};

function writePack(name: string, text: string, files: readonly string[]): string {
  const folder = join(runtimesFolder(), name);
  mkdirSync(join(folder, 'kernels'), { recursive: true });
  writeFileSync(join(folder, 'manifest.json'), text);
  for (const file of files) writeFileSync(join(folder, file), '');
  return folder;
}

const whole = ['tfjs_binding.node', 'kernels/register_all_kernels.js'];
const first = 'tensorflow-cpu-2.21.0-linux-x64';
const second = 'libtensorflow-cpu-2.16.1-linux-x64';

describe('findRuntime', () => {
  it('finds nothing in an empty cache', () => {
    expect(findRuntime()).toBeNull();
  });

  it('finds a whole pack, with absolute paths', () => {
    const folder = writePack(first, JSON.stringify(manifest), whole);
    expect(findRuntime()).toEqual({
      folder,
      version: '2.21.0',
      source: 'test',
      binding: join(folder, 'tfjs_binding.node'),
      kernels: join(folder, 'kernels'),
      bytes: 1,
      isCuda: false,
    });
  });

  it('passes over packs that are damaged, half removed or of another format', () => {
    writePack(first, '{ "format": 1, "tens', whole);
    expect(findRuntime()).toBeNull();
    writePack(first, JSON.stringify({ ...manifest, format: 0 }), whole);
    expect(findRuntime()).toBeNull();
    rmSync(runtimesFolder(), { recursive: true });
    writePack(first, JSON.stringify(manifest), ['tfjs_binding.node']);
    expect(findRuntime()).toBeNull();
    const folder = writePack(second, JSON.stringify({ ...manifest, tensorflow: '2.16.1' }), whole);
    expect(findRuntime()).toMatchObject({ folder, version: '2.16.1' });
  });

  it('finds nothing any more after removal', async () => {
    writePack(first, JSON.stringify(manifest), whole);
    await removeRuntime();
    expect(findRuntime()).toBeNull();
    expect(existsSync(runtimesFolder())).toBe(false);
  });
});

/** The lines of TensorFlow.js's addon that ours are put before. */
const lines = {
  'tfjs_backend.h': ' private:\n  TFJSBackend(napi_env env);\n',
  'tfjs_backend.cc': '#include "tensorflow/c/c_api.h"\n',
  'tfjs_binding.cc': 'static napi_value InitTFNodeJSBinding(\n  // Export TF property types to JS\n',
};

function writeBinding(changed: Partial<typeof lines>): string {
  const folder = join(cache, 'package', 'binding');
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries({ ...lines, ...changed })) writeFileSync(join(folder, file), text);
  return folder;
}

describe('the addon', () => {
  it('is joined with our part of it', async () => {
    const folder = writeBinding({});
    const files = await extendBinding(join(cache, 'package'));
    expect(files.map((file) => [relative(folder, file), existsSync(file)])).toEqual([
      ['tfjs_backend.cc', true],
      ['tfjs_binding.cc', true],
      ['step_function.cc', true],
    ]);
    expect(readFileSync(join(folder, 'tfjs_backend.h'), 'utf8')).toBe(
      `  friend class StepFunctions;\n${lines['tfjs_backend.h']}`,
    );
    expect(readFileSync(join(folder, 'tfjs_binding.cc'), 'utf8')).toContain(
      '  RegisterStepFunctions(env, exports);\n  // Export TF property types to JS\n',
    );
  });

  it('is refused when it is not the one that ours was made for', async () => {
    writeBinding({ 'tfjs_binding.cc': 'another\n' });
    await expect(extendBinding(join(cache, 'package'))).rejects.toThrow(/tfjs_binding\.cc: .* not there exactly once/);
  });

  it('says what the compiler said when it does not compile', async () => {
    const compiler = await findCompiler();
    if (compiler === null) return expect(process.env['CI'], 'CI has a compiler').toBeUndefined();
    writeBinding({});
    const problem = await compileBinding(compiler, join(cache, 'package'), join(cache, 'out'), []).catch(
      (failure: Error) => failure,
    );
    expect(problem).toBeInstanceOf(UserError);
    expect((problem as Error).message).toMatch(
      /did not compile with .*tensorflow\/c\/c_api\.h.*CXX=.*npm run runtime/s,
    );
  });

  it('is refused, without harm to this process, when it does not load', async () => {
    const binding = join(cache, 'tfjs_binding.node');
    writeFileSync(binding, 'not a library');
    const problem = await probeBinding(binding, process.execPath).catch((failure: Error) => failure);
    expect(problem).toBeInstanceOf(UserError);
    expect((problem as Error).message).toMatch(
      /does not run on this machine:.*(invalid ELF header|file too short|not a)/s,
    );
  });
});
