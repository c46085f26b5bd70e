// `serve`: the window, served to a browser.

import type { Command } from 'commander';
import type { Context } from './context.ts';
import { printJsonLine, printLine } from './output.ts';
import { wholeNumber } from './usage.ts';

interface Options {
  readonly port: number;
  readonly host: string;
  readonly json?: boolean;
}

export function addServeCommand(program: Command, context: () => Context): void {
  program
    .command('serve')
    .description('serve the window to a browser, on this machine only unless --host says otherwise')
    .option('--port <n>', 'port; 0 takes a free one', wholeNumber('--port', 0, 65_535), 7474)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--json', 'print {"type":"listening","url":...}')
    .action(async ({ port, host, json }: Options) => {
      const { url, closed } = await context().serve({ host, port });
      if (json) printJsonLine({ type: 'listening', url });
      else
        printLine(
          `Saddle is served at\n\n  ${url}\n\nCtrl-C ends the server; training that was started from the window goes on.`,
        );
      await closed;
    });
}
