/** Focus of an element that may not be on the page yet: what is typed until it is here goes into it. */

let awaited = null;
let typed = [];
let isReplaying = false;

/** Focus an element by its id, at once or when it appears. */
export function focusWhenHere(id) {
  const element = document.getElementById(id);
  awaited = element === null ? id : null;
  if (element !== null) element.focus();
  else if (!isReplaying) requestAnimationFrame(replay);
}

/** Wait no longer, as what a person clicks leads elsewhere. */
export function stopWaiting() {
  awaited = null;
  typed = [];
}

/** Keep a key press while an element is waited for. @param {KeyboardEvent} event @returns {boolean} whether one is */
export function isTypedAhead(event) {
  if (isReplaying || (awaited === null && typed.length === 0)) return false;
  if (event.key === "Escape") {
    stopWaiting();
  } else {
    const { key, code, shiftKey, ctrlKey, altKey, metaKey } = event;
    typed.push({ key, code, shiftKey, ctrlKey, altKey, metaKey });
  }
  event.preventDefault();
  return true;
}

/** Give one press after the other to what has the focus, each after what the one before has changed is rendered. */
function replay() {
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
