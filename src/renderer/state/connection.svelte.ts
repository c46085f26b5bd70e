// The link as the pages see it: whether it is up, and what to fetch again when it comes back.

import type { AnyEvent, EventName, Events } from '../../shared/contract.ts';
import type { Call } from '../../shared/messages.ts';
import type { Link, LinkStatus } from '../bridge/link.ts';

/** How long "connected again" stays on the screen. */
const WELCOME_MS = 4_000;

export class Connection {
  readonly #link: Link;
  readonly #reloads = new Set<() => void>();
  #status = $state.raw<LinkStatus>({ phase: 'connecting' });
  #isBack = $state(false);
  #wasLost = false;

  constructor(link: Link) {
    this.#link = link;
    link.watch((status) => this.#change(status));
  }

  get status(): LinkStatus {
    return this.#status;
  }

  /** True for a few seconds after the server came back. */
  get isBack(): boolean {
    return this.#isBack;
  }

  get call(): Call {
    return this.#link.call;
  }

  retry(): void {
    this.#link.retry();
  }

  /** Hears one kind of event. Returns the function that ends it. */
  on<Name extends EventName>(name: Name, handler: (data: Events[Name]) => void): () => void {
    return this.#link.listen((event: AnyEvent) => {
      if (event.event === name) handler(event.data as Events[Name]);
    });
  }

  /** Runs `reload` each time the line comes back after a loss. Returns the function that ends it. */
  onReturn(reload: () => void): () => void {
    this.#reloads.add(reload);
    return () => this.#reloads.delete(reload);
  }

  #change(status: LinkStatus): void {
    this.#status = status;
    if (status.phase === 'lost') {
      this.#wasLost = true;
      this.#isBack = false;
    }
    if (status.phase !== 'up' || !this.#wasLost) return;
    this.#wasLost = false;
    this.#isBack = true;
    setTimeout(() => (this.#isBack = false), WELCOME_MS);
    for (const reload of this.#reloads) reload();
  }
}
