// Of a long list only what is on the screen and a little more: TanStack's virtualizer over an element that scrolls, for
// lists whose rows have known heights.

import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualItem,
  type VirtualizerOptions,
} from '@tanstack/virtual-core';

export interface RowSource {
  readonly count: number;
  /** Height of a row in CSS pixels, the same whenever it is asked for. */
  heightOf(index: number): number;
  /** The same row has the same key wherever it stands. */
  keyOf(index: number): string;
}

const OVERSCAN = 8;

export class VirtualRows {
  readonly #read: () => RowSource;
  #virtualizer: Virtualizer<HTMLElement, HTMLElement> | null = null;
  #items = $state.raw<readonly VirtualItem[]>([]);
  #total = $state(0);

  /** `read` is read reactively. */
  constructor(read: () => RowSource) {
    this.#read = read;
  }

  /** Rows to draw, in order. */
  get items(): readonly VirtualItem[] {
    return this.#items;
  }
  /** Height of all rows in CSS pixels. */
  get total(): number {
    return this.#total;
  }

  /** An attachment for the element that scrolls. */
  readonly attach = (element: HTMLElement): (() => void) => {
    const virtualizer = new Virtualizer<HTMLElement, HTMLElement>(this.#options(element));
    this.#virtualizer = virtualizer;
    const unmount = virtualizer._didMount();
    $effect(() => {
      virtualizer.setOptions(this.#options(element));
      virtualizer.measure();
      virtualizer._willUpdate();
      this.#take(virtualizer);
    });
    return () => {
      unmount();
      this.#virtualizer = null;
    };
  };

  scrollTo(index: number): void {
    this.#virtualizer?.scrollToIndex(index, { align: 'auto' });
  }

  #options(element: HTMLElement): VirtualizerOptions<HTMLElement, HTMLElement> {
    const source = this.#read();
    return {
      count: source.count,
      getScrollElement: () => element,
      estimateSize: (index) => source.heightOf(index),
      getItemKey: (index) => source.keyOf(index),
      overscan: OVERSCAN,
      observeElementRect,
      observeElementOffset,
      scrollToFn: elementScroll,
      onChange: (virtualizer) => this.#take(virtualizer),
    };
  }

  #take(virtualizer: Virtualizer<HTMLElement, HTMLElement>): void {
    this.#items = virtualizer.getVirtualItems();
    this.#total = virtualizer.getTotalSize();
  }
}
