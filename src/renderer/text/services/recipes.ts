// The recipes and their presets: names, sentences, sources, and the labels of their reference lines.

import type { Sentence } from './sentence.ts';

export const recipes: readonly Sentence[] = [
  ['Toy GAN', 'トイ GAN', '玩具 GAN'],
  [
    'Turns noise into points of a known distribution, within a minute: shows what a GAN does and how it fails.',
    'ノイズを既知の分布の点に変えます。1 分以内に、GAN が何をし、どう失敗するかがわかります。',
    '在一分钟内把噪声变成已知分布的点：展示 GAN 做什么、怎样失败。',
  ],
  [
    'Goodfellow et al. 2014, arXiv 1406.2661; the articles on GAN and on its variants',
    'Goodfellow ほか 2014、arXiv 1406.2661。GAN とその変種についての記事',
    'Goodfellow 等 2014，arXiv 1406.2661；关于 GAN 及其变体的文章',
  ],
  ['MLP GAN', 'MLP GAN', 'MLP GAN'],
  [
    'The first GAN: two small networks of dense layers. Fast everywhere, and rough.',
    '最初の GAN: 全結合層だけの小さな 2 つのネットワーク。どこでも速く、粗い結果です。',
    '最早的 GAN：两个由全连接层组成的小网络。到处都快，但结果粗糙。',
  ],
  [
    'Goodfellow et al. 2014, arXiv 1406.2661; the article on GAN and the KL variant',
    'Goodfellow ほか 2014、arXiv 1406.2661。GAN と KL 版についての記事',
    'Goodfellow 等 2014，arXiv 1406.2661；关于 GAN 与 KL 变体的文章',
  ],
  ['BasicGAN', 'BasicGAN', 'BasicGAN'],
  [
    'One hidden layer in each network: what a DCGAN of the same settings is compared with.',
    '各ネットワークに隠れ層 1 つ: 同じ設定の DCGAN と比べるためのものです。',
    '每个网络只有一个隐藏层：用来与相同设置的 DCGAN 对比。',
  ],
  [
    'The article that compares DCGAN with a basic GAN; after Goodfellow et al. 2014, arXiv 1406.2661',
    'DCGAN と基本的な GAN を比べる記事。Goodfellow ほか 2014、arXiv 1406.2661 による',
    '对比 DCGAN 与基本 GAN 的文章；依据 Goodfellow 等 2014，arXiv 1406.2661',
  ],
  ['DCGAN 28x28', 'DCGAN 28x28', 'DCGAN 28x28'],
  [
    'Convolutional generator and discriminator for small images such as handwritten digits.',
    '手書き数字などの小さな画像のための、畳み込みの生成器と識別器。',
    '面向手写数字等小图像的卷积生成器与判别器。',
  ],
  [
    'Radford, Metz, Chintala 2015, arXiv 1511.06434; the article "DCGAN on MNIST"',
    'Radford, Metz, Chintala 2015、arXiv 1511.06434。記事「DCGAN on MNIST」',
    'Radford, Metz, Chintala 2015，arXiv 1511.06434；文章“DCGAN on MNIST”',
  ],
  ['DCGAN 64x64', 'DCGAN 64x64', 'DCGAN 64x64'],
  [
    'The convolutional GAN of the paper for colour or grey images of 64 x 64 pixels, in four published layouts.',
    '論文の畳み込み GAN。64 x 64 画素のカラーまたはグレー画像用、公開された 4 通りの構成。',
    '论文中的卷积 GAN，用于 64 x 64 像素的彩色或灰度图像，有四种已发表的结构。',
  ],
  [
    'Radford, Metz, Chintala 2015, arXiv 1511.06434; the article that compares it with a basic GAN',
    'Radford, Metz, Chintala 2015、arXiv 1511.06434。基本的な GAN と比べる記事',
    'Radford, Metz, Chintala 2015，arXiv 1511.06434；将其与基本 GAN 对比的文章',
  ],
  ['DCGAN for faces', '顔用 DCGAN', '人脸 DCGAN'],
  [
    'A shallow DCGAN for grey faces: one dense layer and two convolutions in each network, quick without a GPU.',
    'グレーの顔のための浅い DCGAN: 各ネットワークに全結合層 1 つと畳み込み 2 つ。GPU なしでも速い。',
    '用于灰度人脸的浅层 DCGAN：每个网络一个全连接层和两个卷积，无 GPU 也很快。',
  ],
  [
    'The article on GAN and a small DCGAN; its author\'s code, "people_conv"',
    'GAN と小さな DCGAN についての記事。著者のコード「people_conv」',
    '关于 GAN 与小型 DCGAN 的文章；作者的代码“people_conv”',
  ],
  ['BEGAN', 'BEGAN', 'BEGAN'],
  [
    'The discriminator is an autoencoder, kept in balance with the generator; M says how far training has come.',
    '識別器はオートエンコーダーで、生成器との均衡が保たれます。M が学習の進み具合を示します。',
    '判别器是自编码器，与生成器保持平衡；M 表示训练进展到何种程度。',
  ],
  [
    'Berthelot, Schumm, Metz 2017, arXiv 1703.10717; the article on TensorBoard, BEGAN, CycleGAN and StackGAN',
    'Berthelot, Schumm, Metz 2017、arXiv 1703.10717。TensorBoard、BEGAN、CycleGAN、StackGAN についての記事',
    'Berthelot, Schumm, Metz 2017，arXiv 1703.10717；关于 TensorBoard、BEGAN、CycleGAN 与 StackGAN 的文章',
  ],

  ['App', 'アプリ標準', '应用默认'],
  ['Small', '小', '小型'],
  ['Post', '記事', '文章'],
  ['Paper', '論文', '论文'],
  ['carpedm20', 'carpedm20', 'carpedm20'],
  ['PyTorch example', 'PyTorch の例', 'PyTorch 示例'],
  ['WGAN-GP (reference)', 'WGAN-GP (参照実装)', 'WGAN-GP（参考实现）'],
  ['Paper (original code)', '論文 (原著者のコード)', '论文（原始代码）'],
  ['Paper (conditional)', '論文 (条件付き)', '论文（条件式）'],
  ['carpedm20 (conditional)', 'carpedm20 (条件付き)', 'carpedm20（条件式）'],
  ['Post (64x64)', '記事 (64x64)', '文章（64x64）'],
  ['Small (DCGAN28-S)', '小 (DCGAN28-S)', '小型（DCGAN28-S）'],
  ['Small (DCGAN64-S)', '小 (DCGAN64-S)', '小型（DCGAN64-S）'],
  ['Small (BEGAN-S)', '小 (BEGAN-S)', '小型（BEGAN-S）'],
  ['Smallest (BEGAN-XS)', '最小 (BEGAN-XS)', '最小（BEGAN-XS）'],

  [
    "The article's networks, learning five times as fast.",
    '記事のネットワークを 5 倍の学習率で。',
    '文章中的网络，学习率为五倍。',
  ],
  [
    'Half the width, ten random numbers, fast learning: shows a normal distribution after some 300 steps.',
    '幅は半分、乱数は 10 個、速い学習: 約 300 ステップで正規分布が現れます。',
    '宽度减半，十个随机数，学习快：约 300 步后出现正态分布。',
  ],
  [
    "The article author's settings: learning rate 2e-4 and weight decay 1e-5.",
    '記事の著者の設定: 学習率 2e-4、重み減衰 1e-5。',
    '文章作者的设置：学习率 2e-4，权重衰减 1e-5。',
  ],
  [
    "gan_toy.py of the WGAN-GP paper's authors (arXiv 1704.00028): five updates of a critic with gradient penalty, three hidden layers of 512 units, normal latents of two numbers; first weights are Glorot instead of He.",
    'WGAN-GP 論文の著者による gan_toy.py (arXiv 1704.00028): 勾配ペナルティ付きクリティックを 5 回更新、512 ユニットの隠れ層 3 つ、2 次元の正規分布の潜在変数。重みの初期値は He ではなく Glorot です。',
    'WGAN-GP 论文作者的 gan_toy.py（arXiv 1704.00028）：带梯度惩罚的评判器更新五次，三个 512 单元的隐藏层，两维正态潜变量；初始权重用 Glorot 而非 He。',
  ],
  [
    "The article author's widths, with images in the range of tanh.",
    '記事の著者のユニット数で、画像は tanh の範囲。',
    '文章作者的宽度，图像取 tanh 的范围。',
  ],
  [
    "The article author's network: images in 0 to 1 against tanh, dropout in both, weight decay. Left out is its mistake of using the discriminator's tanh as a logit, which keeps its loss above 0.6265.",
    '記事の著者のネットワーク: tanh に対して 0 から 1 の画像、両方にドロップアウト、重み減衰。識別器の tanh をロジットとして使う誤り (損失が 0.6265 を下回らない) は除きました。',
    '文章作者的网络：图像为 0 到 1 而输出为 tanh，两个网络都用 Dropout，有权重衰减。去掉了将判别器的 tanh 当作 logit 的错误（它使损失不低于 0.6265）。',
  ],
  [
    "The original code's networks and schedule; that code updates both networks at once from one batch, here the discriminator comes first.",
    '原著者のコードのネットワークとスケジュール。元のコードは 1 つのバッチで両方を同時に更新しますが、ここでは識別器が先です。',
    '原始代码的网络与调度；该代码用一批数据同时更新两个网络，这里判别器在先。',
  ],
  [
    'To be compared with DCGAN 28x28: the same data, range, loss and optimizer.',
    'DCGAN 28x28 と比べるため: データ、範囲、損失、最適化手法が同じ。',
    '用于与 DCGAN 28x28 对比：数据、范围、损失与优化器相同。',
  ],
  [
    'A quarter of the width, for a computer without a GPU.',
    '幅は 4 分の 1、GPU のないコンピューター向け。',
    '宽度为四分之一，适合没有 GPU 的计算机。',
  ],
  [
    'To be compared with DCGAN 64x64 on faces, as the article does; its own network is not in the article, so this is ours.',
    '記事と同じく、顔で DCGAN 64x64 と比べるため。記事にネットワークが載っていないので、これは当アプリのものです。',
    '如文章那样在人脸上与 DCGAN 64x64 对比；文章未给出其网络，故此为我们的设计。',
  ],
  [
    "The article's network with the paper's training settings.",
    '記事のネットワークと、論文の学習設定。',
    '文章的网络配论文的训练设置。',
  ],
  [
    'The same with a quarter of the width, for a computer without a GPU; so narrow a pair bears faster learning, and shows digits after 300 steps instead of 1,000.',
    '同じものを 4 分の 1 の幅で、GPU のないコンピューター向け。幅が狭いので速い学習に耐え、1,000 ではなく 300 ステップで数字が現れます。',
    '宽度为四分之一的同一网络，适合没有 GPU 的计算机；网络较窄可承受更快的学习，300 步（而非 1,000 步）后即可看到数字。',
  ],
  [
    "The article's code: a slow discriminator, batch norm without parameters, images in 0 to 1 against tanh. Its mistakes are left out: the generator loss has its minus sign, and leaky ReLU returns its value.",
    '記事のコード: 遅い識別器、パラメーターなしのバッチ正規化、tanh に対して 0 から 1 の画像。誤りは除きました: 生成器の損失には負号があり、leaky ReLU は値を返します。',
    '文章的代码：缓慢的判别器，无参数的批归一化，图像为 0 到 1 而输出为 tanh。去掉了其中的错误：生成器损失带有负号，leaky ReLU 返回其值。',
  ],
  [
    "The conditional network of the paper's MNIST table, from its code; that code gives each update its own batch, here both updates of a step share the classes of one.",
    '論文の MNIST の表にある条件付きネットワーク (著者のコードによる)。元のコードは更新ごとに別のバッチを使いますが、ここでは 1 ステップの両方の更新が同じクラスを共有します。',
    '论文 MNIST 表中的条件网络，取自其代码；该代码每次更新用各自的批，这里一步中的两次更新共用同一批的类别。',
  ],
  [
    "carpedm20's conditional network: wider before the output, with biases, two generator updates a step, all from one z. Its code trains on the 10,000 test images as well, here they stay unseen.",
    'carpedm20 の条件付きネットワーク: 出力の前が広く、バイアスあり、1 ステップに生成器を 2 回更新、すべて同じ z から。元のコードは 10,000 枚のテスト画像も学習に使いますが、ここでは使いません。',
    'carpedm20 的条件网络：输出前更宽，有偏置，每步更新生成器两次，均用同一个 z。其代码还用 10,000 张测试图像训练，这里不使用它们。',
  ],
  [
    'The layout of the PyTorch example, with fresh latents for each update and running averages for sample grids.',
    'PyTorch の例の構成。更新ごとに新しい潜在変数、サンプルグリッドには移動平均。',
    'PyTorch 示例的结构，每次更新用新的潜变量，样本网格图用滑动平均。',
  ],
  [
    'The same with a quarter of the width, for a computer without a GPU; use small data sets.',
    '同じものを 4 分の 1 の幅で、GPU のないコンピューター向け。小さなデータセットを使ってください。',
    '宽度为四分之一的同一网络，适合没有 GPU 的计算机；请使用小数据集。',
  ],
  [
    "The paper's network and settings from its code for faces: no biases, batch norm of each unit of the projection, weight decay, generator first. That code gives each update its own batch of real images, here a step has one.",
    '論文のネットワークと設定 (顔用のコードによる): バイアスなし、射影のユニットごとのバッチ正規化、重み減衰、生成器が先。元のコードは更新ごとに別の本物バッチを使いますが、ここでは 1 ステップに 1 つです。',
    '论文的网络与设置，取自其人脸代码：无偏置，投影层逐单元批归一化，权重衰减，先更新生成器。该代码每次更新用各自的真实图像批，这里一步只用一批。',
  ],
  [
    "The article's code: a discriminator half as wide as the generator, no batch norm after the projection and none with a scale. Left out are its logarithms of probabilities without an epsilon and the minus sign its printed loss lacks; its batch size is not stated.",
    '記事のコード: 識別器の幅は生成器の半分、射影の後のバッチ正規化なし、スケールもなし。ε のない確率の対数と、掲載された損失に欠けている負号は直しました。バッチサイズは記されていません。',
    '文章的代码：判别器宽度为生成器的一半，投影之后无批归一化，且均无缩放。改正了不加 ε 的概率对数，以及所印损失缺少的负号；其批大小未说明。',
  ],
  [
    "carpedm20's code: biases everywhere, two generator updates a step, all from one z; of CelebA the centred 108 x 108 pixels.",
    'carpedm20 のコード: すべてにバイアス、1 ステップに生成器を 2 回更新、すべて同じ z から。CelebA は中央の 108 x 108 画素。',
    'carpedm20 的代码：处处有偏置，每步更新生成器两次，均用同一个 z；CelebA 取中央 108 x 108 像素。',
  ],
  [
    'pytorch/examples: normal latents, the same for both updates; its sample grids use the statistics of the very grid.',
    'pytorch/examples: 正規分布の潜在変数を両方の更新で共有。サンプルグリッドはそのグリッド自身の統計量を使います。',
    'pytorch/examples：正态潜变量，两次更新共用；样本网格图使用其自身的统计量。',
  ],
  [
    "The author's networks and order of updates, with tanh and images in its range; 3,000 to 5,000 steps show faces.",
    '著者のネットワークと更新順序に、tanh とその範囲の画像。3,000 から 5,000 ステップで顔が現れます。',
    '作者的网络与更新顺序，配 tanh 及其范围的图像；3,000 到 5,000 步后出现人脸。',
  ],
  [
    'A quarter of the width in both networks, for a computer without a GPU.',
    '両ネットワークとも幅は 4 分の 1、GPU のないコンピューター向け。',
    '两个网络的宽度均为四分之一，适合没有 GPU 的计算机。',
  ],
  [
    "The author's code: batches of 401, a linear output against images in 0 to 1, weight decay, batch norm even on the discriminator's first layer. Nothing is left out of this one; its sibling networks, some of them inconsistent, are.",
    '著者のコード: バッチは 401、0 から 1 の画像に対して線形の出力、重み減衰、識別器の最初の層にもバッチ正規化。これは何も省いていません。矛盾を含む兄弟ネットワークは省きました。',
    '作者的代码：批大小 401，线性输出而图像为 0 到 1，权重衰减，判别器第一层也有批归一化。此网络没有任何删减；其中自相矛盾的同类网络则未收入。',
  ],
  [
    "carpedm20's network at half the width, with the paper's learning rate, halved when M stalls.",
    'carpedm20 のネットワークを半分の幅で。学習率は論文のもので、M が停滞すると半減します。',
    'carpedm20 的网络，宽度减半，学习率取自论文，M 停滞时减半。',
  ],
  [
    '32 x 32 pixels and a quarter of the width, for a computer without a GPU; judge it by M, as k needs 1,000 steps.',
    '32 x 32 画素、幅は 4 分の 1、GPU のないコンピューター向け。k には 1,000 ステップかかるので、M で判断してください。',
    '32 x 32 像素，宽度为四分之一，适合没有 GPU 的计算机；请用 M 判断，因为 k 需要 1,000 步。',
  ],
  [
    '16 x 16 grey pixels, to see the feedback at work within minutes.',
    '16 x 16 のグレー画素。数分でフィードバックの働きが見られます。',
    '16 x 16 灰度像素，几分钟内即可看到反馈的作用。',
  ],
  [
    "The paper's largest network with its skips and vanishing residuals; its face set is private, so take any faces. It draws a z of its own for each term, here one serves both, and the widths of the encoder are read from its drawing.",
    '論文の最大のネットワーク。スキップ接続と消えていく残差付き。論文の顔データは非公開なので、任意の顔を使ってください。論文は項ごとに別の z を引きますが、ここでは 1 つを共用し、エンコーダーの幅は論文の図から読み取りました。',
    '论文中最大的网络，带跳跃连接与渐消残差；其人脸数据未公开，请用任意人脸。论文为每一项各取一个 z，这里二者共用一个；编码器的宽度读自论文的图。',
  ],
  [
    "carpedm20's code at 64 x 64: no skips, rates halved by the step count. Its beta 1 of 0.5 never reaches Adam, which uses 0.9; so it is here. Left out: images always made with 3 channels, whatever the data.",
    'carpedm20 のコード、64 x 64: スキップ接続なし、学習率はステップ数で半減。β1 の 0.5 は Adam に渡されず 0.9 が使われるので、ここでも同じです。データにかかわらず常に 3 チャンネルの画像を作る点は除きました。',
    'carpedm20 的代码，64 x 64：无跳跃连接，学习率按步数减半。其 β1 的 0.5 从未传给 Adam，实际用 0.9，这里亦然。去掉了无论何种数据都生成 3 通道图像的做法。',
  ],
  [
    "The article author's code for CIFAR-10: means instead of the strided convolutions its text describes, images in 0 to 1, the generator first. Left out are its scrambled order of colours and rows, and the use of a fifth of the data.",
    '記事の著者の CIFAR-10 用コード: 本文のストライド付き畳み込みの代わりに平均、画像は 0 から 1、生成器が先。色と行の順序の乱れと、データの 5 分の 1 しか使わない点は除きました。',
    '文章作者的 CIFAR-10 代码：以均值代替文中所述的步幅卷积，图像为 0 到 1，先更新生成器。去掉了颜色与行的错乱顺序，以及只用五分之一数据的做法。',
  ],

  ['log {0}: cannot tell', 'log {0}: 見分けられない', 'log {0}：无法分辨'],
  ['cannot tell', '見分けられない', '无法分辨'],
  ['wanted by the penalty', 'ペナルティの目標', '惩罚项的目标'],
  ['in balance: k stands still', '均衡: k は動かない', '平衡：k 不变'],
];
