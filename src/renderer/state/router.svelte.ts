// Which page is shown: follows the address, and changes it.

import { formatRoute, parseRoute, type Route } from './route.ts';

export class Router {
  #route = $state.raw<Route>(parseRoute(location.hash));

  constructor() {
    window.addEventListener('hashchange', () => {
      const before = this.#route;
      this.#route = parseRoute(location.hash);
      if (before.page !== this.#route.page) window.scrollTo(0, 0);
    });
  }

  get route(): Route {
    return this.#route;
  }

  go(route: Route): void {
    location.hash = formatRoute(route);
  }

  /** Changes the address without a new entry in the history: for what refines a page, such as the runs compared. */
  replace(route: Route): void {
    history.replaceState(null, '', formatRoute(route));
    this.#route = route;
  }
}
