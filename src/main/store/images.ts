// Recorded images: rows in one table, encoded bytes in another, both in images.sqlite. An image is committed before
// the run file's commit that announces it and carries that commit's cursor, so nothing is ever announced that is not there.

import type { Database } from 'better-sqlite3';
import type { ImageRow } from '../../shared/run.ts';
import type { NewImage } from './store.ts';

const COLUMNS = `id, tag, step, wall_ms AS wallMs, rows, columns, cell_width AS cellWidth, cell_height AS cellHeight,
  channels, latents, bytes`;

/** Replaces the image of the same tag and step, under a new id. */
export function openImageWriter(db: Database): (image: NewImage, wallMs: number, cursor: number) => void {
  const remove = db.prepare('DELETE FROM images WHERE tag = ? AND step = ?');
  const insert = db.prepare(
    `INSERT INTO images (tag, step, wall_ms, rows, columns, cell_width, cell_height, channels, latents, bytes, cursor)
     VALUES (@tag, @step, @wallMs, @rows, @columns, @cellWidth, @cellHeight, @channels, @latents, @bytes, @cursor)`,
  );
  const insertBytes = db.prepare('INSERT INTO image_bytes (id, png) VALUES (?, ?)');
  return db.transaction((image: NewImage, wallMs: number, cursor: number) => {
    const { png, ...row } = image;
    remove.run(image.tag, image.step);
    const { lastInsertRowid } = insert.run({ ...row, wallMs, bytes: png.byteLength, cursor });
    insertBytes.run(lastInsertRowid, png);
  }).immediate;
}

export interface ImageReader {
  images(tag: string): ImageRow[];
  newImages(cursor: number): ImageRow[];
  imageBytes(id: number): { png: Uint8Array; row: ImageRow } | null;
  /** In the order they first appeared. */
  tags(): string[];
}

export function openImageReader(db: Database): ImageReader {
  const ofTag = db.prepare<[string], ImageRow>(`SELECT ${COLUMNS} FROM images WHERE tag = ? ORDER BY step`);
  const since = db.prepare<[number], ImageRow>(`SELECT ${COLUMNS} FROM images WHERE cursor > ? ORDER BY id`);
  const byId = db.prepare<[number], ImageRow>(`SELECT ${COLUMNS} FROM images WHERE id = ?`);
  const bytes = db.prepare<[number], Buffer>('SELECT png FROM image_bytes WHERE id = ?').pluck();
  // Jumps from tag to tag in the index; a plain DISTINCT would walk over every image.
  const tags = db
    .prepare<[], string>(
      `WITH RECURSIVE tags (tag) AS (
         SELECT min(tag) FROM images UNION ALL SELECT (SELECT min(tag) FROM images WHERE tag > tags.tag) FROM tags WHERE tag IS NOT NULL
       ) SELECT tag FROM tags WHERE tag IS NOT NULL
         ORDER BY (SELECT id FROM images WHERE images.tag = tags.tag ORDER BY step LIMIT 1)`,
    )
    .pluck();
  return {
    images: (tag) => ofTag.all(tag),
    newImages: (cursor) => since.all(cursor),
    imageBytes(id) {
      const [row, png] = [byId.get(id), bytes.get(id)];
      return row !== undefined && png !== undefined ? { png, row } : null;
    },
    tags: () => tags.all(),
  };
}

/** The image that was recorded last; null before the first. */
export function openNewestImage(db: Database): () => ImageRow | null {
  const newest = db.prepare<[], ImageRow>(`SELECT ${COLUMNS} FROM images ORDER BY id DESC LIMIT 1`);
  return () => newest.get() ?? null;
}
