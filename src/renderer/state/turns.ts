// New data of running runs is shown in turns: at once when nothing was shown just before, else together with what else
// has come, after a rest in proportion to what the last turn cost. So eight running runs leave the page time to answer.

/** The page rests so many times as long as it worked: at least three quarters of its time are the user's. */
const REST = 3;
/** A hidden page paints nothing; its turns are taken all the same. */
const LONGEST_PAINT_MS = 1000;

const waiting = new Set<() => void>();
let isResting = false;

/** `show` makes the page draw; asked for twice before its turn, it is called once. */
export function showInTurn(show: () => void): void {
  waiting.add(show);
  if (!isResting) takeTurn();
}

function takeTurn(): void {
  isResting = waiting.size > 0;
  if (!isResting) return;
  const begunMs = performance.now();
  const turn = [...waiting];
  waiting.clear();
  for (const show of turn) show();
  afterPaint(() => setTimeout(takeTurn, REST * (performance.now() - begunMs)));
}

/** Once, when what the turn has changed is drawn. */
function afterPaint(then: () => void): void {
  let isDone = false;
  const once = (): void => {
    if (!isDone) then();
    isDone = true;
  };
  // A task of its own after the frame: drawing is over by then.
  if ('requestAnimationFrame' in globalThis) requestAnimationFrame(() => setTimeout(once));
  setTimeout(once, 'requestAnimationFrame' in globalThis ? LONGEST_PAINT_MS : 0);
}
