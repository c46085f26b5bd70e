import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { RAMP_STOPS, rampColour } from '../../../src/renderer/charts/ramp.ts';

test('a colour lies between its two stops, and outside the range at an end', () => {
  const stops = ['#000', '#ffffff', '#ff0000'];
  expect([0, 0.25, 0.5, 0.75, 1, -1, 2].map((share) => rampColour(stops, share))).toEqual(
    ['#000000', '#808080', '#ffffff', '#ff8080', '#ff0000', '#000000', '#ff0000'],
  ); // prettier-ignore
});

/** Relative luminance of WCAG 2.2. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((start) => {
    const part = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

test('the ramp of each theme grows lighter from stop to stop, so that the order survives any colour blindness', () => {
  const theme = readFileSync('src/renderer/theme.css', 'utf8');
  const tokens = [...theme.matchAll(/--ramp-(\d): (#[0-9a-f]{6})/g)].map(([, , colour]) => luminance(colour!));
  expect(tokens).toHaveLength(2 * RAMP_STOPS);
  for (const ramp of [tokens.slice(0, RAMP_STOPS), tokens.slice(RAMP_STOPS)]) {
    expect(ramp).toEqual(ramp.toSorted((a, b) => a - b));
    expect(ramp.at(-1)! - ramp[0]!).toBeGreaterThan(0.3);
  }
});
