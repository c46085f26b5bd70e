// The rules of axe (WCAG 2.2 A and AA) on what is on the page now.

import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** Each broken rule with the elements that break it; none is an empty list. */
export async function brokenRules(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}
