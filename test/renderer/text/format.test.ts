import { expect, test } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatMoment,
  formatPercent,
  formatRate,
  formatSetting,
  formatValue,
} from '../../../src/renderer/text/format.ts';

test.each([
  [0.69314, '0.6931'],
  [1.386294, '1.386'],
  [12.3456, '12.35'],
  [12345.6, '12,346'],
  [0.0000123, '1.23e−5'],
  [-0.25, '−0.2500'],
  [0, '0'],
  [Number.NaN, 'NaN'],
  [Infinity, '+∞'],
  [-Infinity, '−∞'],
])('the value %d is written %s', (value, written) => {
  expect(formatValue(value)).toBe(written);
});

test.each([
  [4.25, '4.3 ms'],
  [850, '850 ms'],
  [9_940, '9.9 s'],
  [12_400, '12 s'],
  [59_700, '1 min 00 s'],
  [200_000, '3 min 20 s'],
  [7_500_000, '2 h 05 min'],
  [273_600_000, '3 d 4 h'],
  [Number.NaN, '–'],
])('%d ms is written %s', (ms, written) => {
  expect(formatDuration(ms)).toBe(written);
});

test.each([
  [812, '812 B'],
  [1_200, '1.2 kB'],
  [9_960_000, '10 MB'],
  [999_600, '1.0 MB'],
  [11_594_722, '12 MB'],
])('%d bytes are written %s', (bytes, written) => {
  expect(formatBytes(bytes)).toBe(written);
});

test('counts, rates, shares and settings', () => {
  expect(formatCount(6_753_409)).toBe('6,753,409');
  expect([0.3412, 41.234, 1234].map(formatRate)).toEqual(['0.341', '41.2', '1,234']);
  expect([0, 0.015, 0.999, 1].map(formatPercent)).toEqual(['0 %', '1.5 %', '99 %', '100 %']);
  expect([0.0002, 1e-8, 60_000, true, 'tanh', undefined].map(formatSetting)).toEqual([
    '0.0002',
    '1e−8',
    '60,000',
    'true',
    'tanh',
    '–',
  ]);
});

test('a moment is the clock today, the day this year, the year before', () => {
  const now = new Date(2026, 10, 21, 15, 0).getTime();
  expect(formatMoment(new Date(2026, 10, 21, 8, 5).getTime(), now)).toBe('08:05');
  expect(formatMoment(new Date(2026, 10, 1, 8, 5).getTime(), now)).toBe('1 Nov 08:05');
  expect(formatMoment(new Date(2025, 10, 1).getTime(), now)).toBe('1 Nov 2025');
});
