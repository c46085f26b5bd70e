// What the command line prints. With --json, standard output carries one JSON document and nothing else; progress
// and warnings always go to standard error.

import { encodeNumber } from './numbers.ts';

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  readonly right?: boolean;
}

export function printJson(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, encodeNumber, 2)}\n`);
}

/** One line of a stream of JSON documents (`train --json`). */
export function printJsonLine(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, encodeNumber)}\n`);
}

export function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function warn(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Columns padded to their widest cell, titles first. */
export function printTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): void {
  const cells = [
    columns.map((column) => column.title),
    ...rows.map((row) => columns.map((column) => column.value(row))),
  ];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index]!.length)));
  for (const line of cells) {
    const padded = line.map((cell, index) =>
      columns[index]!.right ? cell.padStart(widths[index]!) : cell.padEnd(widths[index]!),
    );
    printLine(padded.join('  ').trimEnd());
  }
}
