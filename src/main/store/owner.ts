// Says whether the process that wrote a run file is still there. A process id alone proves nothing, since systems
// use them again: on Linux the id must belong to the process that started at the recorded tick of the recorded boot.

import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** Linux: boot id, process-id namespace, start tick; empty elsewhere. */
  readonly mark: string;
}

/** Heartbeats come every HEARTBEAT_MS; these are ages after which a process that cannot be looked up counts as gone. */
export const HEARTBEAT_MS = 5_000;
const SILENT_ELSEWHERE_MS = 120_000;
/** Longer where the id is in use: one training step may block the process for minutes. */
const SILENT_HERE_MS = 600_000;

export function thisProcess(): Owner {
  const machine = linuxMachine();
  const started = machine === null ? null : startTick(process.pid);
  return {
    pid: process.pid,
    host: hostname(),
    mark: machine === null || started === null ? '' : `${machine.boot} ${machine.namespace} ${started}`,
  };
}

export function isAlive(owner: Owner, heartbeatMs: number, nowMs: number): boolean {
  // A clock set back makes the age negative: fresh.
  const silentMs = nowMs - heartbeatMs;
  if (owner.host !== hostname()) return silentMs < SILENT_ELSEWHERE_MS;
  const machine = linuxMachine();
  if (machine !== null && owner.mark !== '') {
    const [boot, namespace, started] = owner.mark.split(' ');
    if (boot !== machine.boot) return false;
    // Another container: its ids mean nothing here.
    if (namespace !== machine.namespace) return silentMs < SILENT_ELSEWHERE_MS;
    return startTick(owner.pid) === started;
  }
  return idInUse(owner.pid) && silentMs < SILENT_HERE_MS;
}

interface LinuxMachine {
  readonly boot: string;
  readonly namespace: string;
}
let machineSeen: LinuxMachine | null | undefined;

/** Null where there is no /proc. */
function linuxMachine(): LinuxMachine | null {
  if (machineSeen !== undefined) return machineSeen;
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    machineSeen = { boot, namespace: readlinkSync('/proc/self/ns/pid') };
  } catch {
    // Not Linux, or /proc is hidden: the heartbeat decides.
    machineSeen = null;
  }
  return machineSeen;
}

/** Field 22 of /proc/PID/stat, clock ticks since boot; null when there is no such process or it is only waiting to be buried. */
function startTick(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in parentheses and may hold anything, so count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  } catch {
    // No such process.
    return null;
  }
}

function idInUse(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
