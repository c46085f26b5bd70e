// `histograms`: the recorded distributions of a run, for people and for scripts.

import type { Command } from 'commander';
import { UserError } from '../../shared/contract.ts';
import { HISTOGRAM_BUCKETS as BUCKETS, MAX_HISTOGRAM_ROWS } from '../../shared/series.ts';
import type { Context } from './context.ts';
import { formatValue } from './numbers.ts';
import { printJson, printTable } from './output.ts';

export function addHistogramsCommand(program: Command, context: () => Context): void {
  program
    .command('histograms')
    .argument('<run>', 'id, unique beginning of an id, or unique name')
    .argument('<tag>', 'such as hist/d_real_logit')
    .description(`how the values of a tag were distributed, step by step; at most ${MAX_HISTOGRAM_ROWS} rows`)
    .option('--json', `print an array of {step, min, max, nonFinite, counts}; counts of ${BUCKETS} equal parts`)
    .action((text: string, tag: string, options: { readonly json?: boolean }) => {
      const library = context().library();
      const reader = library.reader(library.resolve(text));
      const known = reader.histogramTags().map((one) => one.tag);
      if (!known.includes(tag)) {
        throw new UserError(`${text}: no histograms ${tag}; recorded so far: ${known.join(', ') || 'none'}`);
      }
      const { steps, min, max, nonFinite, counts } = reader.histograms(tag, {}, MAX_HISTOGRAM_ROWS);
      const rows = Array.from(steps, (step, at) => ({
        step,
        min: min[at]!,
        max: max[at]!,
        nonFinite: nonFinite[at]!,
        counts: [...counts.subarray(at * BUCKETS, (at + 1) * BUCKETS)],
      }));
      if (options.json) return printJson(rows);
      printTable(rows, [
        { title: 'STEP', value: (row) => String(row.step), right: true },
        { title: 'LEAST', value: (row) => formatValue(row.min), right: true },
        { title: 'GREATEST', value: (row) => formatValue(row.max), right: true },
        { title: 'DISTRIBUTION', value: (row) => drawCounts(row.counts) },
      ]);
    });
}

/** A block a part, as high as it is full. */
function drawCounts(counts: readonly number[]): string {
  const most = Math.max(...counts, 1);
  return counts.map((count) => ' ▁▂▃▄▅▆▇█'[Math.ceil((8 * count) / most)]).join('');
}
