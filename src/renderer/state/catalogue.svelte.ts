// What a run can be made of: the recipes and the data sets, with the state of every download.

import type { CallArgs, DataSetInfo, DataState, Imported, RecipeInfo } from '../../shared/contract.ts';
import { translateData, translateRecipe } from '../text/services/answers.ts';
import type { Connection } from './connection.svelte.ts';
import { describeProblem } from './notices.svelte.ts';

export class Catalogue {
  readonly #connection: Connection;
  #recipes = $state.raw<readonly RecipeInfo[]>([]);
  #data = $state.raw<readonly DataSetInfo[]>([]);
  #phase = $state<'loading' | 'ready' | 'failed'>('loading');
  #problem = $state('');
  /** The own folder that is being imported: not yet a data set. */
  #arriving = $state.raw<{ readonly id: string; readonly state: DataState } | null>(null);
  /** Grows when a data set's pixels may have changed, so that a preview that failed is fetched again. */
  #previewVersion = $state(0);
  readonly #firstLoad: Promise<void>;

  constructor(connection: Connection) {
    this.#connection = connection;
    connection.on('data', ({ id, state }) => {
      if (!this.dataSet(id)) this.#arriving = state.phase === 'importing' ? { id, state } : null;
      const before = this.dataSet(id)?.state.phase;
      this.#data = this.#data.map((data) => (data.id === id ? { ...data, state } : data));
      if (state.phase === 'ready' && before !== 'ready') void this.load();
    });
    connection.onReturn(() => void this.load());
    this.#firstLoad = this.load();
  }

  /** Waits for the first answer, good or bad. */
  ready(): Promise<void> {
    return this.#firstLoad;
  }

  get recipes(): readonly RecipeInfo[] {
    return this.#recipes;
  }
  get data(): readonly DataSetInfo[] {
    return this.#data;
  }
  get phase(): 'loading' | 'ready' | 'failed' {
    return this.#phase;
  }
  get problem(): string {
    return this.#problem;
  }
  get arriving(): { readonly id: string; readonly state: DataState } | null {
    return this.#arriving;
  }
  get previewVersion(): number {
    return this.#previewVersion;
  }
  recipe(id: string): RecipeInfo | undefined {
    return this.#recipes.find((recipe) => recipe.id === id);
  }
  dataSet(id: string): DataSetInfo | undefined {
    return this.#data.find((data) => data.id === id);
  }

  async load(): Promise<void> {
    try {
      const [recipes, data] = await Promise.all([
        this.#connection.call('listRecipes', {}),
        this.#connection.call('listData', {}),
      ]);
      this.#recipes = recipes.map(translateRecipe);
      this.#data = data.map(translateData);
      this.#phase = 'ready';
      this.#previewVersion++;
    } catch (problem) {
      if (this.#phase !== 'ready') this.#phase = 'failed';
      this.#problem = describeProblem(problem);
    }
  }

  fetch(data: string): Promise<null> {
    return this.#connection.call('fetchData', { data });
  }

  cancel(data: string): Promise<null> {
    return this.#connection.call('cancelFetch', { data });
  }

  /** Answers with the files that cannot be read when there are some and they are not to be skipped. */
  async importFrom(data: string, folder: string, skipUnreadable: boolean): Promise<Imported> {
    const imported = await this.#connection.call('importData', { data, folder, skipUnreadable });
    await this.load();
    return imported;
  }

  async importFolder(wish: CallArgs<'importFolder'>): Promise<Imported> {
    const imported = await this.#connection.call('importFolder', wish);
    await this.load();
    return imported;
  }

  async remove(data: string, what: 'all' | 'views'): Promise<void> {
    await this.#connection.call('removeData', { data, what });
    await this.load();
  }
}
