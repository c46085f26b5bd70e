import { describe, expect, it } from 'vitest';
import { createBackground } from '../../../src/main/training/background.ts';

describe('work beside training', () => {
  it('runs so many pieces at once and no more, and can keep their order', async () => {
    const background = createBackground(2);
    const doors = [0, 1, 2].map(() => Promise.withResolvers<void>());
    const log: string[] = [];
    const add = (at: number) =>
      background.add(async (before) => {
        log.push(`begin ${at}`);
        await doors[at]!.promise;
        await before;
        log.push(`end ${at}`);
      });
    await add(0);
    await add(1);
    const third = add(2);
    doors[1]!.resolve();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(log).toEqual(['begin 0', 'begin 1']);
    doors[0]!.resolve();
    await third;
    doors[2]!.resolve();
    await background.settled();
    expect(log.filter((line) => line.startsWith('end'))).toEqual(['end 0', 'end 1', 'end 2']);
    expect(log.indexOf('begin 2')).toBeGreaterThan(log.indexOf('end 0'));
  });

  it('throws a failure at whoever asks next', async () => {
    const background = createBackground(1);
    await background.add(() => Promise.reject(new Error('no')));
    await expect(background.settled()).rejects.toThrow('no');
    await expect(background.add(() => Promise.resolve())).rejects.toThrow('no');
  });
});
