// What the rules of health say and advise. A run keeps the English sentence with its numbers in it: these patterns find the
// numbers again, so that the same run speaks every language.

import type { Sentence } from './sentence.ts';

export const health: readonly Sentence[] = [
  [
    'D is too strong: it takes {0} % of the fakes for real and its loss is {1}, so G learns little.',
    'D が強すぎます: 偽物の {0} % しか本物と見なさず、損失は {1} なので、G はほとんど学習できません。',
    'D 过强：只把 {0} % 的生成样本当作真实，损失为 {1}，因此 G 学不到什么。',
  ],
  [
    "Halve D's learning rate, or give D dropout, or G two updates a step; with minimax take the non-saturating loss.",
    'D の学習率を半分にするか、D にドロップアウトを入れるか、G を 1 ステップに 2 回更新してください。ミニマックスなら非飽和損失に変えてください。',
    '将 D 的学习率减半，或给 D 加 Dropout，或每步更新 G 两次；若用极小极大损失，请改用非饱和损失。',
  ],
  [
    "G's gradient has vanished (norm {0}): with the minimax loss it is as small as D's belief in the fakes, {1}.",
    'G の勾配が消失しました (ノルム {0}): ミニマックス損失では、偽物に対する D の確信 {1} と同じくらい小さくなります。',
    'G 的梯度已消失（范数 {0}）：用极小极大损失时，它与 D 对生成样本的置信 {1} 一样小。',
  ],
  [
    'Take the non-saturating loss: its gradient is largest where the fakes are caught.',
    '非飽和損失を使ってください: 偽物が見破られるところで勾配が最大になります。',
    '请改用非饱和损失：在生成样本被识破之处其梯度最大。',
  ],
  [
    'D has not learned to tell real from fake since the start, and the samples stand still.',
    'D は開始以来、本物と偽物の区別を学んでおらず、サンプルも変化していません。',
    'D 从开始至今未学会区分真假，样本也没有变化。',
  ],
  [
    "Raise D's learning rate, and check that the images' range is that of G's output.",
    'D の学習率を上げ、画像の範囲が G の出力と同じか確かめてください。',
    '提高 D 的学习率，并检查图像范围是否与 G 的输出一致。',
  ],
  [
    'The samples have collapsed: they vary {0} % as much as real data.',
    'サンプルが崩壊しました (モード崩壊): ばらつきは本物のデータの {0} % です。',
    '样本已崩塌（模式崩塌）：其变化只有真实数据的 {0} %。',
  ],
  [
    'The samples are too much alike: similarity {0}, of real images {1}.',
    'サンプルが似すぎています: 類似度 {0}、本物の画像では {1}。',
    '样本过于相似：相似度 {0}，真实图像为 {1}。',
  ],
  [
    'Whole classes are missing from the samples (divergence {0} from the data).',
    'サンプルに丸ごと欠けているクラスがあります (データとのダイバージェンス {0})。',
    '样本中缺少整个类别（与数据的散度为 {0}）。',
  ],
  [
    'The samples are good but few: recall {0}, precision {1}.',
    'サンプルは良質ですが種類が少ないです: 再現率 {0}、適合率 {1}。',
    '样本质量好但种类少：召回率 {0}，精确率 {1}。',
  ],
  [
    'Halve the learning rates, enlarge the batch, or with the KL variant take the non-saturating loss; of BEGAN raise gamma.',
    '学習率を半分にするか、バッチを大きくしてください。KL 版なら非飽和損失に変え、BEGAN なら γ を上げてください。',
    '将学习率减半，或增大批；若用 KL 变体，请改用非饱和损失；若是 BEGAN，请提高 γ。',
  ],
  [
    'G goes round between classes: from each of the last {0} grids to the next, more than half of the samples changed theirs.',
    'G がクラスの間を巡回しています: 直近 {0} 枚のグリッドで、次のグリッドへ移るたびに半分以上のサンプルのクラスが変わりました。',
    'G 在类别之间来回变换：最近 {0} 张网格图中，每到下一张都有一半以上的样本改变了类别。',
  ],
  [
    'Halve the learning rates or lower beta 1; averaging the weights of G helps as well.',
    '学習率を半分にするか β1 を下げてください。G の重みの平均化も有効です。',
    '将学习率减半或降低 β1；对 G 的权重取平均也有帮助。',
  ],
  [
    "BEGAN's k has been 0 for 2,000 steps: fakes are rebuilt worse than gamma times the real images, so D does not look at them.",
    'BEGAN の k が 2,000 ステップの間 0 です: 偽物の再構成が本物の γ 倍より悪いので、D は偽物を見ていません。',
    'BEGAN 的 k 已有 2,000 步为 0：生成样本的重建比真实图像的 γ 倍还差，因此 D 不看它们。',
  ],
  [
    "Halve the learning rates, and check that the images' range is right.",
    '学習率を半分にし、画像の範囲が正しいか確かめてください。',
    '将学习率减半，并检查图像范围是否正确。',
  ],
  [
    "BEGAN's k has been 1 for 2,000 steps: the fakes are trivial to rebuild, constant or blurred, and D cannot push back.",
    'BEGAN の k が 2,000 ステップの間 1 です: 偽物は一様またはぼやけていて再構成が容易すぎ、D は押し返せません。',
    'BEGAN 的 k 已有 2,000 步为 1：生成样本单一或模糊，极易重建，D 无法反制。',
  ],
  ['Lower gamma.', 'γ を下げてください。', '降低 γ。'],
  [
    'M stands still at {0}: no gain of 1 % in 6,000 steps, at the lowest learning rate.',
    'M が {0} で停滞しています: 学習率の下限で、6,000 ステップの間 1 % も良くなっていません。',
    'M 停滞在 {0}：在最低学习率下，6,000 步内没有 1 % 的改善。',
  ],
  [
    'Stop here and take the checkpoint with the lowest M.',
    'ここで停止し、M が最小のチェックポイントを使ってください。',
    '就此停止，使用 M 最低的检查点。',
  ],
  [
    'A checkerboard lies over the samples: {0} % of their energy is at half the sampling rate, of real images {1} %.',
    'サンプルに市松模様が重なっています: エネルギーの {0} % が標本化周波数の半分にあり、本物の画像では {1} % です。',
    '样本上覆有棋盘格：其能量的 {0} % 位于采样率的一半处，真实图像为 {1} %。',
  ],
  [
    'Take transposed convolutions with a kernel that the stride divides (4 and 2), or resize and convolve.',
    'カーネルがストライドで割り切れる転置畳み込み (4 と 2) を使うか、拡大してから畳み込んでください。',
    '请使用卷积核可被步幅整除的转置卷积（4 与 2），或先放大再卷积。',
  ],
  [
    'G {0} gives back what it gets (mean change {1}) while D tells them apart.',
    'G {0} は入力をそのまま返しています (平均変化 {1})。D は区別できています。',
    'G {0} 原样返回输入（平均变化 {1}），而 D 能区分它们。',
  ],
  [
    'Train longer, or lower the weight of the cycle.',
    'さらに学習するか、サイクルの重みを下げてください。',
    '继续训练，或降低循环项的权重。',
  ],
  [
    'G {0} inverts its input: their correlation is {1}.',
    'G {0} は入力を反転しています: 相関は {1} です。',
    'G {0} 反转了输入：二者的相关为 {1}。',
  ],
  ['Switch the identity loss on.', '恒等損失を有効にしてください。', '请启用恒等损失。'],
  [
    'G {0} hides its input: outputs hardly differ ({1} % of the spread of real images), yet the way back is perfect.',
    'G {0} は入力を隠しています: 出力はほとんど変わらない (本物の画像のばらつきの {1} %) のに、逆変換は完璧です。',
    'G {0} 隐藏了输入：输出几乎没有差别（真实图像离散度的 {1} %），反向却完美还原。',
  ],
  [
    'Add noise to the fakes, or make G smaller.',
    '偽物にノイズを加えるか、G を小さくしてください。',
    '给生成样本加噪声，或缩小 G。',
  ],
  [
    'The text is ignored: D finds wrong captions as good as right ones.',
    '文が無視されています: D は誤った説明文を正しいものと同じに扱います。',
    '文本被忽略：D 认为错误的描述与正确的一样好。',
  ],
  [
    'The text is ignored: {0} % of the samples fit their caption, by chance it would be {1} %.',
    '文が無視されています: 説明文に合うサンプルは {0} %、偶然でも {1} % です。',
    '文本被忽略：{0} % 的样本符合其描述，随机也有 {1} %。',
  ],
  [
    'Give wrong captions more weight in the loss of D, and the KL term less.',
    'D の損失で誤った説明文の重みを上げ、KL 項の重みを下げてください。',
    '在 D 的损失中加大错误描述的权重，减小 KL 项的权重。',
  ],
  [
    'Every step leaves tensors behind: {0} more than 100 steps ago.',
    '毎ステップ、テンソルが残っています: 100 ステップ前より {0} 個多い。',
    '每一步都留下张量：比 100 步之前多 {0} 个。',
  ],
  [
    'This is a fault of the recipe or of Saddle: report it. Memory will run out; stop before it does.',
    'レシピまたは Saddle の不具合です。報告してください。メモリーが尽きる前に停止してください。',
    '这是配方或 Saddle 的缺陷：请报告。内存将耗尽，请在此之前停止。',
  ],
  [
    'Samples are copies: their nearest training image is {0} % as far as their nearest image outside the training data.',
    'サンプルは複製です: 最も近い学習画像までの距離が、学習データ外の最も近い画像までの {0} % です。',
    '样本是复制品：与最近训练图像的距离只有与训练数据之外最近图像距离的 {0} %。',
  ],
  [
    'Stop early, or train on more data.',
    '早めに停止するか、より多くのデータで学習してください。',
    '提前停止，或用更多数据训练。',
  ],
  [
    "The real images lie between {0} and {1}, but G's tanh gives -1 to 1: half of its range is never right.",
    '本物の画像は {0} から {1} ですが、G の tanh は -1 から 1 を出力します: 範囲の半分は決して正しくなりません。',
    '真实图像在 {0} 与 {1} 之间，而 G 的 tanh 给出 -1 到 1：其范围的一半永远不对。',
  ],
  [
    "The real images lie between {0} and {1}, but G's sigmoid gives 0 to 1: it cannot make what is below 0.",
    '本物の画像は {0} から {1} ですが、G の sigmoid は 0 から 1 を出力します: 0 未満の値は作れません。',
    '真实图像在 {0} 与 {1} 之间，而 G 的 sigmoid 给出 0 到 1：无法生成小于 0 的值。',
  ],
  ['Scale the images to the range of the output.', '画像を出力の範囲に合わせてください。', '将图像缩放到输出的范围。'],
  [
    '{0} became {1} at step {2}, the first tensor that is not finite.',
    'ステップ {2} で {0} が {1} になりました。有限でなくなった最初のテンソルです。',
    '第 {2} 步时 {0} 变为 {1}，这是第一个非有限的张量。',
  ],
  [
    'The last batch was in the range {0} to {1}.',
    '最後のバッチの範囲は {0} から {1} でした。',
    '最后一批的范围是 {0} 到 {1}。',
  ],
  [
    'There was no checkpoint yet. Start a new run with half the learning rate ({0}).',
    'チェックポイントはまだありませんでした。学習率を半分にして新しいランを始めてください ({0})。',
    '当时还没有检查点。请以一半的学习率开始新的运行（{0}）。',
  ],
  [
    'The last weights before it are in {0}. To go on from there with half the learning rate: {1}',
    'その直前の重みは {0} にあります。そこから学習率を半分にして続けるには: {1}',
    '此前最后的权重在 {0} 中。要以一半的学习率从那里继续：{1}',
  ],
  ['Over: {0}', '解消: {0}', '已解除：{0}'],
];
