// Charts are drawn in turns: in the next frame when nothing was drawn just before, else after a rest in proportion to what the
// last turn cost, as many together as one frame has time for. So eight running runs leave the page time to answer, also where
// painting is slow.

/** The page rests so many times as long as it drew: at least three quarters of its time are the user's. */
const REST = 3;
/** One turn that took long for another reason must not keep the next one waiting. */
const LONGEST_REST_MS = 200;
/** A hidden page paints no frames; its turns are taken all the same. */
const LONGEST_FRAME_MS = 1000;

/** What the charts of one turn may take together, two frames; one is drawn at least. */
const TURN_MS = 34;

/** Between two drawings of one chart: what more runs report meanwhile is drawn together. */
const BETWEEN_MS = 150;

const waiting = new Set<() => void>();
const drawnAt = new WeakMap<() => void, number>();
let isBusy = false;
/** Of one chart, painting included, as the last turn has shown. */
let costMs = 0;

/** `draw` asked for twice before its turn is called once. */
export function drawInTurn(draw: () => void): void {
  waiting.add(draw);
  if (isBusy) return;
  isBusy = true;
  nextFrame(takeTurn);
}

export function forgetTurn(draw: () => void): void {
  waiting.delete(draw);
}

function takeTurn(): void {
  const begunMs = performance.now();
  const waits = new Map([...waiting].map((draw) => [draw, (drawnAt.get(draw) ?? -Infinity) + BETWEEN_MS - begunMs]));
  const soonest = Math.min(...waits.values());
  if (soonest > 0 && waits.size > 0) {
    setTimeout(rest, soonest);
    return;
  }
  const due = [...waiting].filter((draw) => waits.get(draw)! <= 0);
  const turn = due.slice(0, Math.max(1, Math.floor(TURN_MS / costMs)));
  for (const draw of turn) {
    waiting.delete(draw);
    drawnAt.set(draw, begunMs);
    draw();
  }
  // A frame later what was drawn is painted.
  nextFrame(() => {
    const tookMs = performance.now() - begunMs;
    // Of charts that one frame had time for it is not known how much they took: the next turn tries twice as many.
    if (turn.length > 0) costMs = tookMs / turn.length;
    setTimeout(rest, Math.min(LONGEST_REST_MS, REST * Math.max(0, tookMs - FRAME_MS)));
  });
}

/** What a frame takes that has nothing to paint. */
const FRAME_MS = 16;

function rest(): void {
  isBusy = waiting.size > 0;
  if (isBusy) nextFrame(takeTurn);
}

function nextFrame(then: () => void): void {
  let isDone = false;
  const once = (): void => {
    if (!isDone) then();
    isDone = true;
  };
  const hasFrames = 'requestAnimationFrame' in globalThis;
  if (hasFrames) requestAnimationFrame(once);
  setTimeout(once, hasFrames ? LONGEST_FRAME_MS : FRAME_MS);
}
