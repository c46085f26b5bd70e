// `runtime`: which backend trains here and why no better one; `--install` fetches native TensorFlow.

import type { Command } from 'commander';
import { installWithProgress } from '../runtime/terminal.ts';
import type { Context } from './context.ts';
import { printJson, printLine, printTable, warn } from './output.ts';

interface Options {
  readonly install?: boolean;
  readonly json?: boolean;
}

export function addRuntimeCommand(program: Command, context: () => Context): void {
  program
    .command('runtime')
    .description('backend, library version, device, threads, and why each better backend is not in use')
    .option('--install', 'fetch and build native TensorFlow first, or repair it')
    .option('--json', 'print one document')
    .action(async (options: Options) => {
      if (options.install) await installWithProgress(warn);
      const status = await context().services().runtimeStatus({});
      if (options.json) return printJson(status);
      printLine(`Backend   ${status.backend} ${status.version}`);
      printLine(`Device    ${status.device}, ${status.threads} threads`);
      printLine(`Node      ${status.node} on ${status.platform}`);
      printLine('');
      printTable(status.backends, [
        { title: 'BACKEND', value: (row) => row.label },
        { title: 'STATE', value: (row) => row.state },
        { title: 'VERSION', value: (row) => row.version ?? '' },
        { title: 'WHY NOT, AND WHAT TO DO', value: (row) => [row.reason, row.remedy].filter(Boolean).join(' ') },
      ]);
    });
}
