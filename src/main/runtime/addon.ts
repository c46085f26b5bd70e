// Our part of TensorFlow.js's addon: resources/addon/step_function.cc, and the two lines that join it to the package's sources.
// They are put in when a pack is built, so that nothing of the package is kept in a copy of ours.

import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Insertion {
  readonly file: string;
  /** Found exactly once in the file. */
  readonly before: string;
  readonly line: string;
}

const SOURCE = 'step_function.cc';

const insertions: readonly Insertion[] = [
  // Functions are defined in the addon's own context.
  {
    file: 'tfjs_backend.h',
    before: ' private:\n  TFJSBackend(napi_env env);',
    line: '  friend class StepFunctions;\n',
  },
  {
    file: 'tfjs_binding.cc',
    before: 'static napi_value InitTFNodeJSBinding(',
    line: 'void RegisterStepFunctions(napi_env env, napi_value exports);\n',
  },
  {
    file: 'tfjs_binding.cc',
    before: '  // Export TF property types to JS\n',
    line: '  RegisterStepFunctions(env, exports);\n',
  },
];

/** Changes PACKAGE/binding and returns the files to compile. The package is pinned, so a line that is not there is a bug. */
export async function extendBinding(packageFolder: string): Promise<readonly string[]> {
  const folder = join(packageFolder, 'binding');
  for (const { file, before, line } of insertions) {
    const path = join(folder, file);
    const source = await readFile(path, 'utf8');
    if (source.split(before).length !== 2) throw new Error(`${file}: "${before}" is not there exactly once`);
    await writeFile(
      path,
      source.replace(before, () => line + before),
    );
  }
  await copyFile(ownSource(), join(folder, SOURCE));
  return ['tfjs_backend.cc', 'tfjs_binding.cc', SOURCE].map((file) => join(folder, file));
}

/** From the sources and from the bundle alike. */
function ownSource(): string {
  const up = import.meta.url.endsWith('.ts') ? '../../../' : '../../';
  return fileURLToPath(new URL(`${up}resources/addon/${SOURCE}`, import.meta.url));
}
