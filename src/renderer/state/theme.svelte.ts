// Dark or light: follows the system until the user chooses, then remembers.

import { Persisted } from './persisted.svelte.ts';

export const THEME_CHOICES = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof THEME_CHOICES)[number];
export type Theme = 'light' | 'dark';

function isThemeChoice(stored: unknown): stored is ThemeChoice {
  return THEME_CHOICES.some((choice) => choice === stored);
}

export class ThemeState {
  readonly #choice: Persisted<ThemeChoice>;
  readonly #system = window.matchMedia('(prefers-color-scheme: dark)');
  #shown = $state<Theme>('light');

  constructor(storage: Storage) {
    this.#choice = new Persisted<ThemeChoice>(storage, 'theme', 'system', isThemeChoice);
    this.#system.addEventListener('change', () => this.#show());
    this.#show();
  }

  get choice(): ThemeChoice {
    return this.#choice.value;
  }

  /** What is on the screen; charts read this to fetch their colours anew. */
  get shown(): Theme {
    return this.#shown;
  }

  choose(choice: ThemeChoice): void {
    this.#choice.set(choice);
    this.#show();
  }

  #show(): void {
    const choice = this.#choice.value;
    const shown = choice === 'system' ? (this.#system.matches ? 'dark' : 'light') : choice;
    // The document first: whoever reacts to `shown` reads the new tokens.
    document.documentElement.dataset.theme = shown;
    this.#shown = shown;
  }
}
