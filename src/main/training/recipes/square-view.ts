// Square images of one size, whatever the data set's: the rows of a table that say how, and the view they ask for.

import type { Parameter } from '../../../shared/parameters.ts';
import type { Crop, ImageView } from '../../../shared/images.ts';
import type { DataShape } from './recipe.ts';
import { choice } from './rows.ts';

export interface SquareValues {
  readonly crop: Crop;
  readonly resize: 'smooth' | 'nearest';
  readonly colours: 'data' | 'grey' | 'colour';
}

const crops: Readonly<Record<Crop, string>> = {
  centre: 'largest centred square',
  stretch: 'all of it, stretched',
  'centre-108': 'centred 108 x 108',
  'face-128': 'face of aligned CelebA',
};
const resizes = { smooth: 'smoothly', nearest: 'by nearest pixels' };
const colours = { data: 'as the data', grey: 'grey', colour: 'colour' };

/** Rows and columns that a crop needs to be there. */
const needs: Readonly<Partial<Record<Crop, readonly [height: number, width: number]>>> = {
  'centre-108': [108, 108],
  'face-128': [178, 153],
};

/** How the data becomes squares, for networks of any number of channels. */
export function squareRows(): readonly Parameter[] {
  const channels = 'Grey images have one channel, colour images three; grey data in colour repeats itself.';
  return [...shapeRows(), choice('data', 'colours', 'Colours', 'data', colours, channels)];
}

/** The same without the colours. */
export function shapeRows(): readonly Parameter[] {
  const part = 'Part of each image that is kept; where an image is too small for it, the largest centred square.';
  const how = 'How images are brought to their size; nearest pixels leave edges jagged, as in some codes.';
  return [
    choice('data', 'crop', 'Crop', 'centre', crops, part),
    choice('data', 'resize', 'Resize', 'smooth', resizes, how),
  ];
}

export function squareView({ crop, resize, colours }: SquareValues, side: number, data: DataShape): ImageView {
  const [height, width] = needs[crop] ?? [0, 0];
  return {
    ...{ height: side, width: side },
    crop: data.height < height || data.width < width ? 'centre' : crop,
    ...(resize === 'nearest' && { resize }),
    ...(colours !== 'data' && { channels: colours === 'grey' ? 1 : 3 }),
  };
}
