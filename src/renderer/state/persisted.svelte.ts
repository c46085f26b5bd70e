// One remembered value. The storage is an argument; what was stored by an older version and no longer fits is dropped.

export class Persisted<Value> {
  readonly #storage: Storage;
  readonly #key: string;
  #value = $state.raw() as Value;

  constructor(storage: Storage, name: string, fallback: Value, fits: (stored: unknown) => stored is Value) {
    this.#storage = storage;
    this.#key = `saddle.${name}`;
    this.#value = this.#read(fits) ?? fallback;
  }

  get value(): Value {
    return this.#value;
  }

  set(value: Value): void {
    this.#value = value;
    try {
      this.#storage.setItem(this.#key, JSON.stringify(value));
    } catch {
      // Storage full or forbidden: the choice then holds for this window only, which is no reason to fail.
    }
  }

  #read(fits: (stored: unknown) => stored is Value): Value | null {
    try {
      const stored: unknown = JSON.parse(this.#storage.getItem(this.#key) ?? 'null');
      return fits(stored) ? stored : null;
    } catch {
      return null; // Not JSON: written by something else.
    }
  }
}

export function isNumber(stored: unknown): stored is number {
  return typeof stored === 'number' && Number.isFinite(stored);
}

export function isBoolean(stored: unknown): stored is boolean {
  return typeof stored === 'boolean';
}

export function isStringList(stored: unknown): stored is readonly string[] {
  return Array.isArray(stored) && stored.every((entry) => typeof entry === 'string');
}

/** Fits an object whose values all fit. */
export function isRecordOf<Value>(fits: (stored: unknown) => stored is Value) {
  return (stored: unknown): stored is Readonly<Record<string, Value>> =>
    typeof stored === 'object' && stored !== null && !Array.isArray(stored) && Object.values(stored).every(fits);
}
