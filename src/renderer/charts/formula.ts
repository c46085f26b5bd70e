// Curves computed from others: `loss/d - loss/g`, `loss/d / loss/g`, `log(grad/d_norm)`. A slash without spaces belongs to a tag,
// one with spaces divides. A formula is read once into a small tree and then computed on whole columns.

import type { Columns } from './columns.ts';

type Node =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'call'; readonly of: (value: number) => number; readonly inner: Node }
  | { readonly kind: 'pair'; readonly of: (a: number, b: number) => number; readonly left: Node; readonly right: Node };

export interface Formula {
  readonly source: string;
  /** Each once, in the order they stand. */
  readonly tags: readonly string[];
  readonly root: Node;
}

const FUNCTIONS: Readonly<Record<string, (value: number) => number>> = {
  abs: Math.abs,
  exp: Math.exp,
  log: Math.log,
  log10: Math.log10,
  sqrt: Math.sqrt,
};

const OPERATORS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

const TOKEN = /\s*(?:(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z_][\w.]*(?:\/[\w.]+)*)|([-+*/()]))/y;

/** What is wrong with it comes back as a sentence. */
export function parseFormula(source: string): Formula | { readonly problem: string } {
  try {
    const tokens = tokenize(source);
    const tags = new Set<string>();
    const reader = { tokens, at: 0, tags };
    const root = readSum(reader);
    if (reader.at < tokens.length) throw new SyntaxError(`“${tokens[reader.at]}” is not expected there`);
    return { source: source.trim(), tags: [...tags], root };
  } catch (problem) {
    if (problem instanceof SyntaxError) return { problem: problem.message };
    throw problem;
  }
}

function tokenize(source: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    if (!match) throw new SyntaxError(`“${source.slice(from).trim()[0]}” is not expected there`);
    tokens.push(match[0].trim());
  }
  if (tokens.length === 0) throw new SyntaxError('expected a scalar, such as loss/d');
  return tokens;
}

interface Reader {
  readonly tokens: readonly string[];
  readonly tags: Set<string>;
  at: number;
}

function readSum(reader: Reader): Node {
  return readPairs(reader, ['+', '-'], (inner) => readPairs(inner, ['*', '/'], readOne));
}

function readPairs(reader: Reader, operators: readonly string[], readPart: (reader: Reader) => Node): Node {
  let left = readPart(reader);
  while (operators.includes(reader.tokens[reader.at] ?? '')) {
    const of = OPERATORS[reader.tokens[reader.at++]!]!;
    left = { kind: 'pair', of, left, right: readPart(reader) };
  }
  return left;
}

function readOne(reader: Reader): Node {
  const token = reader.tokens[reader.at++];
  if (token === undefined) throw new SyntaxError('it ends too early');
  if (token === '-') return { kind: 'call', of: (value) => -value, inner: readOne(reader) };
  if (token === '(') {
    const inner = readSum(reader);
    if (reader.tokens[reader.at++] !== ')') throw new SyntaxError('a bracket is not closed');
    return inner;
  }
  if (/^[\d.]/.test(token)) return { kind: 'number', value: Number(token) };
  if (!/^[A-Za-z_]/.test(token)) throw new SyntaxError(`“${token}” is not expected there`);
  const of = FUNCTIONS[token];
  if (of && reader.tokens[reader.at] === '(') return { kind: 'call', of, inner: readOne(reader) };
  reader.tags.add(token);
  return { kind: 'tag', tag: token };
}

/**
 * The curve of a formula over its first tag's steps; another tag gives its last value at or before the step. Undefined
 * while a tag has no columns. It has no band: least and greatest of the parts do not make those of the whole.
 */
export function evaluateFormula(
  { tags, root }: Formula,
  read: (tag: string) => Columns | undefined,
): Columns | undefined {
  const columns = tags.map(read);
  const first = columns[0];
  if (!first || columns.some((one) => !one)) return undefined;
  const aligned = new Map(tags.map((tag, index) => [tag, align(first.steps, columns[index]!)]));
  const size = first.steps.length;
  const last = new Float32Array(size);
  const nonFinite = new Uint32Array(size);
  for (let index = 0; index < size; index++) {
    const value = evaluate(root, (tag) => aligned.get(tag)![index]!);
    last[index] = value;
    // What was not finite inside a bucket is marked, though the bucket's last value may be sound.
    const inParts = columns.some((one) => one!.steps[index] === first.steps[index] && one!.nonFinite[index]! > 0);
    nonFinite[index] = Number.isFinite(value) && !inParts ? 0 : 1;
  }
  const finite = last.map((value) => (Number.isFinite(value) ? value : Number.NaN));
  return { steps: first.steps, wallMs: first.wallMs, last, min: finite, max: finite, nonFinite, bucketed: false };
}

function evaluate(node: Node, read: (tag: string) => number): number {
  switch (node.kind) {
    case 'number':
      return node.value;
    case 'tag':
      return read(node.tag);
    case 'call':
      return node.of(evaluate(node.inner, read));
    case 'pair':
      return node.of(evaluate(node.left, read), evaluate(node.right, read));
  }
}

/** NaN before the first value. */
function align(steps: Float64Array, columns: Columns): ArrayLike<number> {
  if (columns.steps === steps) return columns.last;
  const values = new Float32Array(steps.length);
  let at = -1;
  for (let index = 0; index < steps.length; index++) {
    while (at + 1 < columns.steps.length && columns.steps[at + 1]! <= steps[index]!) at++;
    values[index] = at === -1 ? Number.NaN : columns.last[at]!;
  }
  return values;
}
