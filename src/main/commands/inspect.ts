// `runs`, `show`, `scalars`, `images`, `delete`: what the library holds, for people and for scripts.

import type { Command } from 'commander';
import { UserError } from '../../shared/contract.ts';
import type { RunDetail, RunState, RunSummary } from '../../shared/run.ts';
import type { RunReader } from '../store/store.ts';
import type { Context } from './context.ts';
import { formatBytes, formatDuration, formatValue } from './numbers.ts';
import { printJson, printLine, printTable } from './output.ts';

interface Options {
  readonly json?: boolean;
  readonly now?: boolean;
}

/** The flat form that scripts get: state as one word, pid beside it. */
function describeRun(summary: RunSummary): Record<string, unknown> {
  const { state, ...rest } = summary;
  return { ...rest, state: state.phase, pid: pidOf(state), message: 'message' in state ? state.message : undefined };
}

function pidOf(state: RunState): number | null {
  return 'pid' in state ? state.pid : null;
}

export function addInspectCommands(program: Command, context: () => Context): void {
  program
    .command('runs')
    .description('list the runs of the library, newest first')
    .option('--json', 'print an array')
    .action((options: Options) => {
      const runs = context().library().list();
      if (options.json) return printJson(runs.map(describeRun));
      if (runs.length === 0)
        return printLine('No runs yet. Start one: saddle train --recipe dcgan28 --preset small --data glyphs');
      printTable(runs, [
        { title: 'RUN', value: (run) => run.id },
        { title: 'NAME', value: (run) => run.name },
        { title: 'RECIPE', value: (run) => `${run.recipe}/${run.preset}` },
        { title: 'DATA', value: (run) => run.data },
        { title: 'STATE', value: (run) => run.state.phase },
        { title: 'STEP', value: (run) => `${run.step}/${run.steps}`, right: true },
        {
          title: 'LEFT',
          value: (run) => (run.remainingMs === null ? '' : formatDuration(run.remainingMs)),
          right: true,
        },
        { title: 'LOSS D', value: (run) => scalarOf(run, 'loss/d'), right: true },
        { title: 'LOSS G', value: (run) => scalarOf(run, 'loss/g'), right: true },
        { title: 'SIZE', value: (run) => formatBytes(run.sizeBytes), right: true },
      ]);
    });

  program
    .command('show')
    .argument('<run>', 'id, unique beginning of an id, or unique name')
    .description('specification, state, last value of each scalar, number of grids')
    .option('--json', 'print one document')
    .action((text: string, options: Options) => {
      withReader(context(), text, (reader) => {
        const detail = reader.detail();
        const images = detail.imageTags.map((tag) => ({ tag, count: reader.images(tag).length }));
        const grids = images.reduce((sum, { count }) => sum + count, 0);
        if (options.json) return printJson({ ...describeRun(detail.summary), ...showDocument(detail), grids, images });
        printDetail(detail, images);
      });
    });

  program
    .command('scalars')
    .argument('<run>', 'id, unique beginning of an id, or unique name')
    .argument('<tag>', 'such as loss/d')
    .description('step and value of every point of one scalar')
    .option('--json', 'print an array of {step, value}; NaN and the infinities are strings')
    .action((text: string, tag: string, options: Options) => {
      withReader(context(), text, (reader) => {
        const known = reader.detail().scalarTags;
        if (!known.includes(tag)) {
          throw new UserError(`${text}: no scalar ${tag}; recorded so far: ${known.join(', ') || 'none'}`);
        }
        const points: { step: number; value: number }[] = [];
        for (const block of reader.allPoints(tag)) {
          block.steps.forEach((step, index) => {
            const value = block.values[index]!;
            if (options.json) points.push({ step, value });
            else printLine(`${step}\t${value}`);
          });
        }
        if (options.json) printJson(points);
      });
    });

  program
    .command('images')
    .argument('<run>', 'id, unique beginning of an id, or unique name')
    .description('every recorded grid: tag, step, rows, columns, cell size')
    .option('--json', 'print an array')
    .action((text: string, options: Options) => {
      withReader(context(), text, (reader) => {
        const images = reader.detail().imageTags.flatMap((tag) => reader.images(tag));
        if (options.json) return printJson(images);
        printTable(images, [
          { title: 'TAG', value: (image) => image.tag },
          { title: 'STEP', value: (image) => String(image.step), right: true },
          { title: 'GRID', value: (image) => `${image.rows}x${image.columns}`, right: true },
          { title: 'CELL', value: (image) => `${image.cellWidth}x${image.cellHeight}x${image.channels}`, right: true },
          { title: 'LATENTS', value: (image) => image.latents },
          { title: 'SIZE', value: (image) => formatBytes(image.bytes), right: true },
        ]);
      });
    });

  program
    .command('delete')
    .argument('<run>', 'id, unique beginning of an id, or unique name')
    .description('delete a run with everything it recorded; its space is given back ten minutes later')
    .option('--now', 'empty the trash at once, of earlier deletions too')
    .option('--json', 'print the id of what was deleted')
    .action((text: string, options: Options) => {
      const library = context().library();
      const id = library.resolve(text);
      library.remove(id);
      if (options.now) library.emptyTrash();
      if (options.json) printJson({ deleted: id });
      else printLine(`Deleted ${id}.`);
    });
}

function withReader(context: Context, text: string, read: (reader: RunReader) => void): void {
  const library = context.library();
  read(library.reader(library.resolve(text)));
}

function scalarOf(run: RunSummary, tag: string): string {
  const value = run.lastValues[tag];
  return value === undefined ? '' : formatValue(value);
}

function showDocument({
  spec,
  machine,
  networks,
  events,
  checkpoints,
  scalarTags,
}: RunDetail): Record<string, unknown> {
  return { specification: spec, machine, networks, events, checkpoints, scalarTags };
}

function printDetail(
  { summary, spec, machine, networks, checkpoints }: RunDetail,
  images: readonly { tag: string; count: number }[],
): void {
  const { state } = summary;
  printLine(`${summary.id}  ${summary.name}`);
  printLine(
    `state        ${state.phase}${'pid' in state ? ` (pid ${state.pid})` : ''}${'message' in state ? `: ${state.message}` : ''}`,
  );
  printLine(`step         ${summary.step} of ${summary.steps}`);
  printLine(`recipe       ${spec.recipe}, preset ${spec.preset}`);
  printLine(`data         ${spec.data}`);
  printLine(`seed         ${spec.seed}`);
  if (machine)
    printLine(
      `trained on   ${machine.backend} ${machine.backendVersion}, ${machine.device}, ${machine.threads} threads`,
    );
  for (const network of networks)
    printLine(`network      ${network.name}: ${network.trainable.toLocaleString('en')} trainable parameters`);
  for (const { tag, count } of images) printLine(`images       ${tag}: ${count} grids`);
  printLine(
    `checkpoints  ${checkpoints.length === 0 ? 'none' : checkpoints.map((checkpoint) => checkpoint.step).join(', ')}`,
  );
  printLine('parameters');
  for (const [name, value] of Object.entries(spec.parameters)) printLine(`  ${name} = ${value}`);
  printLine('last values');
  for (const [tag, value] of Object.entries(summary.lastValues)) printLine(`  ${tag} = ${formatValue(value)}`);
}
