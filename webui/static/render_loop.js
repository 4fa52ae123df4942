/** Draws the page anew when the state has changed: once for each painted frame, and at once where a field comes in sight. */

/** What brings a field in sight: the key after the one that opened it must find it there. */
const AT_ONCE = ["palette", "panel", "overlay"];

/** Ms between two drawings of a page that is hidden and so is not painted. */
const HIDDEN = 250;

/**
 * @param {ReturnType<import("./state/store.js").createStore>} store
 * @param {(state: object) => void} paint draws a state before it returns
 */
export function keepDrawn(store, paint) {
  let drawn = null;
  let drawing = false;
  let due = false;

  const draw = () => {
    due = false;
    const state = store.get();
    if (state === drawn) return;
    drawn = state;
    drawing = true;
    paint(state);
    drawing = false;
  };

  store.subscribe(() => {
    const state = store.get();
    if (!drawing && AT_ONCE.some((part) => state[part] !== drawn[part])) draw();
    else if (!due) {
      due = true;
      if (document.hidden) setTimeout(draw, HIDDEN);
      else requestAnimationFrame(draw);
    }
  });
  draw();
}
