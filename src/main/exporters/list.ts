// Every way out of a run, in the order of the menus.

export { exportGrid } from './grid.ts';
export { exportSamples } from './samples.ts';
export { exportAnimation } from './animation.ts';
export { exportCsv } from './csv.ts';
