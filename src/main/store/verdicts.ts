// What the rules of health said of the run: one row an episode. The training process opens and ends episodes; a resume
// takes back what was said after its step.

import type { Database } from 'better-sqlite3';
import type { ParameterValues } from '../../shared/parameters.ts';
import type { Step, Verdict } from '../../shared/run.ts';
import { parseColumn } from './sentences.ts';

export interface VerdictWriter {
  /** To be called inside a transaction, like `end`. */
  begin(verdict: Verdict): void;
  end(rule: string, since: Step, over: Step): void;
}

export function openVerdictWriter(db: Database): VerdictWriter {
  const insert = db.prepare(
    `INSERT OR REPLACE INTO verdicts (rule, since, over, message, remedy, settings)
     VALUES (@rule, @since, @over, @message, @remedy, @settings)`,
  );
  const update = db.prepare('UPDATE verdicts SET over = ? WHERE rule = ? AND since = ?');
  return {
    begin: (verdict) => void insert.run({ ...verdict, settings: JSON.stringify(verdict.settings) }),
    end: (rule, since, over) => void update.run(over, rule, since),
  };
}

/** Oldest first. */
export function openVerdictReader(path: string, db: Database): () => Verdict[] {
  const all = db.prepare<[], Omit<Verdict, 'settings'> & { settings: string }>(
    'SELECT rule, since, over, message, remedy, settings FROM verdicts ORDER BY since, rule',
  );
  return () =>
    all.all().map((row) => ({ ...row, settings: parseColumn<ParameterValues>(path, 'settings', row.settings) }));
}

/** To be called inside a transaction. */
export function cutVerdicts(db: Database, step: Step): void {
  db.prepare('DELETE FROM verdicts WHERE since > ?').run(step);
  db.prepare('UPDATE verdicts SET over = NULL WHERE over > ?').run(step);
}
