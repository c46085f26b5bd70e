// `data list`, `data get`, `data import`: data sets on this machine.

import type { Command } from 'commander';
import { resolve } from 'node:path';
import { factsOf } from '../datasets/dataset.ts';
import { dataSets, findDataSet } from '../datasets/list.ts';
import type { Context } from './context.ts';
import { formatBytes } from './numbers.ts';
import { printJson, printLine, printTable, warn } from './output.ts';

interface Options {
  readonly json?: boolean;
}

export function addDataCommands(program: Command, context: () => Context): void {
  const data = program.command('data').description('data sets: list, download, import');

  data
    .command('list')
    .description('every data set, and whether it is ready on this machine')
    .option('--json', 'print an array')
    .action((options: Options) => {
      const home = context().dataHome;
      const rows = dataSets.map((dataSet) => {
        const ready = dataSet.isReady(home);
        return { ...factsOf(dataSet), ready, state: ready ? 'ready' : 'absent' };
      });
      if (options.json) return printJson(rows);
      printTable(rows, [
        { title: 'DATA', value: (row) => row.id },
        { title: 'TITLE', value: (row) => row.title },
        { title: 'IMAGES', value: (row) => row.count.toLocaleString('en'), right: true },
        { title: 'SIZE', value: (row) => `${row.height}x${row.width}x${row.channels}`, right: true },
        {
          title: 'STATE',
          value: (row) =>
            row.ready
              ? row.generated
                ? 'drawn by Saddle'
                : 'ready'
              : `download ${formatBytes(row.downloadBytes)}: saddle data get ${row.id}`,
        },
      ]);
    });

  data
    .command('get')
    .argument('<id>')
    .description('download a data set; goes on where an earlier download broke off')
    .option('--json', 'print the data set that is ready now')
    .action(async (id: string, options: Options) => {
      const dataSet = findDataSet(id);
      const abort = new AbortController();
      const cancel = (): void => abort.abort();
      process.once('SIGINT', cancel);
      await dataSet.fetch(context().dataHome, { signal: abort.signal, progress: fetchProgress() });
      process.off('SIGINT', cancel);
      if (options.json) printJson({ id, ready: true, count: dataSet.count });
      else printLine(`${dataSet.title} is ready: ${dataSet.count.toLocaleString('en')} images.`);
    });

  data
    .command('import')
    .argument('<id>')
    .argument('<folder>', 'folder with the files as their source gives them, gzip or plain')
    .description('take the files of a data set from a folder')
    .option('--json', 'print the number of images')
    .action(async (id: string, folder: string, options: Options) => {
      const images = await findDataSet(id).import(context().dataHome, resolve(folder));
      if (options.json) printJson({ id, images });
      else printLine(`Imported ${images.toLocaleString('en')} images.`);
    });
}

function fetchProgress(): (file: string, received: number, total: number) => void {
  let lastLine = 0;
  return (file, received, total) => {
    const line = `${file}  ${formatBytes(received)}${total > 0 ? ` of ${formatBytes(total)}` : ''}`;
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}${received === total ? '\n' : ''}`);
    else if (Date.now() - lastLine > 5_000 || received === total) {
      lastLine = Date.now();
      warn(line);
    }
  };
}
