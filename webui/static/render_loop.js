/** Render loop: once per animation frame, or at once where a change opens an input field. */

/** State that opens an input field: the next key press must find it in the document. */
const AT_ONCE = ["optionList", "panel", "overlay"];

/** Interval of a hidden page, which gets no animation frames. */
const HIDDEN_MS = 250;

/**
 * @param {ReturnType<import("./state/store.js").createStore>} store
 * @param {(state: object) => void} render synchronous
 */
export function startRenderLoop(store, render) {
  let rendered = null;
  let rendering = false;
  let due = false;

  const renderNow = () => {
    due = false;
    const state = store.get();
    if (state === rendered) return;
    rendered = state;
    rendering = true;
    render(state);
    rendering = false;
  };

  store.subscribe(() => {
    const state = store.get();
    if (!rendering && AT_ONCE.some((part) => state[part] !== rendered[part])) renderNow();
    else if (!due) {
      due = true;
      if (document.hidden) setTimeout(renderNow, HIDDEN_MS);
      else requestAnimationFrame(renderNow);
    }
  });
  renderNow();
}
