// A whole installation into an empty cache: killed in the middle, then two at once. It takes minutes and a gigabyte,
// so it runs in CI only (or with CI=true).

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { whyNotInstallable } from '../../../src/main/runtime/why-not.ts';

const cache = mkdtempSync(join(tmpdir(), 'saddle-install-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

const script = resolve(import.meta.dirname, '../../../scripts/postinstall.mjs');
const started: ChildProcess[] = [];
afterAll(() => started.forEach((child) => child.kill('SIGKILL')));

function install(onText: (text: string) => void = () => {}): { child: ChildProcess; end: Promise<string> } {
  const env = { ...process.env, SADDLE_CACHE: cache, SADDLE_SKIP_RUNTIME: '' };
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  started.push(child);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    onText(said);
  });
  return { child, end: new Promise((done) => child.on('close', () => done(said))) };
}

describe.runIf(process.env['CI'])('installing native TensorFlow', () => {
  it('survives being killed, and two installations at once make one pack', { timeout: 900_000 }, async () => {
    expect(whyNotInstallable()).toBeNull();
    const killed = install((said) => {
      if (said.includes('Unpacking')) killed.child.kill('SIGKILL');
    });
    expect(await killed.end).toContain('Unpacking');
    const runtimes = join(cache, 'runtimes');
    expect(readdirSync(runtimes).every((name) => name.startsWith('.staging-'))).toBe(true);
    const said = await Promise.all([install().end, install().end]);
    for (const text of said) expect(text).toMatch(/saddle: TensorFlow 2\.\d+\.\d+ (was installed in|is there)/);
    expect(said.join('')).toMatch(/Waiting for another installation/);
    expect(readdirSync(runtimes)).toHaveLength(1);
    const [pack] = readdirSync(runtimes);
    expect(readdirSync(join(runtimes, pack!)).sort()).toEqual(
      ['kernels', 'lib', 'manifest.json', 'node_modules', 'tfjs_binding.node'].sort(),
    );
    expect(statSync(join(runtimes, pack!, 'tfjs_binding.node')).size).toBeLessThan(1_000_000);
    const downloads = join(cache, 'downloads');
    expect(existsSync(downloads) ? readdirSync(downloads) : []).toEqual([]);
    expect(existsSync(join(cache, 'runtimes.lock'))).toBe(false);
  });
});
