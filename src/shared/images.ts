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
export const RESIZES: readonly Resize[] = ['nearest', 'bilinear', 'area'];

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

/** A file of a folder of images that could not be read, and why. */
export interface UnreadableFile {
  /** Inside the folder, with slashes. */
  readonly path: string;
  readonly reason: string;
}

/** How the images of an own folder are taken in. */
export interface FolderOptions {
  /** Empty: the data set is `folder`; else `folder-` and the name's letters and digits. */
  readonly name: string;
  /** Pixels of each side. */
  readonly size: number;
  readonly crop: Crop;
  readonly colour: 'grey' | 'rgb';
  /** Takes each image a second time, mirrored. */
  readonly flip: boolean;
  /** `#rrggbb` under what is transparent. */
  readonly background: string;
}

/** What a data set takes on the disk, in bytes. */
export interface DataUse {
  readonly bytes: number;
  /** Its images at the sizes that recipes asked for: made again when they are needed. */
  readonly viewBytes: number;
}
