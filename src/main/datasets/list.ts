// Every data set, in the order of the menus.

import { UserError } from '../../shared/contract.ts';
import type { DataSet } from './dataset.ts';
import { glyphs } from './glyphs.ts';
import { mnist } from './mnist.ts';

export const dataSets: readonly DataSet[] = [mnist, glyphs];

/** Throws UserError naming the known ones. */
export function findDataSet(id: string): DataSet {
  const found = dataSets.find((dataSet) => dataSet.id === id);
  if (found) return found;
  throw new UserError(
    `data: expected one of ${dataSets.map((dataSet) => dataSet.id).join(', ')}, found ${JSON.stringify(id)}`,
  );
}
