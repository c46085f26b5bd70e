// Wrong usage (exit code 2) as opposed to a failure (exit code 1), and the readers of option values.

import { InvalidArgumentError } from 'commander';
import { UserError } from '../../shared/contract.ts';

/** The command was called wrongly: an option's value, an unknown id of a recipe or parameter. */
export class UsageError extends UserError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UsageError';
  }
}

/** Reads a whole number of at least `min` and at most `max`. */
export function wholeNumber(option: string, min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
      throw new InvalidArgumentError(`${option}: expected a whole number ${range}, found ${JSON.stringify(text)}`);
    }
    return value;
  };
}

/** Collects `--set name=value`, which may be given several times. */
export function assignment(text: string, previous: readonly [string, string][]): [string, string][] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError(`--set: expected name=value, found ${JSON.stringify(text)}`);
  return [...previous, [text.slice(0, at), text.slice(at + 1)]];
}

/** `--max-minutes`: more than nothing, fractions allowed. */
export function minutes(text: string): number {
  const value = Number(text);
  // A timer takes no more than 2^31 milliseconds.
  if (text.trim() !== '' && value > 0 && value <= 35_000) return value;
  throw new InvalidArgumentError(
    `--max-minutes: expected a number of minutes above 0 and at most 35000, found ${JSON.stringify(text)}`,
  );
}
