// What leaves Saddle: grids and samples with exactly the recorded pixels, every point of every scalar with exactly
// the recorded number. From real run files.

import { join } from 'node:path';
import { decode, encode } from 'fast-png';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/shared/contract.ts';
import { CSV_HEADER, exportCsv } from '../../../src/main/exporters/csv.ts';
import { exportGrid } from '../../../src/main/exporters/grid.ts';
import { exportSamples } from '../../../src/main/exporters/samples.ts';
import { createRun } from '../../../src/main/store/create.ts';
import { openRunReader } from '../../../src/main/store/reader.ts';
import type { NewImage, RunReader, RunWriter } from '../../../src/main/store/store.ts';
import { openRunWriter } from '../../../src/main/store/writer.ts';
import { machine } from '../store/sample-images.ts';
import { ID, sampleRecord, temporaryFolder } from '../store/sample-run.ts';

function record<Result>(write: (writer: RunWriter) => void, use: (reader: RunReader) => Result): Result {
  const folder = join(temporaryFolder(), ID);
  createRun(folder, sampleRecord());
  const writer = openRunWriter(folder);
  writer.start(machine);
  write(writer);
  writer.close();
  const reader = openRunReader(folder);
  try {
    return use(reader);
  } finally {
    reader.close();
  }
}

/** A grid of 3 x 4 cells of 5 x 6 pixels, every pixel of it different from its neighbours and from other steps. */
function grid(step: number, channels: number, tag = 'samples/fixed'): NewImage & { readonly pixels: Uint8Array } {
  const [rows, columns, cellWidth, cellHeight] = [3, 4, 6, 5];
  const [width, height] = [columns * cellWidth, rows * cellHeight];
  const pixels = Uint8Array.from({ length: width * height * channels }, (_, at) => (at * 7 + step * 31) & 255);
  const png = encode({ width, height, channels, depth: 8, data: pixels });
  return { tag, step, rows, columns, cellWidth, cellHeight, channels, latents: 'fixed', png, pixels };
}

const images =
  (...all: NewImage[]) =>
  (writer: RunWriter) =>
    all.forEach((image) => writer.image(image));
const some = images(grid(0, 1), grid(500, 1), grid(1000, 1), grid(1000, 3, 'data/real'));

describe('a grid', () => {
  it('is the recorded PNG, byte for byte, of the newest step unless one is named', () => {
    record(some, (reader) => {
      const newest = exportGrid(reader, 'samples/fixed');
      expect(newest.fileName).toBe('samples-fixed-step-001000.png');
      expect(Uint8Array.from(newest.png)).toEqual(grid(1000, 1).png);
      const middle = exportGrid(reader, 'samples/fixed', 500);
      expect(middle.fileName).toBe('samples-fixed-step-000500.png');
      expect(decode(middle.png).data).toEqual(grid(500, 1).pixels);
      expect(decode(exportGrid(reader, 'samples/fixed', 0).png).data).toEqual(grid(0, 1).pixels);
      expect(decode(exportGrid(reader, 'data/real').png).data).toEqual(grid(1000, 3).pixels);
    });
  });

  it.each([
    [700, 'the nearest are 500 and 1000'],
    [1, 'the nearest are 0 and 500'],
    [9999, 'the nearest are 1000'],
  ])('of step %d, which has none, is refused with the nearest steps', (step, nearest) => {
    record(some, (reader) => {
      expect(() => exportGrid(reader, 'samples/fixed', step)).toThrow(
        new UserError(`step ${step}: no grid of samples/fixed is recorded there; ${nearest}`),
      );
    });
  });

  it('of an unknown tag or of a run without grids is refused with what there is', () => {
    record(some, (reader) => {
      expect(() => exportGrid(reader, 'nothing')).toThrow(
        new UserError('nothing: no images are recorded under this tag; there are samples/fixed, data/real'),
      );
    });
    record(
      () => {},
      (reader) => {
        expect(() => exportGrid(reader, 'samples/fixed')).toThrow(
          new UserError('samples/fixed: no images are recorded under this tag; the run has none yet'),
        );
      },
    );
  });
});

