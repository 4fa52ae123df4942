/**
 * Key bindings: the actions that can have a key, and the lookup of a key press. Pure.
 *
 * The keys themselves are in a file, see `resources/keys/`; the keyboard handler, the dialog of keys and the hints read both.
 */

/** By name in that file: the action, its description, and its group in the dialog of keys. */
export const ACTIONS = {
  previous: { text: "Previous frame set", action: { type: "step", by: -1 }, group: "Move" },
  next: { text: "Next frame set", action: { type: "step", by: 1 }, group: "Move" },
  previousCell: { text: "Back one thumbnail", action: { type: "stepCell", by: -1 }, group: "Move" },
  nextCell: { text: "Forward one thumbnail", action: { type: "stepCell", by: 1 }, group: "Move" },
  first: { text: "First frame set", action: { type: "first" }, group: "Move" },
  follow: { text: "Follow live", action: { type: "follow" }, group: "Move" },
  play: { text: "Play, or pause", action: { type: "play" }, group: "Move" },
  slower: { text: "Play slower", action: { type: "changeSpeed", by: -1 }, group: "Move" },
  faster: { text: "Play faster", action: { type: "changeSpeed", by: 1 }, group: "Move" },
  loop: { text: "Loop the selection or the run here, or no longer", action: { type: "loop" }, group: "Move" },
  previousChange: { text: "Previous change in the chosen lane", action: { type: "stepChange", by: -1 }, group: "Move" },
  nextChange: { text: "Next change in the chosen lane", action: { type: "stepChange", by: 1 }, group: "Move" },
  nextUnlabelled: { text: "Next set to label", action: { type: "seek", by: 1 }, group: "Move" },
  previousUnlabelled: { text: "Previous set to label", action: { type: "seek", by: -1 }, group: "Move" },
  zoomIn: { text: "Zoom in", action: { type: "zoom", by: -1 }, group: "Move" },
  zoomOut: { text: "Zoom out", action: { type: "zoom", by: 1 }, group: "Move" },

  context: { text: "Context", action: { type: "optionList", field: "context" }, group: "Label" },
  scene: { text: "Scene", action: { type: "optionList", field: "scene" }, group: "Label" },
  action: { text: "Action", action: { type: "optionList", field: "action" }, group: "Label" },
  intent: { text: "Intent", action: { type: "optionList", field: "intent" }, group: "Label" },
  outcome: { text: "Outcome", action: { type: "optionList", field: "outcome" }, group: "Label" },
  tags: { text: "Tags", action: { type: "optionList", field: "tags" }, group: "Label" },
  description: { text: "Description", action: { type: "focus", target: "description" }, group: "Label" },
  complete: { text: "Complete, or not complete", action: { type: "toggleComplete" }, group: "Label" },
  completeAndNext: { text: "Complete, and go to the next set", action: { type: "completeAndNext" }, group: "Label" },
  copyPrevious: { text: "Copy the previous set's labels", action: { type: "copyPrevious" }, group: "Label" },
  run: { text: "Select the run here; again: in the next lane", action: { type: "run" }, group: "Label" },
  clear: { text: "Clear the selected run", action: { type: "clearRun" }, group: "Label" },
  split: { text: "Split the selected run here", action: { type: "split" }, group: "Label" },
  merge: { text: "Join the selected run with the next", action: { type: "merge" }, group: "Label" },
  takeSuggestion: { text: "Take the suggested label here", action: { type: "takeSuggestion" }, group: "Label" },
  snap: { text: "Snap the ends of runs to memory", action: { type: "snapRuns" }, group: "Label" },
  labelSet: { text: "Values of the labels: name, merge, retire", action: { type: "overlay", name: "labelSet" }, group: "Label" },
  undo: { text: "Undo", action: { type: "undo" }, group: "Label" },
  redo: { text: "Redo", action: { type: "redo" }, group: "Label" },

  scopeSets: { text: "Labels for this set", action: { type: "scope", scope: "sets" }, group: "Apply to" },
  scopeLatch: { text: "Latch labels from now on", action: { type: "scope", scope: "latch" }, group: "Apply to" },
  scopeRecent: { text: "Labels for the last seconds", action: { type: "scope", scope: "recent" }, group: "Apply to" },
  clearLatched: { text: "Clear all latches", action: { type: "clearLatched" }, group: "Apply to" },
  extendBack: { text: "Extend the selection backwards", action: { type: "extend", by: -1 }, group: "Apply to" },
  extendOn: { text: "Extend the selection forwards", action: { type: "extend", by: 1 }, group: "Apply to" },
  rangeStart: { text: "Start the selection or run here", action: { type: "moveEnd", end: 0 }, group: "Apply to" },
  rangeEnd: { text: "End the selection or run here", action: { type: "moveEnd", end: 1 }, group: "Apply to" },
  selectFiltered: { text: "Select all sets of the filter", action: { type: "selectFiltered" }, group: "Apply to" },

  nextView: { text: "Next memory view", action: { type: "memoryStep", by: 1 }, group: "Memory" },
  previousView: { text: "Previous memory view", action: { type: "memoryStep", by: -1 }, group: "Memory" },
  goToAddress: { text: "Go to an address or name", action: { type: "focus", target: "memory-address" }, group: "Memory" },
  watch: { text: "Watch the chosen address, or no longer", action: { type: "watch" }, group: "Memory" },
  searchNumber: { text: "Search memory: it is a number here", action: { type: "focus", target: "search-number" }, group: "Memory" },
  searchStart: { text: "Search memory: from here on", action: { type: "searchStart" }, group: "Memory" },
  searchFell: { text: "Search memory: it fell since", action: { type: "searchCourse", course: "fell" }, group: "Memory" },
  searchRose: { text: "Search memory: it rose since", action: { type: "searchCourse", course: "rose" }, group: "Memory" },
  searchChanged: { text: "Search memory: it changed since", action: { type: "searchCourse", course: "changed" }, group: "Memory" },
  searchSame: { text: "Search memory: it stayed the same since", action: { type: "searchCourse", course: "same" }, group: "Memory" },
  findReading: { text: "Find: its number here", action: { type: "focus", target: "find-reading" }, group: "Memory" },
  findDown: { text: "Find: it fell now", action: { type: "findEvent", direction: "down" }, group: "Memory" },
  findUp: { text: "Find: it rose now", action: { type: "findEvent", direction: "up" }, group: "Memory" },
  findChanged: { text: "Find: it changed now", action: { type: "findEvent", direction: "changed" }, group: "Memory" },
  findAsked: { text: "Find: the picture that tells most", action: { type: "findAsked" }, group: "Memory" },
  findAccept: { text: "Find: accept the candidate", action: { type: "findAccept" }, group: "Memory" },
  nameAddress: { text: "Name the chosen address", action: { type: "editName" }, group: "Memory" },

  grid: { text: "Grid of frame sets, or the single picture", action: { type: "toggleGrid" }, group: "Page" },
  filterSets: { text: "Find in labels", action: { type: "focus", target: "sets-filter" }, group: "Page" },
  filterUnlabelled: { text: "Unlabelled sets only, or all", action: { type: "filterUnlabelled" }, group: "Page" },
  memory: { text: "Labels or memory", action: { type: "panel" }, group: "Page" },
  statistics: { text: "Statistics of the session", action: { type: "panel", name: "statistics" }, group: "Page" },
  filterChanges: { text: "Filter the memory changes", action: { type: "focus", target: "changes-filter" }, group: "Page" },
  sessions: { text: "Show or hide the sessions", action: { type: "rail" }, group: "Page" },
  theme: { text: "Light, dark or system colours", action: { type: "theme" }, group: "Page" },
  keys: { text: "Show these keys", action: { type: "overlay", name: "keys" }, group: "Page" },
  close: { text: "Close, clear the selection", action: { type: "close" }, group: "Page" },
};

