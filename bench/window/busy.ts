// P6: the speed of a real training while the window drags the step bar in a loop, against the same training with no window, in
// turns within one run, so that both see the same machine. The window's own work shares the cores with the training: on few
// cores the figure says what a software renderer takes, not what the app does beside a GPU. `--training-cores 0` keeps the
// training on those (Linux's `taskset`); start the whole on others for a window that has its own:
// `taskset -c 1 npm run bench:window -- busy --training-cores 0`

import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, Page } from '@playwright/test';
import { openLibrary } from '../../src/main/library/library.ts';
import { join } from 'node:path';
import { cli, endWithUs, isQuick, makeHome, median, print, runIds, serve, withPage } from './ground.ts';

const PAIRS = isQuick ? 2 : 8;
const PHASE_MS = isQuick ? 6_000 : 20_000;
/** After a change of what the machine does. */
const SETTLE_MS = 2_000;
const TAG = 'time/step_ms';

/** Median step time of what is recorded while `work` runs. */
async function stepTimeWhile(home: string, id: string, work: (untilMs: number) => Promise<void>): Promise<number> {
  const library = openLibrary(join(home, 'runs'));
  const lastStep = (): number =>
    library
      .reader(id as never)
      .series(TAG, {}, 2)
      .steps.at(-1) ?? 0;
  try {
    const untilMs = performance.now() + SETTLE_MS + PHASE_MS;
    const begun = wait(SETTLE_MS).then(lastStep);
    await work(untilMs);
    const [from, to] = [(await begun) + 1, lastStep()];
    const series = library.reader(id as never).series(TAG, { from, to }, to - from + 2);
    if (series.kind !== 'points') throw new TypeError('more points than steps');
    return median([...series.values]);
  } finally {
    library.close();
  }
}

/** The step bar of eight runs, from end to end and back. */
async function dragFor(page: Page, untilMs: number): Promise<void> {
  const bar = page.getByRole('slider', { name: 'Step of the samples' });
  await bar.scrollIntoViewIfNeeded();
  const box = (await bar.boundingBox())!;
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + 2, y);
  await page.mouse.down();
  for (let at = 0; performance.now() < untilMs; at = (at + 1) % 400) {
    const share = at < 200 ? at / 200 : 2 - at / 200;
    await page.mouse.move(box.x + 2 + share * (box.width - 4), y);
  }
  await page.mouse.up();
}

/** The cores given by `--training-cores`, in `taskset`'s own notation; null for all. */
function readTrainingCores(): string | null {
  const at = process.argv.indexOf('--training-cores');
  if (at < 0) return null;
  const given = process.argv[at + 1] ?? '';
  if (!/^\d[\d,-]*$/.test(given)) throw new Error(`--training-cores: expected cores like 0 or 0,2-3, found "${given}"`);
  return given;
}
const trainingCores = readTrainingCores();

function train(home: string): ChildProcess {
  const what = ['--recipe', 'dcgan28', '--preset', 'small', '--data', 'glyphs', '--steps', '1000000', '--name', 'busy'];
  const command = [process.execPath, cli, 'train', ...what, '--json'];
  const [program, ...words] = trainingCores ? ['taskset', '-c', trainingCores, ...command] : command;
  const env = { ...process.env, SADDLE_HOME: home };
  return endWithUs(spawn(program!, words, { env, stdio: ['ignore', 'ignore', 'inherit'] }));
}

export async function measureBusyWindow(browser: Browser): Promise<void> {
  const home = await makeHome({ runs: 8, tags: 2, points: 1000, grids: isQuick ? 20 : 100, side: 1024 });
  const ids = runIds(home);
  const served = await serve(home);
  const training = train(home);
  const trained = async (): Promise<string> => {
    for (;;) {
      const found = runIds(home).find((id) => !ids.includes(id));
      if (found) return found;
      await wait(500);
    }
  };
  const id = await trained();
  await wait(15_000);
  const ratios: number[] = [];
  const times: { alone: number[]; busy: number[] } = { alone: [], busy: [] };
  for (let pair = 0; pair < PAIRS; pair++) {
    const alone = () => stepTimeWhile(home, id, (untilMs) => wait(untilMs - performance.now()));
    const busy = () =>
      withPage(browser, served, async (page) => {
        await page.goto(`${new URL(served.url).origin}/#/compare?runs=${ids.join(',')}`);
        await page
          .getByRole('img', { name: /samples\/fixed at step/ })
          .first()
          .waitFor();
        return stepTimeWhile(home, id, (untilMs) => dragFor(page, untilMs));
      });
    // The first of a pair is another each time.
    const first = pair % 2 === 0 ? await alone() : await busy();
    const second = pair % 2 === 0 ? await busy() : await alone();
    const [without, within] = pair % 2 === 0 ? [first, second] : [second, first];
    times.alone.push(without);
    times.busy.push(within);
    ratios.push(without / within);
  }
  training.kill('SIGTERM');
  await new Promise((resolve) => training.once('close', resolve));
  print(
    'P6',
    `DCGAN28-S ${trainingCores ? `on core ${trainingCores} ` : ''}beside P3 in a loop against no window, ${PAIRS} pairs`,
    'at least 0.98 x',
    `${median(ratios).toFixed(3)} x (${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)}); ${median(times.alone).toFixed(1)} ms a step alone, ${median(times.busy).toFixed(1)} beside`,
  );
  served.server.kill('SIGTERM');
}
