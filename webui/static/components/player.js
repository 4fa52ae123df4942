/** Buttons of the player: play and pause, speed, loop. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { rangeText } from "../state/suggestions.js";
import { hintOf } from "../state/keys.js";
import { SPEEDS } from "../state/player.js";
import { Icon } from "./icons.js";
import { leaveFocus } from "./roving.js";

const SPEED_NAMES = { 0.25: "¼×", 0.5: "½×" };

export function PlayButton({ state, dispatch }) {
  const { isPlaying } = state.player;
  const label = isPlaying || state.following ? "Pause" : "Play";
  return html`
    <button
      class="button icon-button play"
      aria-label=${label}
      title="${label} (${hintOf(state.keys, "play")})"
      disabled=${state.selected === null}
      onMouseDown=${leaveFocus}
      onClick=${() => dispatch({ type: "play" })}
    >
      <${Icon} name=${isPlaying ? "pause" : "play"} />
    </button>
  `;
}

export function PlayOptions({ state, dispatch }) {
  const { speed, loop } = state.player;
  const hint = (name) => hintOf(state.keys, name);
  return html`
    <select
      class="input speed"
      aria-label="Speed"
      title="Speed: slower ${hint("slower")}, faster ${hint("faster")}"
      value=${speed}
      onChange=${(event) => {
        dispatch({ type: "speed", speed: Number(event.currentTarget.value) });
        event.currentTarget.blur();
      }}
    >
      ${SPEEDS.map((one) => html`<option key=${one} value=${one}>${SPEED_NAMES[one] ?? `${one}×`}</option>`)}
    </select>
    <button
      class="button icon-button loop"
      aria-label="Loop"
      aria-pressed=${loop !== null}
      title=${loop === null ? `Loop the selection, or the run here (${hint("loop")})` : `Loops ${rangeText({ first: loop[0], last: loop[1] })} (${hint("loop")})`}
      disabled=${state.selected === null}
      onMouseDown=${leaveFocus}
      onClick=${() => dispatch({ type: "loop" })}
    >
      <${Icon} name="loop" />
    </button>
  `;
}
