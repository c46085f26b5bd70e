// Version 1 of run.sqlite. Steps of the schema only grow: a released step is never edited, the next one is added
// beside it. SQLite has no NaN: NULL stands for it in `first` and `last`; in `min` and `max` NULL means that no
// value was finite. `cursor` is the commit that last touched the row.

export const run001 = `
CREATE TABLE run (
  id               INTEGER PRIMARY KEY CHECK (id = 1),
  run_id           TEXT NOT NULL,
  spec             TEXT NOT NULL,
  reference_lines  TEXT NOT NULL,
  networks         TEXT NOT NULL,
  created_ms       INTEGER NOT NULL,
  phase            TEXT NOT NULL,
  message          TEXT NOT NULL DEFAULT '',
  machine          TEXT,
  started_ms       INTEGER,
  ended_ms         INTEGER,
  step             INTEGER NOT NULL DEFAULT 0,
  steps_per_second REAL,
  -- The writing process; NULL while nobody writes.
  pid              INTEGER,
  host             TEXT,
  process_mark     TEXT,
  heartbeat_ms     INTEGER,
  cursor           INTEGER NOT NULL DEFAULT 0
);

-- What the user says about the run; written by any host, so it has no part in the cursor.
CREATE TABLE words (
  key        TEXT PRIMARY KEY,
  value      TEXT NOT NULL,
  changed_ms INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE commands (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  command  TEXT NOT NULL,
  sent_ms  INTEGER NOT NULL,
  taken_ms INTEGER
);
CREATE INDEX commands_waiting ON commands (id) WHERE taken_ms IS NULL;

CREATE TABLE series (
  id        INTEGER PRIMARY KEY,
  tag       TEXT NOT NULL UNIQUE,
  kind      TEXT NOT NULL,
  last_step INTEGER NOT NULL,
  last      REAL,
  cursor    INTEGER NOT NULL
);
CREATE INDEX series_cursor ON series (cursor);

-- At most 1,024 points. Steps are start_step + k * stride, or where stride is NULL a column of int32
-- (4 bytes a point) or float64 (8). Values are float32. Both little-endian.
CREATE TABLE blocks (
  series     INTEGER NOT NULL REFERENCES series (id),
  start_step INTEGER NOT NULL,
  last_step  INTEGER NOT NULL,
  start_ms   INTEGER NOT NULL,
  end_ms     INTEGER NOT NULL,
  count      INTEGER NOT NULL,
  min        REAL,
  max        REAL,
  sum        REAL NOT NULL,
  first      REAL,
  last       REAL,
  non_finite INTEGER NOT NULL,
  cursor     INTEGER NOT NULL,
  stride     INTEGER,
  steps      BLOB,
  data       BLOB NOT NULL
);
CREATE UNIQUE INDEX blocks_place ON blocks (series, start_step);
CREATE INDEX blocks_cursor ON blocks (cursor);

-- The upper level: 16 full blocks, with their headers packed as float64 so that an overview reads one row for 16,384 points.
CREATE TABLE groups (
  series     INTEGER NOT NULL REFERENCES series (id),
  start_step INTEGER NOT NULL,
  last_step  INTEGER NOT NULL,
  start_ms   INTEGER NOT NULL,
  end_ms     INTEGER NOT NULL,
  count      INTEGER NOT NULL,
  min        REAL,
  max        REAL,
  sum        REAL NOT NULL,
  first      REAL,
  last       REAL,
  non_finite INTEGER NOT NULL,
  cursor     INTEGER NOT NULL,
  headers    BLOB NOT NULL
);
CREATE UNIQUE INDEX groups_place ON groups (series, start_step);
CREATE INDEX groups_cursor ON groups (cursor);

CREATE TABLE events (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  kind    TEXT NOT NULL,
  step    INTEGER NOT NULL,
  wall_ms INTEGER NOT NULL,
  message TEXT NOT NULL,
  cursor  INTEGER NOT NULL
);
CREATE INDEX events_cursor ON events (cursor);

CREATE TABLE checkpoints (
  step    INTEGER PRIMARY KEY,
  file    TEXT NOT NULL,
  bytes   INTEGER NOT NULL,
  sha256  TEXT NOT NULL,
  wall_ms INTEGER NOT NULL,
  reason  TEXT NOT NULL,
  cursor  INTEGER NOT NULL
);
CREATE INDEX checkpoints_cursor ON checkpoints (cursor);
`;
