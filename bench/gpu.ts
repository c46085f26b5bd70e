// A graphics card checked in one command, without a network: devices, the probe of each backend, every gradient against
// double precision, steps of DCGAN-28 and DCGAN-64 beside PyTorch's where it is installed.
//   node bench/gpu.ts --out FILE [--part NAME]... [--limit SECONDS] [--python FILE]
//   node bench/gpu.ts --pack DIR    a folder to carry to such a machine: sources, packages, runtime packs; there: DIR/check.sh
// Each question is a process of its own, so that a crash costs its answer only. FILE is JSON with every part; a part that
// was not asked for or failed says so. Exit code 0 whenever FILE was written.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import packageFile from '../package.json' with { type: 'json' };
import { trainingEntry, type TrainingProgram } from '../src/main/runs/program.ts';
import { trainingEnvironment } from '../src/main/runtime/environment.ts';
import { findRuntime } from '../src/main/runtime/pack.ts';
import { carry } from './gpu/carry.ts';
import { parts, type Answer } from './gpu/parts.ts';

const { values: options } = parseArgs({
  options: {
    out: { type: 'string' },
    pack: { type: 'string' },
    part: { type: 'string', multiple: true },
    limit: { type: 'string', default: '600' },
    python: { type: 'string', default: 'python3' },
  },
});
const say = (line: string): void => console.log(line);

function openProgram(home: string): TrainingProgram {
  return {
    node: process.execPath,
    entry: trainingEntry(pathToFileURL(join(import.meta.dirname, '../src/main/train.ts')).href),
    environment: () => ({ ...process.env, SADDLE_HOME: home, ...trainingEnvironment() }),
    spawn,
  };
}

async function check(file: string): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'saddle-gpu-'));
  const manner = { program: openProgram(home), python: options.python, limitMs: 1000 * Number(options.limit), say };
  const found: Record<string, Record<string, Answer> | Answer> = {};
  const machine = {
    ...{
      saddle: packageFile.version,
      node: process.version,
      system: `${process.platform} ${process.arch} ${release()}`,
    },
    ...{ processor: cpus()[0]?.model.trim(), cores: availableParallelism(), memoryBytes: totalmem() },
    pack: findRuntime()?.source ?? null,
  };
  say(
    `${machine.processor}, ${machine.cores} cores, ${machine.system}; TensorFlow: ${machine.pack ?? 'not installed'}`,
  );
  const write = (): void =>
    writeFileSync(file, `${JSON.stringify({ date: new Date().toISOString(), machine, parts: found }, null, 2)}\n`);
  for (const [name, part] of Object.entries(parts)) {
    const isWanted = options.part?.includes(name) ?? true;
    if (isWanted) say(name);
    found[name] = isWanted ? await part(manner) : { problem: 'not asked for' };
    // After each part: what there is must not be lost with the machine.
    write();
  }
  rmSync(home, { recursive: true, force: true });
  say(`written to ${file}`);
}

const unknown = options.part?.filter((name) => !(name in parts)) ?? [];
if (options.pack !== undefined) carry(options.pack, say);
else if (options.out === undefined || unknown.length > 0) {
  console.error(`expected --out FILE or --pack DIR, and parts of: ${Object.keys(parts).join(', ')}`);
  process.exitCode = 2;
} else await check(options.out);
