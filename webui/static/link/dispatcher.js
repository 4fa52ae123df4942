/** Carries out what the person does: labels go to the daemon, everything else changes what this page shows. */
import { tooLong } from "../state/labels.js";
import { addTag, clearLatched, copyPrevious, describe, give, merge, moveEnd, removeTag, resize, targets, textsOf, toggleComplete } from "../state/label_commands.js";

const WISHES = {
  give: (state, { labels, scope }) => give(state, labels, scope),
  addTag: (state, { tag }) => addTag(state, tag),
  removeTag: (state, { tag }) => removeTag(state, tag),
  describe,
  toggleComplete,
  completeAndNext: (state) => give(state, { complete: true }, "sets"),
  copyPrevious,
  clearLatched,
  clearRun: (state) => (state.selection?.field ? give(state, { [state.selection.field]: "" }, "sets") : []),
  resize: (state, { field, run, first, last }) => resize(state, field, run, first, last),
  rangeEnd: (state, { end }) => moveEnd(state, end),
  merge,
  undo: (state) => [{ command: "undo", body: { session: state.chosen } }],
  redo: (state) => [{ command: "redo", body: { session: state.chosen } }],
};

/** What the page shows when a wish is on its way. */
const THEN = {
  merge: ({ selection }, [wish]) =>
    wish && { type: "range", field: selection.field, first: selection.ranges[0][0], last: wish.body.ranges[0][1] },
  resize: (_, __, { field, first, last }) => ({ type: "range", field, first, last }),
  rangeEnd: (_, __, action) => action,
  give: () => ({ type: "given" }),
  describe: ({ writing }, sent) => writing && { type: "written", sent: writing.sent || sent.length > 0 },
  completeAndNext: (state) => ({ type: "seek", by: 1, beyond: targets(state) }),
};

/**
 * @param {ReturnType<import("../state/store.js").createStore>} store
 * @param {import("./label_outbox.js").LabelLine} line
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
    const problem = tooLong(textsOf(sent));
    if (problem) {
      store.dispatch({ type: "refused", message: problem });
      return;
    }
    line.send(sent);
    const then = THEN[action.type]?.(state, sent, action);
    if (then) store.dispatch(then);
  };
}
