// NVIDIA's cards as their driver's own program tells of them, and whether TensorFlow's CUDA build can use them.

import { spawnSync } from 'node:child_process';

export interface Card {
  readonly index: number;
  readonly name: string;
  /** Compute capability, such as 8.9. */
  readonly capability: number;
  readonly memoryMb: number;
  readonly freeMb: number;
  readonly driver: string;
}

export interface Cards {
  readonly list: readonly Card[];
  /** Why none can be used with CUDA, as a sentence; null when one can. */
  readonly obstacle: string | null;
}

/** From here on the build holds no code that runs: its kernels fail with CUDA_ERROR_INVALID_PTX. */
const TOO_NEW = 12;
/** The oldest that the build holds code for. */
const TOO_OLD = 6;
const ANSWER_MS = 10_000;

export const QUERY = [
  '--query-gpu=index,name,compute_cap,memory.total,memory.free,driver_version',
  '--format=csv,noheader,nounits',
] as const;

/** Starts nvidia-smi, some tens of milliseconds. `program` is for tests. */
export function readCards(program = 'nvidia-smi'): Cards {
  const { error, status, stdout, stderr } = spawnSync(program, QUERY, { encoding: 'utf8', timeout: ANSWER_MS });
  if (error) return none('No NVIDIA card was found (its driver brings nvidia-smi, which is not here).');
  if (status !== 0) {
    const said = (stdout + stderr).trim().split('\n')[0] ?? '';
    return none(`NVIDIA's driver does not work (nvidia-smi: ${said || `exit code ${status}`}).`);
  }
  const list = parseCards(stdout);
  return list.length === 0 ? none("NVIDIA's driver is here and finds no card.") : { list, obstacle: obstacleOf(list) };
}

function none(obstacle: string): Cards {
  return { list: [], obstacle };
}

function parseCards(lines: string): Card[] {
  return lines.split('\n').flatMap((line) => {
    const [index, name, capability, memory, free, driver] = line.split(',').map((cell) => cell.trim());
    if (driver === undefined || !Number.isFinite(Number(capability))) return [];
    const numbers = { index: Number(index), capability: Number(capability) };
    return [{ ...numbers, name: name!, memoryMb: Number(memory), freeMb: Number(free), driver }];
  });
}

/** Null when TensorFlow's CUDA build can use one of them. */
function obstacleOf(cards: readonly Card[]): string | null {
  if (cards.some(isUsable)) return null;
  const { name, capability } = cards[0]!;
  const why =
    capability >= TOO_NEW
      ? `is too new for TensorFlow (compute capability ${capability.toFixed(1)}; below ${TOO_NEW}.0 works): it trains over WebGPU`
      : `is too old for TensorFlow (compute capability ${capability.toFixed(1)}; needed is ${TOO_OLD}.0): try WebGPU`;
  return `${name} ${why}.`;
}

export function isUsable({ capability }: Card): boolean {
  return capability >= TOO_OLD && capability < TOO_NEW;
}

/** Bytes of the cards' memory that a process holds, as the driver says; null where it cannot say. `program` is for tests. */
export function usedOnCards(pid: number, program = 'nvidia-smi'): number | null {
  const query = ['--query-compute-apps=pid,used_memory', '--format=csv,noheader,nounits'];
  const { error, status, stdout } = spawnSync(program, query, { encoding: 'utf8', timeout: ANSWER_MS });
  if (error || status !== 0) return null;
  const rows = stdout.split('\n').map((line) => line.split(',').map(Number));
  const mine = rows.filter(([id, used]) => id === pid && Number.isFinite(used));
  return mine.length === 0 ? null : mine.reduce((sum, [, used]) => sum + used! * 2 ** 20, 0);
}

let known: { readonly path: string | undefined; readonly cards: Cards } | null = null;

/** Asked once a process: cards do not come and go. */
export function knownCards(): Cards {
  const path = process.env['PATH'];
  if (known?.path !== path) known = { path, cards: readCards() };
  return known!.cards;
}
