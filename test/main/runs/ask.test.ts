import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { estimate, probe } from '../../../src/main/runs/ask.ts';
import { UserError } from '../../../src/shared/contract.ts';
import { openWorkplace, SPEC, type Workplace } from './program.ts';

const ESTIMATE = { backend: 'cpu', stepMs: 2, measuredSteps: 5, startMs: 10, memoryBytes: 1, totalMs: 30 };

describe('a question to a training process', () => {
  let place: Workplace;
  beforeAll(() => void (place = openWorkplace()));
  afterAll(() => place.end());

  it('hands over the specification and the environment, and finds the report between what libraries print', async () => {
    const program = place.program(`
      const spec = JSON.parse(await new Response(process.stdin).text());
      console.log('a library greets');
      const estimate = { ...${JSON.stringify(ESTIMATE)}, measuredSteps: spec.steps };
      if (process.argv[2] === 'estimate' && process.env.MARK) console.log(JSON.stringify({ type: 'estimate', estimate }));
      console.log('and leaves');
    `);
    expect(await estimate(program, SPEC)).toEqual({ ...ESTIMATE, measuredSteps: 10 });
  });

  it('names the backend it asks about', async () => {
    const program = place.program(`
      const probe = { backend: process.argv[3], version: '1' };
      console.log(JSON.stringify({ type: 'probe', probe }));
    `);
    expect(await probe(program, 'wasm')).toEqual({ backend: 'wasm', version: '1' });
  });

  it('passes on what the process says is wrong, although it exits with 1', async () => {
    const program = place.program(`
      console.log(JSON.stringify({ type: 'error', message: 'glyphs: too few' }));
      process.exitCode = 1;
    `);
    const refused = estimate(program, SPEC);
    await expect(refused).rejects.toThrow('glyphs: too few');
    await expect(refused).rejects.toBeInstanceOf(UserError);
  });

  it.each([
    ['a bug', `throw new Error('the bug')`, /estimate failed \(exit code 1\):[\s\S]*the bug/],
    ['a crash', `process.kill(process.pid, 'SIGSEGV'); setInterval(() => {}, 1000)`, /ended by SIGSEGV/],
    ['silence', ``, /estimate failed \(exit code 0\)$/],
    ['half a line', `process.stdout.write('{"type":"estimate","esti')`, /estimate failed \(exit code 0\)$/],
  ])('tells of %s with the last words', async (_what, lines, expected) => {
    await expect(estimate(place.program(lines), SPEC)).rejects.toThrow(expected);
  });

  it('tells of a Node that is not there', async () => {
    const program = { ...place.program(''), node: '/nowhere/node' };
    await expect(estimate(program, SPEC)).rejects.toThrow(/ENOENT/);
  });

  it('ends the process when the question is withdrawn', async () => {
    const cancel = new AbortController();
    const asked = estimate(place.program(`setInterval(() => {}, 1000)`), SPEC, cancel.signal);
    setTimeout(() => cancel.abort(), 100);
    await expect(asked).rejects.toThrow('the estimate was cancelled');
  });
});
