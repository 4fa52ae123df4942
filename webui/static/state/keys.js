/**
 * Every key of the page: what it does, how it is called. The keyboard handler and the overlay both read this table.
 * @type {{keys: string[], shown: string[], does: string, action: object}[]}
 */
export const KEYS = [
  { keys: ["ArrowLeft"], shown: ["←"], does: "Previous frame set", action: { type: "step", by: -1 } },
  { keys: ["ArrowRight"], shown: ["→"], does: "Next frame set", action: { type: "step", by: 1 } },
  { keys: ["Shift+ArrowLeft"], shown: ["Shift", "←"], does: "Back by one cell of the strip", action: { type: "stepCell", by: -1 } },
  { keys: ["Shift+ArrowRight"], shown: ["Shift", "→"], does: "On by one cell of the strip", action: { type: "stepCell", by: 1 } },
  { keys: ["Home"], shown: ["Home"], does: "First frame set", action: { type: "first" } },
  { keys: ["End", "l"], shown: ["L", "End"], does: "Follow live", action: { type: "follow" } },
  { keys: ["+", "="], shown: ["+"], does: "Spread the strip", action: { type: "zoom", by: -1 } },
  { keys: ["-"], shown: ["−"], does: "Gather the strip", action: { type: "zoom", by: 1 } },
  { keys: ["/"], shown: ["/"], does: "Filter the memory changes", action: { type: "focus", target: "filter" } },
  { keys: ["s"], shown: ["S"], does: "Show or hide the sessions", action: { type: "rail" } },
  { keys: ["t"], shown: ["T"], does: "Light, dark, or as the system", action: { type: "theme" } },
  { keys: ["?"], shown: ["?"], does: "Show these keys", action: { type: "overlay", name: "keys" } },
  { keys: ["Escape"], shown: ["Esc"], does: "Close", action: { type: "overlay", name: null } },
];

const byKey = new Map(KEYS.flatMap((entry) => entry.keys.map((key) => [key, entry.action])));

/** The action of a key press, or undefined. @param {KeyboardEvent} event */
export function actionOf(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return byKey.get(event.shiftKey && event.key.length > 1 ? `Shift+${key}` : key);
}
