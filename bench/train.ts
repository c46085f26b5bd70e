// One step of DCGAN-28 (preset `app`, batch 64), of BEGAN at 32 x 32 (preset `app` of that size, batch 16) and of CycleGAN-S
// (32 x 32, batch 4) by Saddle, by TensorFlow's compiled graph and by PyTorch, in turns and with the same number of threads.
// `node bench/train.ts [--case NAME] [--threads N] [--rounds N] [--backend ID] [--python FILE] [--install]`
//
// The other two need a Python that has them: the one given, or the one that --install makes in the cache with pip
// (TensorFlow only). One that is not there is left out, and the table says so.

import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { cacheFolder } from '../src/main/home.ts';
import { trainingEnvironment } from '../src/main/runtime/environment.ts';
import { wheel } from '../src/main/runtime/releases.ts';
import { lastWords, runCommand } from '../src/main/runtime/run-command.ts';

const STEPS_A_TURN = 5;
/** A run has thousands of steps: by then JavaScript's compiler knows a step, and the others have their memory. */
const WARM_UP = 20;

const { values: options } = parseArgs({
  options: {
    threads: { type: 'string', default: String(availableParallelism()) },
    rounds: { type: 'string', default: '7' },
    backend: { type: 'string', default: 'auto' },
    case: { type: 'string', multiple: true },
    python: { type: 'string' },
    install: { type: 'boolean', default: false },
  },
});
interface Case {
  readonly name: string;
  readonly title: string;
}
const cases: readonly Case[] = [
  { name: 'dcgan28', title: 'DCGAN-28, batch 64' },
  { name: 'began32', title: 'BEGAN 32 x 32, n 64, batch 16' },
  { name: 'cyclegan-s', title: 'CycleGAN-S, 32 x 32, batch 4' },
];
const environment = join(cacheFolder(), 'bench-python');
const ownPython = join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
const python = options.python ?? (existsSync(ownPython) ? ownPython : 'python3');

interface Runner {
  readonly name: string;
  /** Milliseconds of each of so many steps. */
  step(count: number): Promise<number[]>;
  end(): void;
}

async function install(): Promise<void> {
  const commands: [string, string[]][] = [
    ['python3', ['-m', 'venv', environment]],
    [ownPython, ['-m', 'pip', 'install', '--quiet', wheel.requirement]],
  ];
  for (const [program, args] of commands) {
    const result = await runCommand(program, args);
    if (result.code !== 0) throw new Error(lastWords(result));
  }
}

/** Null, with a sentence on the screen, where this Python has no such module. */
async function findModule(name: string, module: string): Promise<string | null> {
  const result = await runCommand(python, ['-c', `import ${module}; print(${module}.__version__)`], {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
  });
  if (result.code === 0) return `${name} ${result.stdout.trim()}`;
  const how = module === 'tensorflow' ? 'node bench/train.ts --install' : '--python FILE of a Python that has it';
  console.log(`${name}: left out, ${python} has no module ${module} (${how})`);
  return null;
}

function startRunner(name: string, program: string, args: readonly string[]): Runner {
  const chosen = { SADDLE_BENCH_BACKEND: options.backend };
  const env = { ...process.env, ...trainingEnvironment({ threads: Number(options.threads) }), ...chosen };
  const child: ChildProcessWithoutNullStreams = spawn(program, args, { env });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)));
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    name,
    async step(count) {
      child.stdin.write(`${count}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error(`${name} ended:\n${said}`);
      return JSON.parse(value) as number[];
    },
    end: () => child.stdin.end(),
  };
}

interface Peer {
  readonly label: string;
  readonly script: string;
}

async function findPeers(): Promise<Peer[]> {
  const peers: Peer[] = [];
  for (const [name, module, script] of [
    ['TensorFlow, compiled graph', 'tensorflow', 'tensorflow'],
    ['PyTorch, eager', 'torch', 'pytorch'],
  ] as const) {
    const label = await findModule(name, module);
    if (label) peers.push({ label, script });
  }
  return peers;
}

function startAll({ name }: Case, peers: readonly Peer[]): Runner[] {
  const file = (script: string): string => join(import.meta.dirname, 'train', script);
  return [
    startRunner(options.backend === 'auto' ? 'Saddle' : `Saddle, ${options.backend}`, process.execPath, [
      file('saddle.ts'),
      name,
    ]),
    ...peers.map(({ label, script }) => startRunner(label, python, [file(`${name}_${script}.py`), options.threads])),
  ];
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const at = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low + (high - low) * (at % 1);
}
const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Medians of each turn, by runner; the order of the turns changes from round to round. */
async function takeTurns(runners: readonly Runner[]): Promise<number[][]> {
  for (const runner of runners) await runner.step(WARM_UP);
  const turns = runners.map((): number[] => []);
  for (let round = 0; round < Number(options.rounds); round++) {
    for (let at = 0; at < runners.length; at++) {
      const turn = (at + round) % runners.length;
      turns[turn]!.push(median(await runners[turn]!.step(STEPS_A_TURN)));
    }
  }
  return turns;
}

if (options.install) await install();
console.log(`${cpus()[0]?.model.trim()}, ${options.threads} threads, Node ${process.version}`);
const peers = await findPeers();
for (const one of cases) if (options.case?.includes(one.name) ?? true) await measure(one, peers);

async function measure(one: Case, others: readonly Peer[]): Promise<void> {
  const runners = startAll(one, others);
  const turns = await takeTurns(runners);
  for (const runner of runners) runner.end();
  const ours = turns[0]!;
  console.log(`\n${one.title}, ${options.rounds} rounds of ${STEPS_A_TURN} steps each; ms a step`);
  console.log(`${''.padEnd(36)} median    range       Saddle's speed, pairwise median (range)`);
  for (const [at, { name }] of runners.entries()) {
    const times = turns[at]!;
    const ratios = times.map((time, round) => time / ours[round]!);
    const range = (values: readonly number[], digits: number): string =>
      `${Math.min(...values).toFixed(digits)}-${Math.max(...values).toFixed(digits)}`;
    const speed = at === 0 ? '' : `${median(ratios).toFixed(2)} x (${range(ratios, 2)})`;
    console.log(`${name.padEnd(36)} ${median(times).toFixed(0).padStart(6)}    ${range(times, 0).padEnd(11)} ${speed}`);
  }
}
