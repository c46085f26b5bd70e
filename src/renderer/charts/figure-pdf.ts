// A figure's SVG as a PDF of one page, exactly as large as the figure: lines stay lines and text stays text, in Helvetica. A text
// that Helvetica has no signs for (a Japanese name, an exotic symbol) is put there as a sharp picture of itself.

import { toStandardText } from './pdf-text.ts';

export interface Drawing {
  readonly svg: string;
  /** In points of 1/72 inch. */
  readonly width: number;
  readonly height: number;
}

export const FIGURE_FONT = 'Helvetica, Arial, "Liberation Sans", sans-serif';
/** Pixels a point: 720 dpi, finer than printers show. */
const SCALE = 10;

/** The writer is fetched when the first PDF is made: most windows make none. */
export async function toPdf({ svg, width, height }: Drawing): Promise<Blob> {
  const [{ jsPDF }, { svg2pdf }] = await Promise.all([import('jspdf'), import('svg2pdf.js')]);
  const orientation = width > height ? 'landscape' : 'portrait';
  const page = new jsPDF({ unit: 'pt', format: [width, height], orientation, compress: true, putOnlyUsedFonts: true });
  const root = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  for (const text of root.querySelectorAll('text')) settle(text);
  await svg2pdf(root, page, { x: 0, y: 0, width, height });
  return page.output('blob');
}

function settle(text: SVGTextElement): void {
  const standard = toStandardText(text.textContent);
  if (standard === null) text.replaceWith(pictureOf(text));
  else text.textContent = standard;
}

function pictureOf(text: SVGTextElement): SVGImageElement {
  const size = Number(text.closest('[font-size]')!.getAttribute('font-size'));
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d')!;
  const font = `${size * SCALE}px ${FIGURE_FONT}`;
  context.font = font;
  const width = context.measureText(text.textContent).width / SCALE;
  canvas.width = Math.ceil(width * SCALE);
  canvas.height = Math.ceil(1.5 * size * SCALE);
  // A new size takes the font away.
  context.font = font;
  context.fillStyle = text.closest('[fill]')?.getAttribute('fill') ?? '#000';
  context.fillText(text.textContent, 0, 1.1 * size * SCALE);
  const anchor = { start: 0, middle: 0.5, end: 1 }[text.getAttribute('text-anchor') ?? 'start'] ?? 0;
  const image = text.ownerDocument.createElementNS('http://www.w3.org/2000/svg', 'image');
  const box = {
    x: Number(text.getAttribute('x')) - anchor * width,
    y: Number(text.getAttribute('y')) - 1.1 * size,
    width: canvas.width / SCALE,
    height: canvas.height / SCALE,
  };
  for (const [name, value] of Object.entries(box)) image.setAttribute(name, String(value));
  image.setAttribute('href', canvas.toDataURL('image/png'));
  return image;
}
