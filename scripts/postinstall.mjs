// Runs after `npm install`: fetches and builds native TensorFlow where it can. Plain JavaScript that an old Node can
// run too. It never fails the installation: without native TensorFlow the wasm backend trains, only slower.

const NEEDED = 24;

if (process.env.SADDLE_SKIP_RUNTIME === '1') {
  say('SADDLE_SKIP_RUNTIME is 1: native TensorFlow is left out. To get it later: npm run runtime');
} else if (Number(process.versions.node.split('.')[0]) < NEEDED) {
  say(`this is Node ${process.versions.node}, and the installation of TensorFlow needs Node ${NEEDED}.`);
  say('Its package `node` was perhaps not installed (npm install --ignore-scripts?). Then: npm run runtime');
} else {
  await install();
}

async function install() {
  try {
    const { findRuntime } = await import('../src/main/runtime/pack.ts');
    const present = findRuntime();
    if (present) return say(`TensorFlow ${present.version} is there (${present.folder})`);
    const { installWithProgress } = await import('../src/main/runtime/terminal.ts');
    await installWithProgress(say);
  } catch (problem) {
    say('native TensorFlow could not be installed; Saddle works without it, on the slower wasm backend.');
    say(problem instanceof Error ? (problem.name === 'UserError' ? problem.message : problem.stack) : String(problem));
    say('To try again: npm run runtime');
  }
}

function say(text) {
  for (const line of String(text).split('\n')) process.stderr.write(`saddle: ${line}\n`);
}
