// The message table in use. Every table has exactly the keys of the English one; the language stands from the load of the page on.

import { en } from './en.ts';
import { ja } from './ja.ts';
import { languageOfPage, type Language } from './language.ts';
import { zh } from './zh.ts';

/** The same keys and parameters with any words. */
type Worded<Table> = {
  [Key in keyof Table]: Table[Key] extends (...values: infer Values) => string
    ? (...values: Values) => string
    : Table[Key] extends string
      ? string
      : Worded<Table[Key]>;
};

export type Messages = Worded<typeof en>;

export const tables: Readonly<Record<Language, Messages>> = { en, ja, zh };

export const text: Messages = tables[languageOfPage()];
