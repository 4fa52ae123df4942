/** Focus of an element that may not be on the page yet: what is typed until it is goes into it. */

let target = null;
let typed = [];

/** Focus an element by its id, at once or when it appears. */
export function focusWhenHere(id) {
  const element = document.getElementById(id);
  target = element === null ? id : null;
  typed = [];
  if (element !== null) element.focus();
  else requestAnimationFrame(lookAgain);
}

/** Keep a key press for the element that is waited for. @param {KeyboardEvent} event @returns {boolean} whether one is */
export function isTypedAhead(event) {
  if (target === null) return false;
  if (event.key === "Escape") target = null;
  else typed.push(event.key);
  event.preventDefault();
  return true;
}

function lookAgain() {
  if (target === null) return;
  const element = document.getElementById(target);
  if (element === null) {
    requestAnimationFrame(lookAgain);
    return;
  }
  target = null;
  element.focus();
  for (const key of typed) {
    if (key.length === 1) {
      element.value += key;
      element.dispatchEvent(new InputEvent("input", { bubbles: true }));
    } else element.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }
}
