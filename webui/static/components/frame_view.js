/** The selected frame set: its picture large, and where it is. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { count, playTime } from "../state/format.js";
import { hintOf } from "../state/keys.js";
import { lastOf } from "../state/ranges.js";
import { Hint } from "./hint.js";
import { Icon } from "./icons.js";
import { Screen } from "./screen.js";

export function Stage({ state, session, shown, dispatch }) {
  return html`
    <section class="stage" aria-label="Selected frame set">
      <${Screen} shown=${shown} selected=${state.selected} />
      <${Transport} state=${state} session=${session} dispatch=${dispatch} />
    </section>
  `;
}

const FOLLOW = { true: { true: "Waiting for live", false: "To the end" }, false: { true: "Following live", false: "Follow live" } };

function Transport({ state, session, dispatch }) {
  const { selected, following, watched } = state;
  const last = watched === null ? null : lastOf(watched.ranges);
  const behind = last !== null && selected !== null ? last - selected : 0;
  const none = selected === null;
  const hint = (name) => hintOf(state.keys, name);
  return html`
    <div class="transport" role="group" aria-label="Move through the session">
      <${Step} name="first" label="First frame set" hint=${hint("first")} disabled=${none} onClick=${() => dispatch({ type: "first" })} />
      <${Step} name="previous" label="Previous frame set" hint=${hint("previous")} disabled=${none} onClick=${() => dispatch({ type: "step", by: -1 })} />
      <output class="place" aria-live="off">
        <b>${none ? "–" : count(selected)}</b>
        <span>${none ? "" : playTime(selected * (session?.frames_per_set ?? 5))}</span>
      </output>
      <${Step} name="next" label="Next frame set" hint=${hint("next")} disabled=${none} onClick=${() => dispatch({ type: "step", by: 1 })} />
      <button
        class="button follow"
        aria-pressed=${following}
        title="Follow live (${hint("follow")})"
        onClick=${() => dispatch({ type: "follow" })}
      >
        <${Icon} name="live" />
        ${FOLLOW[session?.state === "ended"][following]}
        ${!following && behind > 0 && html`<span class="behind">${count(behind)} behind</span>`}
        <${Hint} keys=${state.keys} name="follow" />
      </button>
    </div>
  `;
}

const Step = ({ name, label, hint, disabled, onClick }) => html`
  <button class="button icon-button" aria-label=${label} title="${label} (${hint})" disabled=${disabled} onClick=${onClick}>
    <${Icon} name=${name} />
  </button>
`;
