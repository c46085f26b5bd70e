// How much memory this process may still take: what the system has free for it, within its limits.

import { readFileSync } from 'node:fs';

/** Bytes. */
export function freeMemory(): number {
  return Math.max(0, Math.min(process.availableMemory(), addressSpaceLeft()));
}

/** Linux limits the address space of a process where it was told to (`ulimit -v`); infinite elsewhere. */
function addressSpaceLeft(): number {
  try {
    const limit = /^Max address space\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    const taken = /^VmSize:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return limit === undefined || taken === undefined ? Infinity : Number(limit) - 1024 * Number(taken);
  } catch {
    return Infinity; // No /proc: not Linux.
  }
}
