// All state of the window that outlives a page, and how components reach it.

import { createContext } from 'svelte';
import type { Link } from '../bridge/link.ts';
import { Catalogue } from './catalogue.svelte.ts';
import { CommandSources } from './commands.ts';
import { Connection } from './connection.svelte.ts';
import { Library } from './library.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { QueueState } from './queue.svelte.ts';
import { Router } from './router.svelte.ts';
import { RuntimeState } from './runtime.svelte.ts';
import { ThemeState } from './theme.svelte.ts';

export interface WindowState {
  readonly connection: Connection;
  readonly library: Library;
  readonly catalogue: Catalogue;
  readonly queue: QueueState;
  readonly runtime: RuntimeState;
  readonly notices: Notices;
  readonly router: Router;
  readonly theme: ThemeState;
  /** What the page shown offers by name. */
  readonly commands: CommandSources;
  /** Where choices are remembered. */
  readonly storage: Storage;
}

export function createWindowState(link: Link, storage: Storage): WindowState {
  const connection = new Connection(link);
  return {
    connection,
    library: new Library(connection, storage),
    catalogue: new Catalogue(connection),
    queue: new QueueState(connection),
    runtime: new RuntimeState(connection),
    notices: new Notices(),
    router: new Router(),
    theme: new ThemeState(storage),
    commands: new CommandSources(),
    storage,
  };
}

export const [getWindowState, setWindowState] = createContext<WindowState>();
