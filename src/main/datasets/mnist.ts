// MNIST: where it comes from and how its files are known.

import type { DataSet } from './dataset.ts';
import { createIdxSet, idxFiles, type IdxFile } from './idx-set.ts';
import { mirrorsOf } from './mirrors.ts';

export type MnistFile = IdxFile;

export const MNIST_FILES: readonly MnistFile[] = idxFiles([
  ['f68b3c2dcbeaaa9fbdd348bbdeb94873', 9_912_422],
  ['d53e105ee54ea40749a09fcbcd1e9432', 28_881],
  ['9fb629c4189551a2d022fa330f9573f3', 1_648_877],
  ['ec29112dd5afa0611ce80d1b7f02629c', 4_542],
]);

const VARIABLE = 'SADDLE_MNIST_MIRRORS';
/** The original site comes last: it often refuses, and speaks without TLS (the MD5 makes that harmless). */
const MIRRORS = [
  'https://ossci-datasets.s3.amazonaws.com/mnist/',
  'https://storage.googleapis.com/cvdf-datasets/mnist/',
  'http://yann.lecun.com/exdb/mnist/',
];

export const mnist = createMnist(MNIST_FILES);

/** MNIST with these files: others than the official ones are for tests, which have no official gzip files to serve. */
export function createMnist(files: readonly MnistFile[]): DataSet {
  return createIdxSet({
    id: 'mnist',
    title: 'MNIST',
    about: '60,000 handwritten digits, grey, 28 x 28 pixels: the data set most GAN papers start with.',
    licence: 'CC BY-SA 3.0',
    source: 'Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits, 1998',
    classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    files,
    mirrors: { variable: VARIABLE, known: MIRRORS },
  });
}

/** The mirrors in the order they are tried: SADDLE_MNIST_MIRRORS (addresses of folders, set apart by spaces or commas), else the known ones. */
export function mnistMirrors(env: Readonly<Record<string, string | undefined>> = process.env): readonly string[] {
  return mirrorsOf(VARIABLE, MIRRORS, env);
}
