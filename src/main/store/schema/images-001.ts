// Version 1 of images.sqlite. The bytes lie apart from their rows so that a list of thousands of images reads no pixels.
// Ids are never used twice: images travel by id with immutable caching.

export const images001 = `
CREATE TABLE images (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  tag         TEXT NOT NULL,
  step        INTEGER NOT NULL,
  wall_ms     INTEGER NOT NULL,
  rows        INTEGER NOT NULL,
  columns     INTEGER NOT NULL,
  cell_width  INTEGER NOT NULL,
  cell_height INTEGER NOT NULL,
  channels    INTEGER NOT NULL,
  latents     TEXT NOT NULL,
  bytes       INTEGER NOT NULL,
  cursor      INTEGER NOT NULL
);
CREATE UNIQUE INDEX images_place ON images (tag, step);
CREATE INDEX images_cursor ON images (cursor);

CREATE TABLE image_bytes (
  id  INTEGER PRIMARY KEY REFERENCES images (id) ON DELETE CASCADE,
  png BLOB NOT NULL
);
`;
