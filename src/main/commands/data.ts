// `data list`, `data get`, `data import`, `data remove`: data sets on this machine.

import { Option, type Command } from 'commander';
import { resolve } from 'node:path';
import { UserError, type DataSetFacts } from '../../shared/contract.ts';
import { CROPS, type Crop } from '../../shared/images.ts';
import { factsOf } from '../datasets/dataset.ts';
import { importFolder } from '../datasets/folder.ts';
import { findDataSet, listDataSets } from '../datasets/list.ts';
import { removeData, removeViews, useOf } from '../datasets/storage.ts';
import type { Context } from './context.ts';
import { formatBytes } from './numbers.ts';
import { printJson, printLine, printTable, warn } from './output.ts';
import { UsageError, wholeNumber } from './usage.ts';

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
      const rows = listDataSets(home).map((dataSet) => {
        const ready = dataSet.isReady(home);
        const here = ready ? (dataSet.countIn?.(home) ?? dataSet.count) : 0;
        return { ...factsOf(dataSet), ready, state: ready ? 'ready' : 'absent', here, ...useOf(home, dataSet.id) };
      });
      if (options.json) return printJson(rows);
      printTable(rows, [
        { title: 'DATA', value: (row) => row.id },
        { title: 'TITLE', value: (row) => row.title },
        { title: 'IMAGES', value: (row) => (row.kind === 'points' ? '-' : countOf(row)), right: true },
        {
          title: 'SIZE',
          value: (row) => (row.kind === 'points' ? `${row.width}-d` : `${row.height}x${row.width}x${row.channels}`),
          right: true,
        },
        { title: 'ON DISK', value: ({ bytes, viewBytes }) => formatBytes(bytes + viewBytes), right: true },
        { title: 'STATE', value: describeState },
      ]);
    });

  addGetCommand(data, context);
  addImportCommand(data, context);
  addRemoveCommand(data, context);
}

interface Row extends DataSetFacts {
  readonly ready: boolean;
  readonly here: number;
}

/** `4,000 of 50,000` when only a part is here. */
function countOf({ ready, here, count }: Row): string {
  const all = count.toLocaleString('en');
  return ready && here !== count ? `${here.toLocaleString('en')} of ${all}` : all;
}

function describeState({ id, ready, generated, downloadBytes, byHand }: Row): string {
  if (ready) return generated ? 'made by Saddle' : 'ready';
  if (byHand) return `by hand: saddle data import ${id} FOLDER`;
  return `download${downloadBytes > 0 ? ` ${formatBytes(downloadBytes)}` : ''}: saddle data get ${id}`;
}

function addGetCommand(data: Command, context: () => Context): void {
  data
    .command('get')
    .argument('<id>')
    .description('download a data set; goes on where an earlier download broke off')
    .option('--json', 'print the data set that is ready now')
    .action(async (id: string, options: Options) => {
      const dataSet = findDataSet(id, context().dataHome);
      const abort = new AbortController();
      const cancel = (): void => abort.abort();
      process.once('SIGINT', cancel);
      await dataSet.fetch(context().dataHome, { signal: abort.signal, progress: fetchProgress() });
      process.off('SIGINT', cancel);
      if (options.json) printJson({ id, ready: true, count: dataSet.count });
      else printLine(`${dataSet.title} is ready: ${dataSet.count.toLocaleString('en')} images.`);
    });
}

interface ImportOptions extends Options {
  readonly name?: string;
  readonly size?: number;
  readonly crop?: Crop;
  readonly colour?: 'grey' | 'rgb';
  readonly background?: string;
  readonly flip?: boolean;
  readonly skipUnreadable?: boolean;
}

