// Where a data set may be fetched: the addresses we know, or those that a variable of the environment names instead.

import { UserError } from '../../shared/contract.ts';

/** Addresses of folders, each with a slash at its end, in the order they are tried. */
export function mirrorsOf(
  variable: string,
  known: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): readonly string[] {
  const named = (env[variable] ?? '').split(/[\s,]+/).filter(Boolean);
  for (const mirror of named)
    if (!/^https?:\/\/./.test(mirror) || !URL.canParse(mirror))
      throw new UserError(`${variable}: expected addresses that start with http:// or https://, found ${mirror}.`);
  return (named.length > 0 ? named : known).map((mirror) => (mirror.endsWith('/') ? mirror : `${mirror}/`));
}
