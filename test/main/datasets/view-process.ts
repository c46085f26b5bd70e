// A process that opens a data set at a view of its own, as a training process does. Prints how many originals it was
// asked for and a hash of what it reads.

import { createHash } from 'node:crypto';
import { openView, type ImageSource } from '../../../src/main/datasets/image-source.ts';

const COUNT = 3000;
let made = 0;
const source: ImageSource = {
  count: COUNT,
  labels: new Uint8Array(COUNT),
  own: { height: 16, width: 16, channels: 1, crop: 'centre', resize: null },
  originalSize: { height: 16, width: 16 },
  identity: () => Promise.resolve('shared'),
  original(index) {
    made++;
    return Promise.resolve({ height: 16, width: 16, channels: 1, data: new Uint8Array(256).fill(index) });
  },
  close() {},
};
const data = await openView(process.argv[2]!, 'shared', source, { height: 40, width: 40 });
const pixels = data.read(Uint32Array.from({ length: COUNT }, (_, index) => index));
process.stdout.write(JSON.stringify({ made, hash: createHash('sha256').update(pixels).digest('hex') }));
