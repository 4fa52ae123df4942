/** Dispatcher of user actions: commands to the daemon, all others to this page's state. */
import {
  addTag,
  applyLabels,
  clearLatched,
  copyPrevious,
  describe,
  merge,
  moveEnd,
  removeTag,
  resize,
  snapRuns,
  takeRows,
  takeSuggestion,
  takeSuggestions,
  textsOf,
  toggleComplete,
  unseenProblem,
} from "../state/label_commands.js";
import { lengthError } from "../state/labels.js";
import { MAX_UNASKED, questionOf } from "../state/large_edits.js";
import { editOption, mergeCommands } from "../state/label_set.js";
import { targets } from "../state/selection.js";

/** The commands of an action. @type {Record<string, (state: object, action: object) => import("../state/label_commands.js").LabelCommand[]>} */
const COMMANDS = {
  applyLabels: (state, { labels, scope }) => applyLabels(state, labels, scope),
  addTag: (state, { tag }) => addTag(state, tag),
  removeTag: (state, { tag }) => removeTag(state, tag),
  describe,
  toggleComplete,
  completeAndNext: (state) => applyLabels(state, { complete: true }, "sets"),
  copyPrevious,
  clearLatched,
  clearRun: (state) => (state.selection?.field ? applyLabels(state, { [state.selection.field]: "" }, "sets") : []),
  resize: (state, { field, run, first, last }) => resize(state, field, run, first, last),
  moveEnd: (state, { end }) => moveEnd(state, end),
  merge,
  takeSuggestion,
  takeSuggestions,
  takeRow: (state, { row }) => takeRows(state, [row]),
  snapRuns,
  editOption: (state, { field, value, parts }) => editOption(state, field, value, parts),
  mergeValues: mergeCommands,
  undo: (state, action) => turn(state, action),
  redo: (state, action) => turn(state, action),
};

/** Undo or redo; of a large edit only where the person has agreed. */
const turn = ({ chosen }, { type, session = chosen, agreed }) => [{ command: type, body: { session, ...(agreed ? {} : { at_most: MAX_UNASKED }) } }];

/** The change of this page's state once an action's commands are in the outbox, without waiting for the daemon. */
const FOLLOW_UPS = {
  merge: ({ selection }, [command]) =>
    command && { type: "range", field: selection.field, first: selection.ranges[0][0], last: command.body.ranges[0][1] },
  resize: (_, __, { field, first, last }) => ({ type: "range", field, first, last }),
  moveEnd: (_, __, action) => action,
  takeSuggestion: (_, commands) => commands.length === 0 && { type: "notice", text: "No label is suggested at this set. Review has the field to suggest." },
  applyLabels: (_, __, { labels }) => ({ type: "labelsApplied", labels }),
  addTag: (_, __, { tag }) => ({ type: "tagChosen", tag }),
  removeTag: (_, __, { tag }) => ({ type: "tagChosen", tag }),
  mergeValues: (_, __, action) => action,
  describe: ({ draft }, commands) => draft && { type: "draftSent", sent: draft.sent || commands.length > 0 },
  completeAndNext: (state) => ({ type: "seek", by: 1, beyond: targets(state) }),
};

/**
 * @param {ReturnType<import("../state/store.js").createStore>} store
 * @param {import("./label_outbox.js").LabelOutbox} outbox
 * @param {Record<string, (action: object) => void>} requests other actions that ask the daemon for something, see `memory_requests.js`
 * @returns {(action: object) => void}
 */
export function createDispatcher(store, outbox, requests) {
  return (action) => {
    if (action.type in requests) {
      requests[action.type](action);
      return;
    }
    const commandsOf = COMMANDS[action.type];
    if (commandsOf === undefined) {
      store.dispatch(action);
      return;
    }
    const state = store.get();
    if (state.watched === null) return;
    const commands = commandsOf(state, action);
    const question = questionOf(state, action);
    if (question !== null) {
      store.dispatch({ type: "ask", question: { ...question, action: { ...action, agreed: true } } });
      return;
    }
    const problem = unseenProblem(state, commands) || lengthError(textsOf(commands));
    if (problem) {
      store.dispatch({ type: "refused", message: problem });
      return;
    }
    outbox.send(commands);
    const followUp = FOLLOW_UPS[action.type]?.(state, commands, action);
    if (followUp) store.dispatch(followUp);
  };
}
