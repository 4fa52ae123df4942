/** Tour of the page for the first minute: each step points at a control and is over when the person has used it. Pure. */
import { commonValue, FIELDS } from "./labels.js";
import { countOf } from "./ranges.js";

const isLabelled = ({ watched, selected }) => FIELDS.some((field) => commonValue(watched.labels, field, [[selected, selected]]) !== "");

/** A key as displayed, behind what else does the same; nothing where there is no keyboard. */
const or = (key) => key && `, or ${key}`;

const isRunLabelled = ({ watched, selection }) =>
  Boolean(selection?.field && countOf(selection.ranges) > 1 && commonValue(watched.labels, selection.field, selection.ranges));

/**
 * - `target`: selector of the control
 * - `keys`: names of the actions whose keys stand in the text, see `keys.js`; `text` gets them as displayed
 * - `isDone`: true once the person has done it
 * @type {{target: string, title: string, keys: string[], text: (...keys: string[]) => string, isDone: (state: object) => boolean}[]}
 */
export const STEPS = [
  {
    target: ".transport",
    title: "This is the game as it is recorded",
    keys: ["previous"],
    text: (previous) => `Every twelfth of a second is a frame set: a picture, the buttons held, and all of memory. Go back by one: the arrow just left of Play${or(previous)}.`,
    isDone: ({ following }) => !following,
  },
  {
    target: ".field[data-field=context]",
    title: "Say what happens here",
    keys: ["context"],
    text: (context) => `Press Context${or(context)}. Type, and take the first match with Enter. The label is saved at once.`,
    isDone: isLabelled,
  },
  {
    target: ".undo-redo",
    title: "Nothing is final",
    keys: ["undo"],
    text: (undo) => `Take the label back: the bent arrow${or(undo)}. It undoes only what you did yourself.`,
    isDone: (state) => !isLabelled(state),
  },
  {
    target: ".lanes",
    title: "Label a whole battle at once",
    keys: ["zoomOut"],
    text: (zoomOut) => `Drag along a lane under the pictures, from beginning to end, and choose a value. Drag an end to mend it. To see more of the session: the minus on the left${or(zoomOut)}.`,
    isDone: isRunLabelled,
  },
  {
    target: ".memory-strip",
    title: "This is the game's memory",
    keys: [],
    text: () => "A bright place has just changed. Click one: the map shows its address, its value and its name.",
    isDone: ({ memory, panel }) => memory.address !== null || panel === "memory",
  },
  {
    target: ".follow",
    title: "Back to the end",
    keys: ["follow", "keys"],
    text: (follow, keys) => `Press this${or(follow)}. That was all${keys && `: ${keys} shows every key`}. Labels can be given while you play.`,
    isDone: ({ following }) => following,
  },
];

export const tourReducers = {
  /** Go on with a step; behind the last one the tour is over. */
  tour: (state, { step }) => ({ ...state, tour: step !== null && step < STEPS.length ? step : null }),
};
