// BEGAN's feedback (arXiv 1703.10717, section 3.4): k_t keeps the losses of reals and fakes in balance, M says how far
// training has come, and a learning rate may be halved when M stalls. Numbers only; a checkpoint keeps all of them.

import type { Schedule } from '../../networks/optimizers.ts';

export interface ControlSettings {
  /** gamma: the wanted L(fakes) / L(reals), the diversity ratio. */
  readonly gamma: number;
  /** lambda_k: by how much one step moves k. */
  readonly gain: number;
  readonly rateRule: 'constant' | 'steps' | 'plateau';
  /** Of `steps`: updates between two halvings. Of `plateau`: steps whose M is averaged before a look at it. */
  readonly rateEvery: number;
  /** Of `plateau`: so many looks without a mean at least 1 % below the best one halve the rate. */
  readonly ratePatience: number;
  readonly rateFloor: number;
}

/** What the losses of one step say. */
export interface Reading {
  /** gamma L(reals) - L(fakes). */
  readonly balance: number;
  /** M = L(reals) + |balance|. */
  readonly convergence: number;
}

export interface Control {
  /** k_t of the next step, 0 to 1. */
  k(): number;
  /** Takes the losses of a step; moves k, and the learning rates where M stalls. */
  follow(real: number, fake: number): Reading;
  /** Learning rate of update `done`, from the rate at the start. */
  schedule(rate: number): Schedule;
  counters(): Readonly<Record<string, number>>;
  restore(counters: Readonly<Record<string, number>>): void;
}

const BETTER = 0.99;

export function createControl(settings: ControlSettings): Control {
  const { gamma, gain, rateRule, rateEvery, ratePatience, rateFloor } = settings;
  // `best` 0 is none yet: M is positive.
  const start = { k: 0, sum: 0, count: 0, best: 0, stalled: 0, halvings: 0 };
  let state = { ...start };

  const look = (): void => {
    const mean = state.sum / state.count;
    const isBetter = state.best === 0 || mean <= BETTER * state.best;
    state = {
      ...state,
      sum: 0,
      count: 0,
      best: isBetter ? mean : state.best,
      stalled: isBetter ? 0 : state.stalled + 1,
    };
    if (state.stalled >= ratePatience) state = { ...state, stalled: 0, halvings: state.halvings + 1 };
  };

  return {
    k: () => state.k,
    follow(real, fake) {
      const balance = gamma * real - fake;
      const convergence = real + Math.abs(balance);
      const k = Math.min(1, Math.max(0, state.k + gain * balance));
      state = { ...state, k, sum: state.sum + convergence, count: state.count + 1 };
      if (rateRule === 'plateau' && state.count === rateEvery) look();
      return { balance, convergence };
    },
    schedule: (rate) => (done) => {
      if (rateRule === 'constant') return rate;
      const halvings = rateRule === 'steps' ? Math.floor(done / rateEvery) : state.halvings;
      return Math.max(Math.min(rate, rateFloor), rate / 2 ** halvings);
    },
    counters: () => Object.fromEntries(Object.entries(state).map(([name, value]) => [`began/${name}`, value])),
    restore(counters) {
      const restored = Object.entries(start).map(([name, value]) => [name, counters[`began/${name}`] ?? value]);
      state = Object.fromEntries(restored) as typeof start;
    },
  };
}
