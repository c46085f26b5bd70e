// `export`: a grid as PNG, all samples of a step as PNGs in a ZIP, every point of every scalar as CSV.

import { createWriteStream, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { UserError } from '../../shared/contract.ts';
import { exportCsv } from '../exporters/csv.ts';
import { exportGrid } from '../exporters/grid.ts';
import { exportSamples } from '../exporters/samples.ts';
import type { Context } from './context.ts';
import { printJson, printLine } from './output.ts';
import { UsageError, wholeNumber } from './usage.ts';

interface Options {
  readonly grid?: string;
  readonly samples?: string;
  readonly csv?: string;
  readonly tag: string;
  readonly step?: number;
  readonly json?: boolean;
}

export function addExportCommand(program: Command, context: () => Context): void {
  program
    .command('export')
    .argument('<run>', 'id, unique beginning of an id, or unique name')
    .description('write what a run recorded into files')
    .option('--grid <file.png>', 'the sample grid of a step, pixel for pixel')
    .option('--samples <file.zip>', 'every sample of a step as a PNG of its own')
    .option('--csv <file.csv>', 'every point of every scalar: tag,step,wall_time,value')
    .option('--step <n>', 'step of the grid; the newest when left out', wholeNumber('--step', 0))
    .option('--tag <tag>', 'which images', 'samples/fixed')
    .option('--json', 'print the files written')
    .action(async (text: string, options: Options) => {
      if (!options.grid && !options.samples && !options.csv) {
        throw new UsageError('export: say what to write: --grid FILE.png, --samples FILE.zip or --csv FILE.csv');
      }
      const library = context().library();
      const reader = library.reader(library.resolve(text));
      const written: string[] = [];
      if (options.grid) {
        write(options.grid, exportGrid(reader, options.tag, options.step).png);
        written.push(options.grid);
      }
      if (options.samples) {
        write(options.samples, exportSamples(reader, options.tag, options.step).zip);
        written.push(options.samples);
      }
      if (options.csv) {
        await pipeline(Readable.from(exportCsv(reader)), createWriteStream(options.csv)).catch(refuse(options.csv));
        written.push(options.csv);
      }
      if (options.json) printJson({ files: written });
      else for (const file of written) printLine(`Wrote ${file}`);
    });
}

function write(file: string, bytes: Uint8Array): void {
  try {
    writeFileSync(file, bytes);
  } catch (problem) {
    refuse(file)(problem);
  }
}

function refuse(file: string): (problem: unknown) => never {
  return (problem) => {
    const reason = problem instanceof Error ? problem.message : String(problem);
    throw new UserError(`${file}: could not be written (${reason}); check that the folder exists and has room`, {
      cause: problem,
    });
  };
}
