import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/shared/contract.ts';
import { Caller, type Request } from '../../src/shared/messages.ts';

describe('the asking half', () => {
  it('matches replies that come in another order', async () => {
    const sent: Request[] = [];
    const caller = new Caller((request) => sent.push(request));
    const [first, second] = [caller.call('listRuns', {}), caller.call('listRecipes', {})];
    caller.receive({ id: sent[1]!.id, result: ['recipes'] });
    caller.receive({ id: sent[0]!.id, result: ['runs'] });
    expect(await Promise.all([first, second])).toEqual([['runs'], ['recipes']]);
  });

  it('ignores a reply to nothing, and a second reply', async () => {
    const caller = new Caller(() => {});
    const answer = caller.call('listRuns', {});
    caller.receive({ id: 77, result: 'nobody asked' });
    caller.receive({ id: 0, result: [] });
    caller.receive({ id: 0, error: { message: 'too late', forPeople: true } });
    expect(await answer).toEqual([]);
  });

  it('tells what is meant for people from a bug', async () => {
    const caller = new Caller(() => {});
    const [refused, broken] = [caller.call('listRuns', {}), caller.call('listRuns', {})];
    caller.receive({ id: 0, error: { message: 'for people', forPeople: true } });
    caller.receive({ id: 1, error: { message: 'a bug', forPeople: false } });
    await expect(refused).rejects.toBeInstanceOf(UserError);
    await expect(broken).rejects.not.toBeInstanceOf(UserError);
  });

  it('rejects everything that waits when the line is lost, and works again after it', async () => {
    const caller = new Caller(() => {});
    const lost = [caller.call('listRuns', {}), caller.call('listData', {})];
    caller.disconnect('the line is lost');
    for (const call of lost) await expect(call).rejects.toThrow('the line is lost');
    const again = caller.call('listRuns', {});
    caller.receive({ id: 2, result: [] });
    expect(await again).toEqual([]);
  });

  it('hands events to every listener until it stops listening', () => {
    const caller = new Caller(() => {});
    const heard: string[] = [];
    const stop = caller.listen((event) => heard.push(`a ${event.event}`));
    caller.listen((event) => heard.push(`b ${event.event}`));
    const event = { event: 'runtime', data: { message: '', fraction: null, failed: false } } as const;
    caller.receive(event);
    stop();
    caller.receive(event);
    expect(heard).toEqual(['a runtime', 'b runtime', 'b runtime']);
  });
});
