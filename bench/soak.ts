// Does a long training grow? A real run in this process, its loop, run file, pictures and checkpoints included, and what
// it holds sampled on the way: `node bench/soak.ts [--steps N] [--recipe ID] [--preset ID] [--backend ID] [--json]`.
// The rule: over the second half of the run tensors and the library's tensors stay the same, and the line through the
// JavaScript heap and through the resident size rises by less than 5 % of its middle. Exit code 1 when it is broken.

import { parseArgs } from 'node:util';
import type { BackendChoice } from '../src/shared/run.ts';
import { judge, soak, type Sample } from './soak/soak.ts';

const { values: options } = parseArgs({
  options: {
    steps: { type: 'string', default: '10000' },
    recipe: { type: 'string', default: 'toy' },
    preset: { type: 'string', default: 'small' },
    backend: { type: 'string', default: 'auto' },
    json: { type: 'boolean', default: false },
  },
});

const { recipe, preset } = options;
const samples = await soak({ recipe, preset, steps: Number(options.steps), backend: options.backend as BackendChoice });
const verdicts = judge(samples);
if (options.json) console.log(JSON.stringify({ samples, verdicts }));
else print(samples);
process.exit(verdicts.every(({ isFlat }) => isFlat) ? 0 : 1);

function print(all: readonly Sample[]): void {
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  console.log(`${recipe}/${preset}, ${all.at(-1)?.step} steps on ${all[0]?.backend}`);
  console.log('  step  tensors  in library   heap MB  external MB  resident MB');
  for (const { step, tensors, libraryTensors, heapBytes, externalBytes, residentBytes } of thin(all)) {
    console.log(
      [
        String(step).padStart(6),
        String(tensors).padStart(8),
        String(libraryTensors ?? '-').padStart(11),
        megabytes(heapBytes).padStart(9),
        megabytes(externalBytes).padStart(12),
        megabytes(residentBytes).padStart(12),
      ].join(' '),
    );
  }
  for (const { what, rise, isFlat } of verdicts) {
    console.log(`${what}: ${rise} over the second half: ${isFlat ? 'flat' : 'NOT FLAT'}`);
  }
}

/** Some twenty lines, the last one among them. */
function thin(all: readonly Sample[]): readonly Sample[] {
  const every = Math.ceil(all.length / 20);
  return all.filter((_, at) => (all.length - 1 - at) % every === 0);
}
