/** Tour of the page: a card next to the control that it is about. */
import { html, useEffect, useLayoutEffect, useRef } from "../vendor/htm-preact/standalone.module.js";
import { hintOf } from "../state/keys.js";
import { NARROW } from "../state/layout.js";
import { STEPS } from "../state/tour.js";

const MARGIN = 8;
/** Devices without a keyboard, as in `style/base.css`. */
const TOUCH = matchMedia(`(hover: none), ${NARROW}`);
/** Place of the card while a list of values covers the control. */
const ASIDE = { top: "60px", left: "12px" };

export function Tour({ state, dispatch }) {
  const { tour, keys } = state;
  const step = STEPS[tour];
  const [card, ring] = [useRef(null), useRef(null)];
  const goOn = () => dispatch({ type: "tour", step: tour + 1 });
  const isDone = step.isDone(state);

  // What is so already before its step begins is no reason to go on.
  const wasDone = useRef({ tour: null, isDone: false });
  useEffect(() => {
    const before = wasDone.current;
    wasDone.current = { tour, isDone };
    if (before.tour === tour && isDone && !before.isDone) goOn();
  }, [tour, isDone]);

  useEffect(() => document.querySelector(step.target)?.scrollIntoView({ block: "nearest" }), [tour]);

  // At every rendering: the control may have moved.
  useLayoutEffect(() => {
    const target = document.querySelector(step.target);
    const isInSight = target !== null && state.optionList === null;
    ring.current.hidden = !isInSight;
    if (!isInSight) Object.assign(card.current.style, ASIDE);
    if (!isInSight) return;
    const box = target.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = card.current;
    const below = box.bottom + MARGIN + height <= innerHeight - MARGIN;
    const top = below ? box.bottom + MARGIN : Math.max(box.top - height - MARGIN, MARGIN);
    const left = Math.min(Math.max(box.left + box.width / 2 - width / 2, MARGIN), innerWidth - width - MARGIN);
    Object.assign(card.current.style, { top: `${top}px`, left: `${left}px` });
    Object.assign(ring.current.style, { top: `${box.top - 4}px`, left: `${box.left - 4}px`, width: `${box.width + 8}px`, height: `${box.height + 8}px` });
  });

  return html`
    <div class="tour-ring" ref=${ring}></div>
    <aside class="tour" ref=${card} aria-label="First steps" aria-live="polite">
      <h2 class="tour-title">${step.title}</h2>
      <p>${step.text(...step.keys.map((name) => (TOUCH.matches ? "" : hintOf(keys, name))))}</p>
      <div class="tour-actions">
        <span class="quiet">${tour + 1} of ${STEPS.length}</span>
        <span class="spacer"></span>
        ${tour < STEPS.length - 1 && html`<button class="button flat" onClick=${() => dispatch({ type: "tour", step: null })}>Skip all</button>`}
        <button class="button" onClick=${goOn}>${tour < STEPS.length - 1 ? "Next" : "Close"}</button>
      </div>
    </aside>
  `;
}
