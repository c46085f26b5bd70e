// What backends, cards and the runtime say of the machine: why something is not there, what is lost, what does not fit.

import type { Sentence } from './sentence.ts';

export const machine: readonly Sentence[] = [
  ['{0} (on the processor)', '{0} (プロセッサー上)', '{0}（在处理器上）'],
  ['{0} (on the graphics card)', '{0} (グラフィックスカード上)', '{0}（在显卡上）'],
  [
    'It is not installed yet; it trains about ten times faster than WebAssembly.',
    'まだインストールされていません。WebAssembly の約 10 倍の速さで学習します。',
    '尚未安装；其训练速度约为 WebAssembly 的十倍。',
  ],
  [
    "It works, but {0} is {1} times as fast ({2} against {3} for the probe's network).",
    '動作しますが、{0} のほうが {1} 倍速いです (検査用ネットワークで {2} 対 {3})。',
    '可以使用，但 {0} 的速度是它的 {1} 倍（检测网络 {2} 对 {3}）。',
  ],
  [
    "Backend {0} computes wrongly here ({1}): a small network's output and gradients differ by {2} from plain JavaScript's; {3} is allowed.",
    'バックエンド {0} はここでは計算を誤ります ({1}): 小さなネットワークの出力と勾配が素の JavaScript と {2} 異なります。許容は {3} です。',
    '后端 {0} 在此处计算有误（{1}）：小型网络的输出和梯度与纯 JavaScript 相差 {2}；允许 {3}。',
  ],

  [
    'TensorFlow is not made for {0} on {1} (it is for {2}, linux-x64).',
    'TensorFlow は {1} 上の {0} 向けには作られていません (対応: {2}、linux-x64)。',
    'TensorFlow 没有面向 {1} 上 {0} 的版本（支持 {2}、linux-x64）。',
  ],
  [
    'TensorFlow needs a Linux with the GNU C library (glibc); this one has another, as Alpine does.',
    'TensorFlow には GNU C ライブラリ (glibc) を備えた Linux が必要です。このシステムは Alpine のように別のライブラリを使っています。',
    'TensorFlow 需要带有 GNU C 库（glibc）的 Linux；本系统像 Alpine 那样使用另一种库。',
  ],
  [
    'TensorFlow needs glibc 2.27 or newer; this system has {0}.',
    'TensorFlow には glibc 2.27 以降が必要です。このシステムは {0} です。',
    'TensorFlow 需要 glibc 2.27 或更新版本；本系统为 {0}。',
  ],
  [
    'TensorFlow needs a processor with AVX instructions; this one has none.',
    'TensorFlow には AVX 命令のあるプロセッサーが必要です。このプロセッサーにはありません。',
    'TensorFlow 需要支持 AVX 指令的处理器；本处理器不支持。',
  ],
  [
    'No C++ compiler was found (tried g++, c++, clang++).',
    'C++ コンパイラーが見つかりません (g++、c++、clang++ を試しました)。',
    '未找到 C++ 编译器（已尝试 g++、c++、clang++）。',
  ],
  [
    'Install one with the system packages ({0}), then: npm run runtime',
    'システムのパッケージでインストールし ({0})、続けて: npm run runtime',
    '请用系统软件包安装（{0}），然后运行：npm run runtime',
  ],

  [
    'No NVIDIA card was found (its driver brings nvidia-smi, which is not here).',
    'NVIDIA のカードが見つかりません (ドライバーに付属する nvidia-smi がありません)。',
    '未找到 NVIDIA 显卡（其驱动自带的 nvidia-smi 不存在）。',
  ],
  [
    "NVIDIA's driver does not work (nvidia-smi: {0}).",
    'NVIDIA のドライバーが動作しません (nvidia-smi: {0})。',
    'NVIDIA 驱动无法工作（nvidia-smi：{0}）。',
  ],
  [
    "NVIDIA's driver is here and finds no card.",
    'NVIDIA のドライバーはありますが、カードが見つかりません。',
    'NVIDIA 驱动已安装，但未找到显卡。',
  ],
  [
    '{0} is too new for TensorFlow (compute capability {1}; below {2} works): it trains over WebGPU.',
    '{0} は TensorFlow には新しすぎます (compute capability {1}、{2} 未満なら動作): WebGPU で学習します。',
    '{0} 对 TensorFlow 来说太新（计算能力 {1}；低于 {2} 才可用）：将通过 WebGPU 训练。',
  ],
  [
    '{0} is too old for TensorFlow (compute capability {1}; needed is {2}): try WebGPU.',
    '{0} は TensorFlow には古すぎます (compute capability {1}、必要なのは {2}): WebGPU をお試しください。',
    '{0} 对 TensorFlow 来说太旧（计算能力 {1}；需要 {2}）：请尝试 WebGPU。',
  ],
  [
    'TensorFlow for NVIDIA cards is made for Linux x64 only: elsewhere cards train over WebGPU.',
    'NVIDIA カード用の TensorFlow は Linux x64 専用です。ほかではカードは WebGPU で学習します。',
    '面向 NVIDIA 显卡的 TensorFlow 只有 Linux x64 版本：在其他系统上显卡通过 WebGPU 训练。',
  ],

  [
    'WebGPU finds no graphics device.',
    'WebGPU がグラフィックスデバイスを見つけられません。',
    'WebGPU 未找到图形设备。',
  ],
  [
    'WebGPU finds no graphics device, only {0}, which computes on the processor, slower than WebAssembly.',
    'WebGPU がグラフィックスデバイスを見つけられません。あるのは {0} だけで、これはプロセッサーで計算し、WebAssembly より遅いものです。',
    'WebGPU 未找到图形设备，只有 {0}：它在处理器上计算，比 WebAssembly 慢。',
  ],
  ['To use it all the same: {0}', 'それでも使うには: {0}', '仍要使用：{0}'],
  [
    'WebGPU does not open {0}, which it lists.',
    'WebGPU は一覧にある {0} を開けません。',
    'WebGPU 无法打开其列出的 {0}。',
  ],
  [
    "It needs a Vulkan driver and its loader (Debian's packages: libvulkan1, and the card's driver).",
    'Vulkan のドライバーとローダーが必要です (Debian のパッケージ: libvulkan1 とカードのドライバー)。',
    '需要 Vulkan 驱动及其加载器（Debian 软件包：libvulkan1 和显卡驱动）。',
  ],
  [
    'It needs a graphics card and its driver.',
    'グラフィックスカードとそのドライバーが必要です。',
    '需要显卡及其驱动。',
  ],
  [
    'To train on the processor choose another backend.',
    'プロセッサーで学習するには別のバックエンドを選んでください。',
    '要在处理器上训练，请选择其他后端。',
  ],
  ['The graphics device was lost ({0}).', 'グラフィックスデバイスが失われました ({0})。', '图形设备已丢失（{0}）。'],

  ['Training goes on in a new process {0}.', '{0}、新しいプロセスで学習を続けます。', '训练将在新进程中{0}继续。'],
  ['from the checkpoint of step {0}', 'ステップ {0} のチェックポイントから', '从第 {0} 步的检查点'],
  [
    'from where it began, as there is no checkpoint yet',
    'チェックポイントがまだないため始めから',
    '（还没有检查点）从头',
  ],

  [
    'Out of memory at step {0} with a batch of {1}: {2}; {3} are free and {4} are taken by tensors.',
    'ステップ {0}、バッチ {1} でメモリーが足りません: {2}。空きは {3}、テンソルが使用中なのは {4}。',
    '第 {0} 步、批大小 {1} 时内存不足：{2}；可用 {3}，张量占用 {4}。',
  ],
  [
    'Out of memory at step {0} with a batch of {1}: the system ended the training process.',
    'ステップ {0}、バッチ {1} でメモリーが足りません: システムが学習プロセスを終了しました。',
    '第 {0} 步、批大小 {1} 时内存不足：系统结束了训练进程。',
  ],
  ['{0} were asked for, for a tensor of {1}', '{1} のテンソルのために {0} が要求されました', '为 {1} 的张量请求了 {0}'],
  [
    'more was asked for than could be had (the library does not say how much)',
    '得られる以上の量が要求されました (ライブラリは量を示しません)',
    '请求的内存超出可用量（库未说明具体数量）',
  ],
  [
    'more was asked for than the 4 GB that WebAssembly can hold',
    'WebAssembly が保持できる 4 GB を超える量が要求されました',
    '请求的内存超出 WebAssembly 所能容纳的 4 GB',
  ],
  [
    'Choose a smaller batch or smaller networks.',
    'バッチを小さくするか、ネットワークを小さくしてください。',
    '请选择更小的批大小或更小的网络。',
  ],
  [
    'A batch of {0} fits: some steps of it were tried just now and took {1} at most.',
    'バッチ {0} なら収まります: いま数ステップを試し、最大 {1} を使いました。',
    '批大小 {0} 可以容纳：刚刚试了若干步，最多占用 {1}。',
  ],
  [
    'No batch down to {0} could be tried with success.',
    'バッチを {0} まで下げても成功しませんでした。',
    '批大小减至 {0} 仍未成功。',
  ],
  [
    '{0} makes a tensor of {1} numbers, {2}; {3} holds at most {4} in one.',
    '{0} は {1} 個の数のテンソル ({2}) を作ります。{3} が 1 つに保持できるのは最大 {4} です。',
    '{0} 会产生 {1} 个数的张量（{2}）；{3} 单个张量最多容纳 {4}。',
  ],
  ['A batch of {0} fits.', 'バッチ {0} なら収まります。', '批大小 {0} 可以容纳。'],
  [
    'Choose smaller images or fewer filters.',
    '画像を小さくするか、フィルターを減らしてください。',
    '请选择更小的图像或更少的滤波器。',
  ],
];
