// `npm start`: builds what is stale, then opens the window: in Electron where that can run here, else in the browser,
// with the reason. Runs on any Node that npm runs on; everything it starts runs on the Node of the `node` package.

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildIfStale, node } from './build-if-stale.mjs';
import { findElectron, whyNoElectron } from './electron-binary.mjs';

const root = resolve(import.meta.dirname, '..');
const options = {
  port: { type: 'string' },
  host: { type: 'string' },
  library: { type: 'string' },
  browser: { type: 'boolean' },
  help: { type: 'boolean' },
};
const help = `npm start -- [options]

  --browser      serve the window to a browser even where Electron would run
  --port N       port of the served window (7474, or a free one when that is taken)
  --host H       address to serve it on (127.0.0.1: this machine only)
  --library DIR  folder of runs
`;

function readOptions() {
  try {
    return parseArgs({ options }).values;
  } catch (problem) {
    console.error(`${problem.message}\n\n${help}`);
    process.exit(2);
  }
}

/** Runs a child in the foreground and passes Ctrl-C and SIGTERM on to it. Resolves with its exit code. */
function run(command, args) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit' });
  // A Ctrl-C in the terminal reaches the child by itself; this process only has to outlive it.
  const ignore = () => {};
  const passOn = () => child.kill('SIGTERM');
  process.on('SIGINT', ignore).on('SIGTERM', passOn);
  return new Promise((settle) => {
    child.once('error', (problem) => settle({ code: 1, problem: problem.message }));
    child.once('exit', (code, signal) => settle({ code: code ?? 1, problem: signal ? `ended by ${signal}` : '' }));
  }).finally(() => process.off('SIGINT', ignore).off('SIGTERM', passOn));
}

const QUICK_DEATH_MS = 10_000;

/** The reason why the window must be served instead, or null when Electron showed it. */
async function openElectron({ library }) {
  const reason = await whyNoElectron(node);
  if (reason) return reason;
  const startMs = performance.now();
  const { code, problem } = await run(findElectron(), [root, ...(library ? [`--library=${resolve(library)}`] : [])]);
  if (code === 0 || performance.now() - startMs > QUICK_DEATH_MS) {
    process.exitCode = code;
    return null;
  }
  return `Electron does not run here (${problem || `exit code ${code}`}, its message is above)`;
}

const PORT = 7474;

/** The usual port, so that a browser remembers layout and colours; any free one when another Saddle has it. */
function choosePort(host = '127.0.0.1') {
  const trial = createServer();
  return new Promise((settle) => {
    trial.once('error', () => settle('0'));
    trial.listen(PORT, host, () => trial.close(() => settle(String(PORT))));
  });
}

async function serveToBrowser({ port, host, library }) {
  const given = { port: port ?? (await choosePort(host)), host, library };
  const { code } = await run(node, [
    join(root, 'src', 'main', 'cli.ts'),
    'serve',
    ...Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value])),
  ]);
  process.exitCode = code;
}

const chosen = readOptions();
if (chosen.help) console.log(help);
else {
  const problem = buildIfStale((piece) => process.stdout.write(piece));
  if (problem) {
    console.error(problem);
    process.exit(1);
  }
  const served = chosen.browser || chosen.port !== undefined || chosen.host !== undefined;
  const reason = served ? 'as asked for' : await openElectron(chosen);
  if (reason) {
    console.log(`Saddle runs in the browser: ${reason}.`);
    await serveToBrowser(chosen);
  }
}
