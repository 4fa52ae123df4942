/** Transport: the buttons that move through the session, joined to the picture. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { countedSets, formatNumber, playTime } from "../state/format.js";
import { hintOf } from "../state/keys.js";
import { lastOf } from "../state/ranges.js";
import { framesPerSet } from "../state/selectors.js";
import { Icon, KeyHint } from "./icons.js";
import { PlayButton, PlayOptions } from "./player.js";
import { leaveFocus } from "./roving.js";

export function Transport({ state, session, dispatch }) {
  const { selected, following, watched } = state;
  const last = watched === null ? null : lastOf(watched.ranges);
  const behind = last !== null && selected !== null ? last - selected : 0;
  const isEmpty = selected === null;
  const isEnded = session?.state === "ended";
  const hint = (name) => hintOf(state.keys, name);
  return html`
    <div class="transport" role="group" aria-label="Move through the session">
      <${Step} name="first" label="First frame set" hint=${hint("first")} disabled=${isEmpty} onClick=${() => dispatch({ type: "first" })} />
      <${Step} name="previous" label="Previous frame set" hint=${hint("previous")} disabled=${isEmpty} onClick=${() => dispatch({ type: "step", by: -1 })} />
      <${PlayButton} state=${state} dispatch=${dispatch} />
      <${Step} name="next" label="Next frame set" hint=${hint("next")} disabled=${isEmpty} onClick=${() => dispatch({ type: "step", by: 1 })} />
      <output class="place" aria-live="off">
        <span>Set <b>${isEmpty ? "–" : formatNumber(selected)}</b></span>
        <span>${isEmpty ? "" : playTime(selected * framesPerSet(session))}</span>
      </output>
      <${PlayOptions} state=${state} dispatch=${dispatch} />
      <button
        class="button follow"
        aria-pressed=${following}
        title="${followTitle(isEnded, following)} (${hint("follow")})"
        onMouseDown=${leaveFocus}
        onClick=${() => dispatch({ type: "follow" })}
      >
        <${Icon} name="live" />
        ${followText(isEnded, following)}
        ${!following && behind > 0 && html`<span class="behind">${countedSets(behind)} ${isEnded ? "before it" : "behind"}</span>`}
        <${KeyHint} keys=${state.keys} name="follow" />
      </button>
      <button class="button" disabled=${isEmpty} title="Grid of frame sets (${hint("grid")})" onClick=${() => dispatch({ type: "toggleGrid" })}>
        Grid <${KeyHint} keys=${state.keys} name="grid" />
      </button>
    </div>
  `;
}

function followText(isEnded, following) {
  if (isEnded) return following ? "At the end" : "To the end";
  return following ? "Following live" : "Follow live";
}

function followTitle(isEnded, following) {
  if (!isEnded) return "Follow live";
  return following ? "The next session opens here when it starts" : "To the end of the session";
}

const Step = ({ name, label, hint, disabled, onClick }) => html`
  <button class="button icon-button" aria-label=${label} title="${label} (${hint})" disabled=${disabled} onMouseDown=${leaveFocus} onClick=${onClick}>
    <${Icon} name=${name} />
  </button>
`;
