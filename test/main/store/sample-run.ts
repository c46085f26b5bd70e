// A small run to test with, and folders that go away with the test.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { RunId } from '../../../src/shared/run.ts';
import type { NewRunRecord } from '../../../src/main/store/store.ts';

export const ID = '20261121-084630-k3x9' as RunId;

export function sampleRecord(changes: Partial<NewRunRecord> = {}): NewRunRecord {
  return {
    id: ID,
    name: 'first try',
    spec: {
      recipe: 'gan-mlp',
      preset: 'app',
      parameters: { batchSize: 64, latentSize: 100, labelSmoothing: false },
      data: 'glyphs',
      seed: 7,
      steps: 1000,
      backend: 'auto',
    },
    referenceLines: [{ tag: 'loss/d', value: 1.386, label: 'log 4' }],
    networks: [
      { name: 'generator', trainable: 10, layers: [{ name: 'dense', output: [10], parameters: 10, multiplyAdds: 9 }] },
    ],
    createdMs: Date.UTC(2026, 10, 21, 8, 46, 30),
    ...changes,
  };
}

/** A new folder for the test that calls it; spaces, umlauts and Japanese in its name are part of the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'saddle läufe 実行 '));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
