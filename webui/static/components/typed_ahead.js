/** Focus of an element that may not be on the page yet: what is typed until it is goes into it. */

let target = null;
let typed = [];
let isReplaying = false;

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
  if (target === null || isReplaying) return false;
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
  element.focus();
  replay(element);
}

/** Give an element one key after the other, each after what the one before has changed is rendered. */
function replay(element) {
  const key = typed.shift();
  if (key === undefined || target === null) {
    target = null;
    return;
  }
  isReplaying = true;
  if (key.length === 1) {
    element.value += key;
    element.dispatchEvent(new InputEvent("input", { bubbles: true }));
  } else {
    const isLeft = element.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    // Browsers send a form for keys of the user's own hand only.
    if (isLeft && key === "Enter") element.form?.requestSubmit();
  }
  isReplaying = false;
  setTimeout(replay, 0, element);
}
