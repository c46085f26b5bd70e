// Every data set, in the order of the menus; behind them the user's own folders, which only the data home knows.

import { UserError } from '../../shared/contract.ts';
import { celeba } from './celeba.ts';
import { cifar10 } from './cifar10.ts';
import type { DataHome, DataSet } from './dataset.ts';
import { fashion } from './fashion.ts';
import { findFolderSet, listFolderSets } from './folder.ts';
import { glyphs } from './glyphs.ts';
import { kmnist } from './kmnist.ts';
import { lfw } from './lfw.ts';
import { mnist } from './mnist.ts';
import { olivetti } from './olivetti.ts';
import { pointSets } from './points.ts';

export const dataSets: readonly DataSet[] = [
  ...[mnist, fashion, kmnist, glyphs],
  ...[cifar10, olivetti, lfw, celeba],
  ...pointSets,
];

export function listDataSets(home: DataHome): readonly DataSet[] {
  return [...dataSets, ...listFolderSets(home)];
}

/** Own folders are found only with the home they lie in. Throws UserError naming the known ones. */
export function findDataSet(id: string, home?: DataHome): DataSet {
  const found = dataSets.find((dataSet) => dataSet.id === id) ?? (home ? findFolderSet(id, home) : null);
  if (found) return found;
  const known = home ? listDataSets(home) : dataSets;
  const own = id.startsWith('folder') ? '. An own folder is imported with: saddle data import folder PATH' : '';
  throw new UserError(
    `data: expected one of ${known.map((dataSet) => dataSet.id).join(', ')}, found ${JSON.stringify(id)}${own}`,
  );
}
