// Colours of a quantity from low to high: between the tokens of the theme (`--ramp-0` ...), whose lightness runs one way only,
// so that every kind of colour blindness and a grey print keep the order.

/** Number of tokens in theme.css. */
export const RAMP_STOPS = 5;

/** `share` in [0, 1]; stops as `#rgb` or `#rrggbb`. */
export function rampColour(stops: readonly string[], share: number): string {
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(at));
  const [from, to] = [parseColour(stops[low]!), parseColour(stops[low + 1]!)];
  const mixed = from.map((part, index) => Math.round(part + (at - low) * (to[index]! - part)));
  return `#${mixed.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

export function readRamp(element: Element): readonly string[] {
  const style = getComputedStyle(element);
  return Array.from({ length: RAMP_STOPS }, (_, index) => style.getPropertyValue(`--ramp-${index}`).trim());
}

function parseColour(colour: string): readonly number[] {
  const hex = colour.slice(1);
  const full = hex.length === 3 ? hex.replace(/./g, '$&$&') : hex;
  return [0, 2, 4].map((start) => Number.parseInt(full.slice(start, start + 2), 16));
}
