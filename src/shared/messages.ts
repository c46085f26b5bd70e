// The frames that travel over any transport, and the two halves that answer and ask. A transport only sends and
// receives frames; it knows no call by name.

import * as v from 'valibot';
import {
  calls,
  UserError,
  type AnyEvent,
  type CallArgs,
  type CallName,
  type CallResult,
  type Services,
} from './contract.ts';

export type Request = { readonly id: number; readonly call: string; readonly args: unknown };
export type Reply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: { readonly message: string; readonly forPeople: boolean } };
export type Frame = Reply | AnyEvent;

/** Name of the channel, for a transport that has several. */
export const CHANNEL = 'saddle';

const requestSchema = v.strictObject({
  id: v.pipe(v.number(), v.integer(), v.minValue(0)),
  call: v.string(),
  args: v.unknown(),
});

/**
 * Answers one request, whatever it holds. Never throws: refusals and failures are replies. `report` gets what is
 * a bug (with its stack) or hostile, for the log.
 */
export async function answer(services: Services, frame: unknown, report: (problem: unknown) => void): Promise<Reply> {
  const request = v.safeParse(requestSchema, frame);
  if (!request.success) {
    report(new Error(`request refused: ${describeIssues(request.issues)}`));
    return { id: -1, error: { message: `request: ${describeIssues(request.issues)}`, forPeople: true } };
  }
  const { id, call, args } = request.output;
  if (!Object.hasOwn(calls, call)) {
    report(new Error(`unknown call ${JSON.stringify(call)}`));
    return { id, error: { message: `${call}: there is no such call`, forPeople: true } };
  }
  const name = call as CallName;
  const checked = v.safeParse(calls[name].args, args);
  if (!checked.success) {
    const message = `${call}: ${describeIssues(checked.issues)}`;
    report(new Error(`arguments refused: ${message}`));
    return { id, error: { message, forPeople: true } };
  }
  try {
    const serve = services[name] as (checkedArgs: unknown) => unknown;
    return { id, result: await serve(checked.output) };
  } catch (problem) {
    if (problem instanceof UserError) return { id, error: { message: problem.message, forPeople: true } };
    report(problem);
    const text = problem instanceof Error ? problem.message : String(problem);
    return { id, error: { message: `${call} failed: ${text}`, forPeople: false } };
  }
}

function describeIssues(issues: readonly v.BaseIssue<unknown>[]): string {
  return issues.map((issue) => [v.getDotPath(issue), issue.message].filter(Boolean).join(': ')).join('; ');
}

export type Call = <Name extends CallName>(name: Name, args: CallArgs<Name>) => Promise<CallResult<Name>>;

/** The asking half: numbers requests, matches replies, hands events on. */
export class Caller {
  readonly #send: (request: Request) => void;
  readonly #waiting = new Map<number, { resolve: (result: never) => void; reject: (problem: Error) => void }>();
  readonly #listeners = new Set<(event: AnyEvent) => void>();
  #nextId = 0;

  constructor(send: (request: Request) => void) {
    this.#send = send;
  }

  readonly call: Call = (name, args) =>
    new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#waiting.set(id, { resolve, reject });
      this.#send({ id, call: name, args });
    });

  /** Returns the function that ends the listening. */
  listen(listener: (event: AnyEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  receive(frame: Frame): void {
    if ('event' in frame) {
      for (const listener of this.#listeners) listener(frame);
      return;
    }
    const waiting = this.#waiting.get(frame.id);
    this.#waiting.delete(frame.id);
    if (!waiting) return;
    if ('error' in frame)
      waiting.reject(frame.error.forPeople ? new UserError(frame.error.message) : new Error(frame.error.message));
    else waiting.resolve(frame.result as never);
  }

  /** The connection is gone: nothing asked before will be answered. */
  disconnect(message: string): void {
    for (const { reject } of this.#waiting.values()) reject(new UserError(message));
    this.#waiting.clear();
  }
}
