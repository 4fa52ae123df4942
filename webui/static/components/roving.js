/** Roving focus of radio groups and tab lists: one of them takes the focus, the arrows move it on and choose. */

const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/** A click must not take the arrow keys away from the film strip. */
export const leaveFocus = (event) => event.preventDefault();

/** Attributes of one of a group. @param {boolean} isChosen the one that Tab comes to */
export const rovingItem = (isChosen) => ({ tabindex: isChosen ? 0 : -1, onMouseDown: leaveFocus });

/** Handler of key presses in a group: moves to the next of its radio buttons or tabs, or to the first or last, and chooses it. */
export function onRovingKey(event) {
  const items = [...event.currentTarget.querySelectorAll("[role=radio], [role=tab]")].filter((item) => !item.disabled);
  const at = items.indexOf(event.target.closest("[role=radio], [role=tab]"));
  const step = STEPS[event.key];
  const isEnd = event.key === "Home" || event.key === "End";
  if (at < 0 || (step === undefined && !isEnd) || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  const next = isEnd ? items[event.key === "Home" ? 0 : items.length - 1] : items[(at + step + items.length) % items.length];
  next.focus();
  next.click();
}