export const GROUPS = ["Label", "Apply to", "Move", "Memory", "Page"];

const SHOWN = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  PageUp: "PgUp",
  PageDown: "PgDn",
  Escape: "Esc",
  Enter: "↵",
  Control: "Ctrl",
  Delete: "Del",
  "-": "−",
};

/** The parts of a key as displayed: `["Shift", "←"]`. @param {string} key */
export const shownKey = (key) =>
  (key === "+" ? ["+"] : key.split("+")).map((part) => SHOWN[part] ?? (part.length === 1 ? part.toUpperCase() : part));

/** The first key of an action, as displayed; empty where it has none. @param {Record<string, string[]>} keys */
export const hintOf = (keys, name) => (keys[name]?.length ? shownKey(keys[name][0]).join(" ") : "");

/** Characters that many layouts have behind AltGr, which Windows reports as Ctrl and Alt together, or behind Option. */
const THIRD_LEVEL = /^[[\]{}\\|@~#]$/;

/** True for a press that belongs to the composition of an input method, and so is no key of the page. Safari reports it as 229. */
export const isComposing = (event) => event.isComposing === true || event.keyCode === 229;

/** True if Ctrl, Meta or Alt are held as modifiers, not only to reach a character. @param {KeyboardEvent} event */
export const isModified = (event) =>
  event.metaKey || (event.altKey ? !THIRD_LEVEL.test(event.key) : event.ctrlKey);

/**
 * The characters that a press can stand for, the best first: what the layout types, then, where that is not a digit of the digit
 * row (French has `&` there) or no Latin letter (Russian has `я` on Z), what the key has on an American keyboard.
 * @param {KeyboardEvent} event
 */
export function charactersOf(event) {
  const written = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const [, row, physical] = /^(Digit|Key)(.)$/.exec(event.code ?? "") ?? [];
  const isOther = row === "Digit" ? !/^\d$/.test(written) : /^\p{L}$/u.test(written) && !/^\p{Script=Latin}$/u.test(written);
  return physical !== undefined && written.length === 1 && isOther ? [written, physical.toLowerCase()] : [written];
}

/** The names that a press may have in the file of keys, the best first. @param {KeyboardEvent} event */
function namesOfPress(event) {
  const control = event.metaKey || (event.ctrlKey && !event.altKey);
  return charactersOf(event).map((character) => {
    const key = character === " " ? "Space" : character;
    const shift = event.shiftKey && (control || key.length > 1);
    return `${control ? "Control+" : ""}${shift ? "Shift+" : ""}${key}`;
  });
}

/** The action of a key press, or undefined. @param {KeyboardEvent} event @param {Record<string, string[]>} keys */
export function actionOf(event, keys) {
  if (event.altKey && isModified(event)) return undefined;
  for (const press of namesOfPress(event)) {
    const name = Object.keys(keys).find((one) => keys[one].includes(press));
    if (name !== undefined) return ACTIONS[name]?.action;
  }
  return undefined;
}
