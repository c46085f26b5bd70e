// What the page of runs offers by name: the selection, how the runs are shown, saved views.

import { text } from '../text/text.ts';
import { commandsOfSelection, type Command } from './commands.ts';
import { RUN_VIEWS } from './plot-choice.ts';
import type { RunList } from './run-list.svelte.ts';
import type { RunPlots } from './run-plots.svelte.ts';
import type { WindowState } from './window.ts';

export function listCommands(
  state: WindowState,
  list: RunList,
  plots: RunPlots,
  askDelete: () => void,
): readonly Command[] {
  const all = list.shown.map((run) => run.id);
  const selectAll: Command = {
    id: 'select all',
    kind: 'action',
    title: text.palette.selectAll(all.length),
    run: () => list.select(all, true),
  };
  const selectNone: Command = {
    id: 'select none',
    kind: 'action',
    title: text.palette.selectNone,
    run: () => plots.clear(),
  };
  return [
    ...commandsOfSelection(list.selected, state, askDelete),
    ...(all.length > 0 && !list.isAllSelected ? [selectAll] : []),
    ...(list.selected.length > 0 ? [selectNone] : []),
    ...RUN_VIEWS.filter((view) => view !== plots.view).map((view): Command => {
      const title = text.palette.viewAs(text.plots.views[view]);
      return { id: `as ${view}`, kind: 'action', title, also: text.palette.viewWords, run: () => plots.show(view) };
    }),
    ...list.saved.map((view): Command => {
      const title = text.palette.openView(view.name);
      return { id: `view ${view.name}`, kind: 'action', title, run: () => list.open(view) };
    }),
  ];
}
