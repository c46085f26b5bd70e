// The data sets of the catalogue: names and sentences. Whom a data set comes from is cited as it is.

import type { Sentence } from './sentence.ts';

export const dataSets: readonly Sentence[] = [
  ['MNIST', 'MNIST', 'MNIST'],
  ['Fashion-MNIST', 'Fashion-MNIST', 'Fashion-MNIST'],
  ['Kuzushiji-MNIST', 'Kuzushiji-MNIST (くずし字)', 'Kuzushiji-MNIST（日文草书）'],
  ['Glyphs', 'グリフ', '字形'],
  ['CIFAR-10', 'CIFAR-10', 'CIFAR-10'],
  ['Olivetti faces', 'Olivetti の顔', 'Olivetti 人脸'],
  ['Labeled Faces in the Wild', 'Labeled Faces in the Wild', 'Labeled Faces in the Wild'],
  ['CelebA', 'CelebA', 'CelebA'],
  ['Normal, 1-D', '正規分布、1 次元', '正态分布，一维'],
  ['Normal, 2-D', '正規分布、2 次元', '正态分布，二维'],
  ['Ring of eight', '8 つの輪', '八点环'],
  ['Two Gaussians', '2 つのガウス分布', '两个高斯分布'],
  ['Line', '線', '直线'],
  ['Three islands', '3 つの島', '三座小岛'],
  [
    '60,000 handwritten digits, grey, 28 x 28 pixels: the data set most GAN papers start with.',
    '手書き数字 60,000 枚、グレー、28 x 28 画素: 多くの GAN 論文が最初に使うデータセット。',
    '60,000 个手写数字，灰度，28 x 28 像素：多数 GAN 论文最先使用的数据集。',
  ],
  [
    '60,000 articles of clothing, grey, 28 x 28 pixels: in the files and sizes of MNIST, and harder.',
    '衣類 60,000 枚、グレー、28 x 28 画素: ファイル形式とサイズは MNIST と同じで、より難しい。',
    '60,000 件服饰，灰度，28 x 28 像素：文件格式与大小同 MNIST，但更难。',
  ],
  [
    '60,000 cursive Japanese characters, grey, 28 x 28 pixels: ten of the hiragana, each written in many ways.',
    'くずし字 60,000 枚、グレー、28 x 28 画素: ひらがな 10 文字、それぞれ多くの字体で。',
    '60,000 个日文草书字符，灰度，28 x 28 像素：十个平假名，每个有多种写法。',
  ],
  [
    '60,000 digits, grey, 28 x 28 pixels, drawn by Saddle with a simulated pen: like MNIST, without a download.',
    '数字 60,000 枚、グレー、28 x 28 画素。Saddle が仮想のペンで描いたもの: MNIST に似て、ダウンロード不要。',
    '60,000 个数字，灰度，28 x 28 像素，由 Saddle 用模拟的笔绘制：类似 MNIST，无需下载。',
  ],
  [
    '50,000 small photographs of ten things, in colour, 32 x 32 pixels.',
    '10 種類のものの小さな写真 50,000 枚、カラー、32 x 32 画素。',
    '十类事物的 50,000 张小照片，彩色，32 x 32 像素。',
  ],
  [
    '400 faces, grey, 64 x 64 pixels: ten pictures of each of 40 people, taken in one room.',
    '顔 400 枚、グレー、64 x 64 画素: 40 人を 10 枚ずつ、同じ部屋で撮影。',
    '400 张人脸，灰度，64 x 64 像素：40 人各十张，在同一房间拍摄。',
  ],
  [
    '13,233 faces from the news, grey, 47 x 62 pixels: cut and reduced as scikit-learn does it.',
    'ニュースの顔 13,233 枚、グレー、47 x 62 画素: scikit-learn と同じ切り抜きと縮小。',
    '13,233 张新闻中的人脸，灰度，47 x 62 像素：按 scikit-learn 的方式裁剪与缩小。',
  ],
  [
    '202,599 faces of famous people, in colour, eyes always in the same place, 178 x 218 pixels.',
    '有名人の顔 202,599 枚、カラー、目の位置は常に同じ、178 x 218 画素。',
    '202,599 张名人脸，彩色，眼睛位置固定，178 x 218 像素。',
  ],
  ['Numbers of the standard normal distribution.', '標準正規分布の数値。', '标准正态分布的数值。'],
  ['Points of the standard normal distribution.', '標準正規分布の点。', '标准正态分布的点。'],
  [
    'Eight narrow normal distributions on a circle of radius 2: shows whether a GAN finds all of them.',
    '半径 2 の円周上の 8 つの狭い正規分布: GAN がすべて見つけるかどうかがわかります。',
    '半径 2 的圆上的八个窄正态分布：看 GAN 能否找到全部。',
  ],
  [
    "GAN Lab's two hills, one round and one narrow and tall.",
    'GAN Lab の 2 つの山。1 つは丸く、1 つは狭く高い。',
    'GAN Lab 的两座山，一座圆，一座又窄又高。',
  ],
  ["GAN Lab's slanting line, a little blurred.", 'GAN Lab の少しぼけた斜めの線。', 'GAN Lab 的斜线，略有模糊。'],
  [
    "GAN Lab's three small hills far from each other.",
    'GAN Lab の、互いに離れた 3 つの小さな山。',
    'GAN Lab 的三座相距很远的小山。',
  ],
  ['CC0 1.0', 'CC0 1.0', 'CC0 1.0'],
  ['MIT', 'MIT', 'MIT'],
  ['CC BY-SA 3.0', 'CC BY-SA 3.0', 'CC BY-SA 3.0'],
  ['CC BY-SA 4.0', 'CC BY-SA 4.0', 'CC BY-SA 4.0'],
  [
    'None stated; collected for research from the 80 million tiny images',
    '明示なし。研究用に 8,000 万枚の小画像から収集',
    '未注明；为研究从 8,000 万张小图像中收集',
  ],
  [
    'Free to use with credit to AT&T Laboratories Cambridge',
    'AT&T Laboratories Cambridge の明記により自由に利用可',
    '注明 AT&T Laboratories Cambridge 即可自由使用',
  ],
  [
    'For research; the photographs belong to their owners',
    '研究用。写真の権利は所有者にあります',
    '用于研究；照片归其所有者',
  ],
  [
    'For non-commercial research; the images belong to their owners',
    '非商用の研究用。画像の権利は所有者にあります',
    '用于非商业研究；图像归其所有者',
  ],
  ['Yours to know', 'ご自身でご確認ください', '请自行确认'],
  ['Drawn by Saddle', 'Saddle が描画', '由 Saddle 绘制'],
  [
    'Download img_align_celeba.zip from mmlab.ie.cuhk.edu.hk/projects/CelebA.html, unpack it, and import its folder.',
    'mmlab.ie.cuhk.edu.hk/projects/CelebA.html から img_align_celeba.zip をダウンロードして展開し、そのフォルダーを取り込んでください。',
    '从 mmlab.ie.cuhk.edu.hk/projects/CelebA.html 下载 img_align_celeba.zip，解压后导入其文件夹。',
  ],
];
