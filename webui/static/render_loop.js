/** Render loop: once per animation frame, or at once where the next key press needs what changes. */

/** Parts of the state on which the next key press may act: they open an input field, or choose a row. */
const actedOn = ({ optionList, panel, overlay, memory }) => [optionList, panel, overlay, memory.view, memory.address];

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
    const before = actedOn(rendered);
    if (!rendering && actedOn(state).some((part, index) => part !== before[index])) renderNow();
    else if (!due) {
      due = true;
      if (document.hidden) setTimeout(renderNow, HIDDEN_MS);
      else requestAnimationFrame(renderNow);
    }
  });
  renderNow();
}
