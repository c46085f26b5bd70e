// The one instance of tfjs-core in this process, with what its Node build leaves out: gradients and chained methods.

import { createRequire, registerHooks } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import type { TensorFlow } from './backend.ts';
import { correctGradients } from './gradients.ts';
import { correctTape } from './tape.ts';

let prepared = false;

/** tfjs-core with every gradient registered; the same object at every call. */
export function prepareCore(): TensorFlow {
  if (prepared) return tf;
  registerGradients();
  correctGradients(tf);
  correctTape(tf);
  // Only silences advice about other packages; no check of ours is lost.
  tf.enableProdMode();
  prepared = true;
  return tf;
}

/**
 * The package has its gradients only as modules for bundlers, which import each other without `.js`. Loaded with
 * the ending added they bring second copies of the operations, but engine and registries are global to the process,
 * so everything still happens in one engine.
 */
function registerGradients(): void {
  const require = createRequire(import.meta.url);
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const inside = context.parentURL?.includes('/@tensorflow/tfjs-core/dist/') && specifier.startsWith('.');
      return next(inside && !specifier.endsWith('.js') ? `${specifier}.js` : specifier, context);
    },
  });
  try {
    require('@tensorflow/tfjs-core/dist/register_all_gradients.js');
    // TensorFlow's kernels call methods of tensors (`x.toInt()`).
    require('@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js');
  } finally {
    hooks.deregister();
  }
}
