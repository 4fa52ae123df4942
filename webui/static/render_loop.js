/** Render loop: once per animation frame, before each key press or click, or at once where the focus moves. */

/** Parts of the state that move the focus, on which it depends what the next key press reaches. */
const actedOn = (state) => [state.optionList, state.panel, state.overlay, state.memory?.view, state.memory?.address, state.searches];

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
  // Components handle events by what they were last rendered with: all that was typed before must count.
  for (const type of ["keydown", "pointerdown"]) document.addEventListener(type, () => rendering || renderNow(), { capture: true });
  renderNow();
}
