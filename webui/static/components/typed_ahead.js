/** Key presses before what they are meant for is on the page: they are kept until it is here, and then given to it. */

let isHeld = false;
let awaited = null;
let typed = [];
let isReplaying = false;

/** Keep every press until `releaseKeys`: nothing that takes keys is here yet. */
export function holdKeys() {
  isHeld = true;
}

export function releaseKeys() {
  isHeld = false;
  requestAnimationFrame(replay);
}

/** Focus an element by its id, at once or when it appears: what is typed until then goes into it. */
export function focusWhenHere(id) {
  const element = document.getElementById(id);
  awaited = element === null ? id : null;
  if (element !== null) element.focus();
  else if (!isReplaying) requestAnimationFrame(replay);
}

/** Wait for an element no longer, as what a person clicks leads elsewhere. */
export function stopWaiting() {
  awaited = null;
  if (!isHeld) typed = [];
}

/**
 * Keep a key press while something is waited for.
 * @param {KeyboardEvent} event
 * @param {boolean} isBound the press has an action of the page
 * @returns {boolean} whether it is kept
 */
export function isTypedAhead(event, isBound) {
  const isFree = !isHeld && awaited === null && typed.length === 0;
  if (isReplaying || isFree || (!isBound && isOfBrowser(event)) || (typed.length === 0 && isOfButton(event))) return false;
  if (event.key === "Escape") {
    stopWaiting();
    typed = [];
  } else {
    const { key, code, shiftKey, ctrlKey, altKey, metaKey } = event;
    typed.push({ key, code, shiftKey, ctrlKey, altKey, metaKey });
  }
  event.preventDefault();
  return true;
}

/** True for a press that is the browser's, such as F5, Tab or Ctrl+R. */
const isOfBrowser = ({ key, ctrlKey, altKey, metaKey }) => /^(F\d+|Tab|Control|Alt|Shift|Meta)$/.test(key) || metaKey || (ctrlKey && !altKey);

/** True for a press on a button that is waited for by nothing else. */
const isOfButton = ({ key, target }) => awaited === null && (key === "Enter" || key === " ") && target.closest("button") !== null;

/** Give one press after the other to what has the focus, each after what the one before has changed is rendered. */
function replay() {
  if (isHeld) return;
  if (awaited !== null) {
    const element = document.getElementById(awaited);
    if (element === null) {
      requestAnimationFrame(replay);
      return;
    }
    awaited = null;
    element.focus();
  }
  const press = typed.shift();
  if (press === undefined) return;
  isReplaying = true;
  give(document.activeElement, press);
  isReplaying = false;
  setTimeout(replay);
}

/** Do what a press of the user's own hand does: a browser neither writes nor sends a form for one that a script makes. */
function give(element, press) {
  const isLeft = element.dispatchEvent(new KeyboardEvent("keydown", { ...press, bubbles: true, cancelable: true }));
  if (!isLeft || !element.matches("input, textarea") || press.ctrlKey || press.metaKey) return;
  if (press.key === "Enter") element.form?.requestSubmit();
  if (press.key.length !== 1) return;
  element.value += press.key;
  element.dispatchEvent(new InputEvent("input", { bubbles: true }));
}
