import { expect, test } from 'vitest';
import { toStandardText } from '../../../src/renderer/charts/pdf-text.ts';

test('what Helvetica has is set in it', () => {
  expect(toStandardText('loss/d, 50 % – Müller’s × 3 µs €')).toBe('loss/d, 50 % – Müller’s × 3 µs €');
});

test('a minus sign becomes its twin, a thin space a plain one', () => {
  expect(toStandardText('−1.2')).toBe('–1.2');
  expect(toStandardText('3\u2009ms')).toBe('3\u00a0ms');
});

test('what it has no signs for is refused whole', () => {
  for (const text of ['実験 1', '运行', 'Δ loss', '10⁻³', 'run 🎉', 'a\nb', '∞'])
    expect(toStandardText(text)).toBeNull();
});