describe('samples', () => {
  it.each([1, 3])('are single PNGs in a ZIP, in reading order, pixel for pixel (%d channels)', (channels) => {
    record(images(grid(500, channels)), (reader) => {
      const { fileName, zip, count } = exportSamples(reader, 'samples/fixed', 500);
      expect([fileName, count]).toEqual(['samples-fixed-step-000500.zip', 12]);
      const files = Object.entries(unzipSync(zip));
      expect(files.map(([name]) => name)).toEqual(
        Array.from({ length: 12 }, (_, cell) => `samples-fixed-step-000500/${String(cell).padStart(2, '0')}.png`),
      );
      const whole = grid(500, channels).pixels;
      files.forEach(([, png], cell) => {
        const sample = decode(png);
        expect([sample.width, sample.height, sample.channels, sample.depth]).toEqual([6, 5, channels, 8]);
        const [left, top] = [(cell % 4) * 6, Math.floor(cell / 4) * 5];
        for (let y = 0; y < 5; y++) {
          const from = ((top + y) * 24 + left) * channels;
          const line = Uint8Array.from(sample.data.subarray(y * 6 * channels, (y + 1) * 6 * channels));
          expect(line).toEqual(whole.subarray(from, from + 6 * channels));
        }
      });
    });
  });

  it('are refused when the recorded picture is not of the size that its cells need', () => {
    const wrong = {
      ...grid(500, 1),
      png: encode({ width: 2, height: 2, channels: 1, depth: 8, data: new Uint8Array(4) }),
    };
    record(images(wrong), (reader) => {
      expect(() => exportSamples(reader, 'samples/fixed')).toThrow(
        /^step 500: expected a grid of 24 x 15 pixels, 1 channels, found 2 x 2, 1: this image of the run is damaged/,
      );
    });
  });
});

function parse(csv: string): { tag: string; step: number; wallMs: number; text: string }[] {
  const [header, ...lines] = csv.split('\n');
  expect(header).toBe(CSV_HEADER);
  expect(lines.pop()).toBe('');
  return lines.map((line) => {
    const [, tag, step, time, text] = /^([^,]+|".*"),(\d+),([^,]+),([^,]+)$/.exec(line)!;
    return { tag: tag!, step: Number(step), wallMs: Date.parse(time!), text: text! };
  });
}

describe('the CSV', () => {
  it('holds every point of every scalar, over many blocks and gaps between steps', () => {
    const begin = Date.now();
    const values = (index: number) => Math.fround(Math.sin(index) * 10 ** ((index % 60) - 30));
    const rows = record(
      (writer) => {
        for (let index = 0; index < 5000; index++) {
          writer.scalar('loss/d', index, values(index));
          if (index % 7 === 0) writer.scalar('loss/g', index, -values(index));
        }
      },
      (reader) => parse([...exportCsv(reader)].join('')),
    );
    const d = rows.filter((row) => row.tag === 'loss/d');
    const g = rows.filter((row) => row.tag === 'loss/g');
    expect([rows.length, d.length, g.length]).toEqual([5000 + 715, 5000, 715]);
    d.forEach((row, index) => {
      expect(row.step).toBe(index);
      expect(Math.fround(Number(row.text))).toBe(values(index));
      expect(row.wallMs).toBeGreaterThanOrEqual(begin);
      expect(row.wallMs).toBeLessThanOrEqual(Date.now());
    });
    g.forEach((row, index) => {
      expect([row.step, Math.fround(Number(row.text))]).toEqual([index * 7, -values(index * 7)]);
    });
  });

  it('writes each number as the fewest digits that give it back, and what is not finite as NaN, inf, -inf', () => {
    const table: [number, string][] = [
      [0.1, '0.1'],
      [1 / 3, '0.33333334'],
      [16_777_216, '16777216'],
      [3.4028234663852886e38, '3.4028235e+38'],
      [-2.5, '-2.5'],
      [0, '0'],
      [-0, '-0'],
      [1.1754943508222875e-38, '1.1754944e-38'],
      [NaN, 'NaN'],
      [Infinity, 'inf'],
      [-Infinity, '-inf'],
    ];
    const rows = record(
      (writer) => table.forEach(([value], step) => writer.scalar('loss/d', step, value)),
      (reader) => parse([...exportCsv(reader)].join('')),
    );
    expect(rows.map((row) => row.text)).toEqual(table.map(([, text]) => text));
  });

  it('quotes a tag that holds a comma or a quote', () => {
    const csv = record(
      (writer) => writer.scalar('a,"b"', 3, 1),
      (reader) => [...exportCsv(reader)].join(''),
    );
    expect(csv.split('\n')[1]).toMatch(/^"a,""b""",3,\d{4}-\d\d-\d\dT[\d:.]+Z,1$/);
  });

  it('of a run without scalars is the header alone, and of a long one comes in pieces', () => {
    expect(
      record(
        () => {},
        (reader) => [...exportCsv(reader)],
      ),
    ).toEqual([`${CSV_HEADER}\n`]);
    const pieces = record(
      (writer) => {
        for (let step = 0; step < 10_000; step++) writer.scalar('loss/d', step, step);
      },
      (reader) => [...exportCsv(reader)],
    );
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(100_000);
    expect(pieces.length).toBeGreaterThan(5);
  });
});
