import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readSessionKey } from '../../../src/main/hosts/web/session-key.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'saddle-key-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('is made once, for its user alone, and is the same afterwards', () => {
  const path = join(folder, 'home', 'served-windows.key');
  const key = readSessionKey(path);
  expect(key.length).toBe(32);
  expect(readFileSync(path)).toEqual(key);
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readSessionKey(path)).toEqual(key);
  expect(readSessionKey(join(folder, 'another.key'))).not.toEqual(key);
});

it('is made anew when the file holds something else', () => {
  const path = join(folder, 'served-windows.key');
  writeFileSync(path, 'short');
  const key = readSessionKey(path);
  expect(key.length).toBe(32);
  expect(readSessionKey(path)).toEqual(key);
});

it('that cannot be kept is still a key', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(readSessionKey(join(folder, 'file', 'served-windows.key')).length).toBe(32);
});
