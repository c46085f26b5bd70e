// Fashion-MNIST: pictures of clothes in the files and sizes of MNIST. Addresses and MD5s as its authors publish them.

import { createIdxSet, idxFiles } from './idx-set.ts';

export const fashion = createIdxSet({
  id: 'fashion',
  title: 'Fashion-MNIST',
  about: '60,000 articles of clothing, grey, 28 x 28 pixels: in the files and sizes of MNIST, and harder.',
  licence: 'MIT',
  source: 'H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST, arXiv 1708.07747, 2017',
  classes: ['T-shirt', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
  files: idxFiles([
    ['8d4fb7e6c68d591d4c3dfef9ec88bf0d', 26_421_880],
    ['25c81989df183df01b3e8a0aad5dffbe', 29_515],
    ['bef4ecab320f06d8554ea6380940ec79', 4_422_102],
    ['bb300cfdad3c16e7a12a480ee83cd310', 5_148],
  ]),
  mirrors: {
    variable: 'SADDLE_FASHION_MIRRORS',
    known: [
      'https://storage.googleapis.com/tensorflow/tf-keras-datasets/',
      'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
    ],
  },
});
