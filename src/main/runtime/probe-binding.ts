// Loads a fresh addon in a process of its own and multiplies two matrices with it: a library that the processor or
// the system cannot run ends that process, not ours.

import { UserError } from '../../shared/contract.ts';
import { trainingEnvironment } from './environment.ts';
import { lastWords, runCommand } from './run-command.ts';

const PROGRAM = `
try {
  const addon = require(process.argv[1]);
  const square = addon.createTensor([2, 2], addon.TF_FLOAT, new Float32Array([1, 2, 3, 4]));
  const flag = (name) => ({ name, type: addon.TF_ATTR_BOOL, value: false });
  const type = { name: 'T', type: addon.TF_ATTR_TYPE, value: addon.TF_FLOAT };
  const [product] = addon.executeOp('MatMul', [flag('transpose_a'), flag('transpose_b'), type], [square, square], 1);
  const isGpu = addon.isUsingGpuDevice();
  process.stdout.write(JSON.stringify({ version: addon.TF_Version, isGpu, product: [...addon.tensorDataSync(product.id)] }));
} catch (problem) {
  process.stderr.write(problem.message);
  process.exitCode = 1;
}
`;

export interface BindingProbe {
  /** As the library itself states it. */
  readonly version: string;
  /** True when a graphics card did the work. */
  readonly isGpu: boolean;
}

interface Answer extends BindingProbe {
  readonly product: readonly number[];
}

/** `environment`: what the pack needs besides. Throws UserError when it does not load or computes wrongly. */
export async function probeBinding(
  binding: string,
  node: string,
  signal?: AbortSignal,
  environment: Readonly<Record<string, string>> = {},
): Promise<BindingProbe> {
  // Electron's own binary is a Node too when told so.
  const env = { ...process.env, ...trainingEnvironment(), ...environment, ELECTRON_RUN_AS_NODE: '1' };
  const result = await runCommand(node, ['-e', PROGRAM, binding], { env, signal });
  const answer = result.code === 0 ? (JSON.parse(result.stdout) as Answer) : null;
  if (answer?.product.join() === '7,10,15,22') return { version: answer.version, isGpu: answer.isGpu };
  const why = answer === null ? lastWords(result) : `[[1,2],[3,4]] squared gave ${answer.product.join()}`;
  throw new UserError(`TensorFlow was fetched but does not run on this machine:\n${why}`);
}
