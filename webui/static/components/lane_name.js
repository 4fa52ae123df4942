/** Name of a lane in the gutter, which chooses it to step by, and the buttons that step where it is chosen. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { hintOf } from "../state/keys.js";
import { Icon } from "./icons.js";
import { leaveFocus, rovingItem } from "./roving.js";

/** @param {{lane: string, name: string, height: number, state: object, dispatch: Function, children?: unknown}} props `lane`: see `state/player.js` */
export function LaneName({ lane, name, height, state, dispatch, children }) {
  const isChosen = state.player.lane === lane;
  const step = (by, label, key, icon) => html`
    <button
      class="lane-step"
      aria-label="${label} of ${name}"
      title="${label} of ${name} (${hintOf(state.keys, key)})"
      onMouseDown=${leaveFocus}
      onClick=${() => dispatch({ type: "stepChange", by })}
    >
      <${Icon} name=${icon} />
    </button>
  `;
  return html`
    <div class="lane-name" style=${{ height: `${height}px` }}>
      <button
        class="ellipsis"
        role="radio"
        aria-checked=${isChosen}
        title="${name}: step by its changes (${hintOf(state.keys, "previousChange")}, ${hintOf(state.keys, "nextChange")})"
        ...${rovingItem(isChosen)}
        onClick=${() => dispatch({ type: "stepLane", lane })}
      >
        ${name} ${children}
      </button>
      ${isChosen && step(-1, "Previous change", "previousChange", "previous")} ${isChosen && step(1, "Next change", "nextChange", "next")}
    </div>
  `;
}
