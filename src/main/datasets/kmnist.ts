// Kuzushiji-MNIST: cursive Japanese characters in the files and sizes of MNIST. Address and MD5s as its authors publish them.

import { createIdxSet, idxFiles } from './idx-set.ts';

export const kmnist = createIdxSet({
  id: 'kmnist',
  title: 'Kuzushiji-MNIST',
  about: '60,000 cursive Japanese characters, grey, 28 x 28 pixels: ten of the hiragana, each written in many ways.',
  licence: 'CC BY-SA 4.0',
  source: 'T. Clanuwat, M. Bober-Irizar, A. Kitamoto and others: Deep Learning for Classical Japanese Literature, 2018',
  classes: ['o', 'ki', 'su', 'tsu', 'na', 'ha', 'ma', 'ya', 're', 'wo'],
  files: idxFiles([
    ['bdb82020997e1d708af4cf47b453dcf7', 18_165_135],
    ['e144d726b3acfaa3e44228e80efcd344', 29_497],
    ['5c965bf0a639b31b8f53240b1b52f4d7', 3_041_136],
    ['7320c461ea6c1c855c0b718fb2a4b134', 5_120],
  ]),
  // Without TLS, which the MD5 makes harmless.
  mirrors: { variable: 'SADDLE_KMNIST_MIRRORS', known: ['http://codh.rois.ac.jp/kmnist/dataset/kmnist/'] },
});
