// What checks refuse and what a run's events tell, as far as it is said often. The rest stays in English.

import type { Sentence } from './sentence.ts';

export const messages: readonly Sentence[] = [
  [
    'expected a whole number from {0} to {1}, found {2}',
    '{0} から {1} の整数を入力してください (入力: {2})',
    '应为 {0} 到 {1} 的整数，实际为 {2}',
  ],
  [
    'expected a number from {0} to {1}, found {2}',
    '{0} から {1} の数を入力してください (入力: {2})',
    '应为 {0} 到 {1} 的数，实际为 {2}',
  ],
  ['expected one of {0}, found {1}', '{0} のいずれかを入力してください (入力: {1})', '应为 {0} 之一，实际为 {1}'],
  [
    'expected true or false, found {0}',
    'true か false を入力してください (入力: {0})',
    '应为 true 或 false，实际为 {0}',
  ],
  ['{0} stands there twice', '{0} が 2 回あります', '{0} 出现了两次'],
  ['expected values, such as {0}', '値を入力してください (例: {0})', '请输入值，例如 {0}'],
  [
    'labelSmoothing: expected 0 with the loss "{0}", which has no target to smooth, found {1}',
    'labelSmoothing: 損失「{0}」には平滑化する目標がないので 0 にしてください (入力: {1})',
    'labelSmoothing：损失“{0}”没有可平滑的目标，应为 0，实际为 {1}',
  ],
  [
    'data: {0} is not here yet; fetch it on the Data page or with: {1}',
    'data: {0} はまだありません。データページで取得するか、次を実行してください: {1}',
    'data：{0} 尚未就绪；请在数据页获取，或运行：{1}',
  ],
  [
    'step: {0} has no checkpoint at step {1}. {2}',
    'step: {0} にはステップ {1} のチェックポイントがありません。{2}',
    'step：{0} 在第 {1} 步没有检查点。{2}',
  ],
  ['It has one at: {0}.', 'あるのはステップ {0} です。', '现有的在第 {0} 步。'],
  ['It has none yet.', 'まだ 1 つもありません。', '目前还没有。'],
  [
    "steps: expected more than {0}, the step the fork starts from, found {1}. Steps count from the parent's first.",
    'steps: フォークの開始ステップ {0} より大きくしてください (入力: {1})。ステップは親の最初から数えます。',
    'steps：应大于分支起始步 {0}，实际为 {1}。步数从父运行的第一步算起。',
  ],
  [
    '{0}: these settings make other layers ({1} parameters) than the checkpoint of {2} holds ({3}). Keep the layers, or start a new run instead of a fork.',
    '{0}: この設定では {2} のチェックポイント (パラメーター {3} 個) と異なる層 ({1} 個) になります。層を変えないか、フォークではなく新しいランを始めてください。',
    '{0}：这些设置得到的层（{1} 个参数）与 {2} 的检查点（{3} 个）不同。请保持层不变，或新建运行而不是分支。',
  ],
  [
    '{0} is finished. To train it further, fork it with a greater number of steps.',
    '{0} は完了しています。さらに学習するには、より大きなステップ数でフォークしてください。',
    '{0} 已完成。要继续训练，请以更大的步数创建分支。',
  ],
  [
    '{0} is being fetched or imported; cancel that first',
    '{0} は取得中または取り込み中です。先にそれを中止してください',
    '{0} 正在获取或导入；请先取消',
  ],
  ['the import of {0} was cancelled', '{0} の取り込みを中止しました', '已取消导入 {0}'],
  [
    'Run {0} is {1}. Stop it first, then delete it.',
    'ラン {0} は動作中です ({1})。先に停止してから削除してください。',
    '运行 {0} 正在进行（{1}）。请先停止，再删除。',
  ],
  [
    'There is no run {0} in {1}. It may have been deleted or moved.',
    '{1} にラン {0} はありません。削除または移動された可能性があります。',
    '{1} 中没有运行 {0}。它可能已被删除或移动。',
  ],
  [
    'Entry {0} waits no longer: it was started or removed.',
    '項目 {0} はもう待っていません: 開始または削除されました。',
    '条目 {0} 已不再等待：它已开始或被移除。',
  ],
  [
    'The queue holds at most {0} runs: {1} wait, and {2} more do not fit.',
    'キューに入るのは {0} 件までです: {1} 件が待機中で、さらに {2} 件は入りません。',
    '队列最多容纳 {0} 个运行：已有 {1} 个等待，再加 {2} 个放不下。',
  ],
  [
    'Went on from step {0}, the newest that is whole. {1}',
    '損なわれていない最新のステップ {0} から続けました。{1}',
    '从完好的最新一步（第 {0} 步）继续。{1}',
  ],
  [
    'Went back to step {0}: what was recorded up to step {1} after it was removed, {2}.',
    'ステップ {0} に戻りました: その後ステップ {1} までの記録を取り除きました ({2})。',
    '回到第 {0} 步：已移除此后至第 {1} 步的记录（{2}）。',
  ],
  [
    'The disk is full, training waits until there is room and then goes on by itself. ({0})',
    'ディスクがいっぱいです。空きができるまで学習は待ち、その後自動で続きます。({0})',
    '磁盘已满，训练将等到有空间后自动继续。（{0}）',
  ],
  [
    'There is room on the disk again: training waited {0} s, nothing was lost',
    'ディスクに空きができました: 学習は {0} 秒待ちましたが、何も失われていません',
    '磁盘又有空间了：训练等待了 {0} 秒，没有任何丢失',
  ],
  ['paused: {0}', '一時停止: {0}', '暂停：{0}'],
  ['stopped: {0}', '停止: {0}', '停止：{0}'],
  ['finished: {0}', '完了: {0}', '完成：{0}'],
  ['forked from {0}: {1}', '{0} からフォーク: {1}', '从 {0} 分支：{1}'],
];
