// `runtime`: which backend trains here and why no better one; `--install` fetches native TensorFlow.

import type { Command } from 'commander';
import { saveGpuSettings } from '../runtime/gpu-settings.ts';
import { removeRuntime } from '../runtime/install.ts';
import { installWithProgress } from '../runtime/terminal.ts';
import type { Context } from './context.ts';
import { printJson, printLine, printTable, warn } from './output.ts';
import { wholeNumber } from './usage.ts';

interface Options {
  readonly install?: boolean;
  readonly installCuda?: boolean;
  readonly withoutCard?: boolean;
  readonly remove?: boolean;
  readonly removeCuda?: boolean;
  readonly card?: number | null;
  readonly cardMemory?: number | null;
  readonly deterministic?: boolean;
  readonly probe?: boolean;
  readonly json?: boolean;
}

export function addRuntimeCommand(program: Command, context: () => Context): void {
  program
    .command('runtime')
    .description('backend, library version, device, threads, and why each better backend is not in use')
    .option('--install', 'fetch and build native TensorFlow first, or repair it')
    .option('--install-cuda', 'fetch TensorFlow for NVIDIA cards (3.4 GB; Linux x64), or repair it')
    .option('--without-card', 'with --install-cuda: although there is no card for it, to be carried to another machine')
    .option('--remove', 'give the disk space of every TensorFlow back')
    .option('--remove-cuda', 'give the disk space of TensorFlow for NVIDIA cards back')
    .option('--card <n>', 'the NVIDIA card to train on, as nvidia-smi counts them, or auto', orAuto('--card', 0, 63))
    .option(
      '--card-memory <MB>',
      'the most memory of the card that one training process takes, or auto; its effect was never seen on a card',
      orAuto('--card-memory', 256, 1_000_000),
    )
    .option('--deterministic', 'the same numbers again on the same NVIDIA card, more slowly')
    .option('--no-deterministic', 'the fastest operations again')
    .option('--probe', 'try every backend now, whatever is known of them')
    .option('--json', 'print one document')
    .action(async (options: Options) => {
      if (options.remove) await removeRuntime();
      if (options.removeCuda) await removeRuntime('cuda');
      if (options.install) await installWithProgress(warn);
      if (options.installCuda) await installWithProgress(warn, { kind: 'cuda', withoutCard: options.withoutCard });
      const { card, cardMemory: memoryMb, deterministic } = options;
      const change = { ...(card !== undefined && { card }), ...(memoryMb !== undefined && { memoryMb }) };
      if (Object.keys(change).length > 0 || deterministic !== undefined) {
        saveGpuSettings({ ...change, ...(deterministic !== undefined && { deterministic }) });
      }
      const status = await context().services().runtimeStatus({ fresh: options.probe });
      if (options.json) return printJson(status);
      printLine(`Backend   ${status.backend} ${status.version}`);
      printLine(`Device    ${status.device}, ${status.threads} threads`);
      printLine(`Node      ${status.node} on ${status.platform}`);
      printLine(`Probed    ${new Date(status.probedMs).toISOString()}`);
      printLine('');
      printTable(status.backends, [
        { title: 'BACKEND', value: (row) => row.label },
        { title: 'STATE', value: (row) => row.state },
        { title: 'VERSION', value: (row) => row.version ?? '' },
        { title: 'PROBE', value: (row) => (row.ms === null ? '' : `${row.ms.toFixed(1)} ms`), right: true },
        { title: 'ERROR', value: (row) => row.largestError?.toExponential(1) ?? '', right: true },
        { title: 'WHY NOT, AND WHAT TO DO', value: (row) => [row.reason, row.remedy].filter(Boolean).join(' ') },
      ]);
    });
}

/** A number within its range, or null for `auto`. */
function orAuto(option: string, from: number, to: number): (text: string) => number | null {
  const read = wholeNumber(option, from, to);
  return (text) => (text === 'auto' ? null : read(text));
}
