// `node fill-library.ts FOLDER COUNT`: fills a library with short finished runs, each a real run folder, with settings and
// last values that differ: run N has batchSize 16, 32 or 64, seed N and loss/d N / 100; every fourth is a dcgan28, which alone
// has generatorFilters.

import { openLibrary } from '../../src/main/library/library.ts';
import { openRunWriter } from '../../src/main/store/writer.ts';

const [folder = '', count = '0'] = process.argv.slice(2);
const library = openLibrary(folder);
for (let index = 0; index < Number(count); index++) {
  const batchSize = [16, 32, 64][index % 3]!;
  const isDcgan = index % 4 === 0;
  const { folder: run } = library.create({
    name: `run ${index}`,
    spec: {
      recipe: isDcgan ? 'dcgan28' : 'gan-mlp',
      preset: 'app',
      parameters: {
        batchSize,
        generatorLearningRate: (1 + (index % 5)) / 5000,
        latentSize: 100,
        ...(isDcgan && { generatorFilters: 32 }),
      },
      data: 'glyphs',
      seed: index,
      steps: 1,
      backend: 'cpu',
    },
    networks: [],
    referenceLines: [],
  });
  const writer = openRunWriter(run);
  writer.start({ backend: 'cpu', backendVersion: '0', device: 'cpu', threads: 1, host: 'test', platform: 'test', node: '24', saddle: '0' }); // prettier-ignore
  writer.scalar('loss/d', 1, index / 100);
  writer.scalar('loss/g', 1, index % 7 === 0 ? Number.NaN : 1 + (index % 10));
  writer.phase('finished', 1);
  writer.close();
}
library.close();
