// What images are and how a recipe wants them. The datasets room decodes, crops and resizes once; networks see the result.

/** Of a data set: single images, points of a distribution, images of two domains, or images with captions. */
export type DataKind = 'images' | 'points' | 'pairs' | 'captions';

/**
 * The part of an original that is kept before it is resized:
 * `stretch` all of it, `centre` the largest centred part of the wanted shape's aspect,
 * `centre-108` the centred 108 x 108 pixels (carpedm20's DCGAN), `face-128` rows 50 to 178 and columns 25 to 153 of an
 * aligned CelebA image (carpedm20's BEGAN).
 */
export type Crop = 'stretch' | 'centre' | 'centre-108' | 'face-128';
export const CROPS: readonly Crop[] = ['stretch', 'centre', 'centre-108', 'face-128'];

export type Resize = 'nearest' | 'bilinear' | 'area';

/** What is absent stays as the data set has it. */
export interface ImageView {
  readonly height?: number;
  readonly width?: number;
  /** 1 is the luma of colour images, 3 repeats grey. */
  readonly channels?: 1 | 3;
  /** `centre` when absent. */
  readonly crop?: Crop;
  /** `area` when images get smaller and `bilinear` when they get larger, when absent. */
  readonly resize?: Resize;
}
