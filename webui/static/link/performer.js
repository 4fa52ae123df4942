/** Carries out what the person does: labels go to the daemon, everything else changes what this page shows. */
import { addTag, clearLatched, copyPrevious, give, merge, removeTag, resize, targets, toggleComplete } from "../state/wishes.js";

const WISHES = {
  give: (state, { labels, scope }) => give(state, labels, scope),
  addTag: (state, { tag }) => addTag(state, tag),
  removeTag: (state, { tag }) => removeTag(state, tag),
  toggleComplete,
  completeAndNext: (state) => give(state, { complete: true }, "sets"),
  copyPrevious,
  clearLatched,
  clearRun: (state) => (state.selection?.field ? give(state, { [state.selection.field]: "" }, "sets") : []),
  resize: (state, { field, run, first, last }) => resize(state, field, run, first, last),
  merge,
  undo: (state) => [{ command: "undo", body: { session: state.chosen } }],
  redo: (state) => [{ command: "redo", body: { session: state.chosen } }],
};

/**
 * @param {ReturnType<import("../state/store.js").createStore>} store
 * @param {import("./label_line.js").LabelLine} line
 * @returns {(action: object) => void}
 */
export function performer(store, line) {
  return (action) => {
    const wishes = WISHES[action.type];
    if (wishes === undefined) {
      store.dispatch(action);
      return;
    }
    const state = store.get();
    if (state.watched === null) return;
    const sent = wishes(state, action);
    line.send(sent);
    if (action.type === "merge" && sent.length > 0) {
      const { field, ranges } = state.selection;
      store.dispatch({ type: "range", field, first: ranges[0][0], last: sent[0].body.ranges[0][1] });
    }
    if (action.type === "give") store.dispatch({ type: "given" });
    if (action.type === "completeAndNext") store.dispatch({ type: "seek", by: 1, beyond: targets(state) });
  };
}
