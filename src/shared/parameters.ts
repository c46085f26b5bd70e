// One row of a recipe's parameter table, and the check of a value against it. The form of a new run, the help
// texts, the checkpoint and the command line all read these rows; nothing else states a default or a range.

export type ParameterValue = number | string | boolean;
export type ParameterValues = Readonly<Record<string, ParameterValue>>;

interface Row<Kind extends string, Value extends ParameterValue> {
  readonly kind: Kind;
  readonly name: string;
  readonly label: string;
  /** One sentence for the form and for `saddle recipes ID`. */
  readonly help: string;
  readonly default: Value;
  /** Where the form shows it: 'training' | 'generator' | 'discriminator' | 'data' | 'recording'. */
  readonly group: ParameterGroup;
}

export type ParameterGroup = 'training' | 'generator' | 'discriminator' | 'data' | 'recording';

export interface NumberParameter extends Row<'number', number> {
  readonly min: number;
  readonly max: number;
  readonly integer?: boolean;
  readonly unit?: string;
  /** How the form's slider and arrow keys step: by ratio for learning rates, by difference for counts. */
  readonly scale?: 'linear' | 'log';
}
export interface ChoiceParameter extends Row<'choice', string> {
  readonly choices: readonly { readonly value: string; readonly label: string }[];
}
export type SwitchParameter = Row<'switch', boolean>;

export type Parameter = NumberParameter | ChoiceParameter | SwitchParameter;

export interface Preset {
  readonly id: string;
  readonly label: string;
  /** Where its values come from, in one sentence. */
  readonly about: string;
  /** Only what differs from the table's defaults. */
  readonly values: ParameterValues;
}

export class ParameterError extends Error {
  readonly parameter: string;
  constructor(parameter: string, message: string) {
    super(message);
    this.name = 'ParameterError';
    this.parameter = parameter;
  }
}

/** Checks one value against its row. Throws ParameterError naming the parameter, what was expected and what was found. */
export function checkParameter(row: Parameter, value: unknown): ParameterValue {
  const refuse = (expected: string): never => {
    throw new ParameterError(row.name, `${row.name}: expected ${expected}, found ${JSON.stringify(value)}`);
  };
  switch (row.kind) {
    case 'number': {
      const expected = `${row.integer ? 'a whole number' : 'a number'} from ${row.min} to ${row.max}`;
      if (typeof value !== 'number' || !Number.isFinite(value)) return refuse(expected);
      if (row.integer && !Number.isInteger(value)) return refuse(expected);
      if (value < row.min || value > row.max) return refuse(expected);
      return value;
    }
    case 'choice': {
      const found = row.choices.find((choice) => choice.value === value);
      return found ? found.value : refuse(`one of ${row.choices.map((choice) => choice.value).join(', ')}`);
    }
    case 'switch':
      return typeof value === 'boolean' ? value : refuse('true or false');
  }
}

/** Reads a value typed by a person (`--set name=value`). Throws ParameterError like `checkParameter`, showing what was typed. */
export function parseParameter(row: Parameter, text: string): ParameterValue {
  if (row.kind === 'number') {
    const value = text.trim() === '' ? NaN : Number(text);
    return checkParameter(row, Number.isNaN(value) ? text : value);
  }
  if (row.kind === 'switch') return checkParameter(row, text === 'true' ? true : text === 'false' ? false : text);
  return checkParameter(row, text);
}

/**
 * Every parameter's value: the table's defaults, then the preset's, then the user's own.
 * Throws ParameterError for an unknown name, an unknown preset or a value out of range.
 */
export function resolveParameters(
  table: readonly Parameter[],
  presets: readonly Preset[],
  presetId: string,
  changes: Readonly<Record<string, unknown>>,
): ParameterValues {
  const preset = presets.find((candidate) => candidate.id === presetId);
  if (!preset) {
    const known = presets.map((candidate) => candidate.id).join(', ');
    throw new ParameterError('preset', `preset: expected one of ${known}, found ${JSON.stringify(presetId)}`);
  }
  const known = new Set(table.map((row) => row.name));
  for (const name of Object.keys(changes)) {
    if (!known.has(name)) {
      throw new ParameterError(name, `${name}: no such parameter; known are ${[...known].join(', ')}`);
    }
  }
  const values: Record<string, ParameterValue> = {};
  for (const row of table) {
    values[row.name] = checkParameter(row, changes[row.name] ?? preset.values[row.name] ?? row.default);
  }
  return values;
}