function addImportCommand(data: Command, context: () => Context): void {
  data
    .command('import')
    .argument('<id>', 'a data set, or `folder` for images of your own')
    .argument('<path>', 'folder with the files as their source gives them, gzip or plain')
    .description('take the files of a data set, or any folder of images, from this machine')
    .option('--name <text>', 'own folder: its name; the data set is then folder-NAME')
    .option('--size <n>', 'own folder: pixels of each side (64)', wholeNumber('--size', 4, 1024))
    .addOption(new Option('--crop <kind>', 'own folder: the part that is kept (centre)').choices([...CROPS]))
    .addOption(new Option('--colour <kind>', 'own folder: grey or rgb (rgb)').choices(['grey', 'rgb']))
    .option('--background <#rrggbb>', 'own folder: the colour under what is transparent (#ffffff)', colour)
    .option('--flip', 'own folder: take each image a second time, mirrored')
    .option('--skip-unreadable', 'leave out files that cannot be read')
    .option('--json', 'print what was imported')
    .action((id: string, path: string, options: ImportOptions) => importFrom(context(), id, resolve(path), options));
}

async function importFrom(context: Context, id: string, path: string, options: ImportOptions): Promise<void> {
  const { name, size = 64, crop = 'centre', colour = 'rgb', background = '#ffffff', flip = false } = options;
  const isOwn = id === 'folder';
  if (!isOwn) {
    const given = (['name', 'size', 'crop', 'colour', 'background', 'flip'] as const).find((key) => key in options);
    if (given) throw new UsageError(`--${given} is for \`saddle data import folder PATH\`, not for ${id}`);
  }
  const abort = new AbortController();
  const cancel = (): void => abort.abort(new UserError('cancelled: nothing was imported'));
  process.once('SIGINT', cancel);
  const watch = { signal: abort.signal, skipUnreadable: options.skipUnreadable ?? false, progress: importProgress() };
  const home = context.dataHome;
  const done = isOwn
    ? await importFolder(home, path, { name: name ?? '', size, crop, colour, background, flip }, watch)
    : { id, images: await findDataSet(id, home).import(home, path, watch), unreadable: [] };
  process.off('SIGINT', cancel);
  if (options.json) return printJson(done);
  printLine(`Imported ${done.images.toLocaleString('en')} images${isOwn ? ` as ${done.id}` : ''}.`);
  for (const { path: file, reason } of done.unreadable) warn(`left out: ${file}: ${reason}`);
}

function colour(text: string): string {
  if (/^#[0-9a-f]{6}$/i.test(text)) return text.toLowerCase();
  throw new UsageError(`--background: expected a colour such as #ffffff, found ${text}`);
}

function addRemoveCommand(data: Command, context: () => Context): void {
  data
    .command('remove')
    .argument('<id>')
    .description('give back the space of a data set; it must be fetched or imported again')
    .option('--views', 'only its images at other sizes, which runs make again when they need them')
    .option('--json', 'print how many bytes were given back')
    .action(async (id: string, options: Options & { readonly views?: boolean }) => {
      const home = context().dataHome;
      const { title } = findDataSet(id, home);
      const { bytes, viewBytes } = useOf(home, id);
      const freed = options.views ? viewBytes : bytes + viewBytes;
      await (options.views ? removeViews(home, id) : removeData(home, id));
      if (options.json) printJson({ id, bytes: freed });
      else printLine(`${title}: ${formatBytes(freed)} given back.`);
    });
}

/** A line on a terminal that is written over; elsewhere one every five seconds. */
function importProgress(): (done: number, total: number) => void {
  let lastMs = Date.now();
  return (done, total) => {
    const isTerminal = process.stderr.isTTY;
    const isLast = done === total;
    if (Date.now() - lastMs < (isTerminal ? 200 : 5_000) && !(isTerminal && isLast)) return;
    lastMs = Date.now();
    const line = `${done.toLocaleString('en')}${total > 0 ? ` of ${total.toLocaleString('en')}` : ''} images`;
    if (isTerminal) process.stderr.write(`\r\x1b[K${line}${isLast ? '\n' : ''}`);
    else warn(line);
  };
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
