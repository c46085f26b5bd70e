// The one place that says which message table is in use. Every table has exactly the keys of the English one.

import { en } from './en.ts';

export type Messages = typeof en;

export const text: Messages = en;
