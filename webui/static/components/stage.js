/** The selected frame set: its picture large, where it is, what was held, what is known of it. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { count, playTime } from "../state/format.js";
import { lastOf } from "../state/ranges.js";
import { Facts } from "./facts.js";
import { Icon } from "./icon.js";
import { Pad } from "./pad.js";
import { Screen } from "./screen.js";

export function Stage({ state, session, shown, dispatch }) {
  return html`
    <section class="stage" aria-label="Selected frame set">
      <${Screen} shown=${shown} selected=${state.selected} />
      <${Transport} state=${state} session=${session} dispatch=${dispatch} />
      <div class="readings">
        <${Pad} keys=${shown?.keys ?? ""} />
        <${Facts} shown=${shown} events=${state.watched?.events ?? []} />
      </div>
    </section>
  `;
}

function Transport({ state, session, dispatch }) {
  const { selected, following, watched } = state;
  const last = watched === null ? null : lastOf(watched.ranges);
  const behind = last !== null && selected !== null ? last - selected : 0;
  const none = selected === null;
  return html`
    <div class="transport" role="group" aria-label="Move through the session">
      <${Step} name="first" label="First frame set" hint="Home" disabled=${none} onClick=${() => dispatch({ type: "first" })} />
      <${Step} name="previous" label="Previous frame set" hint="←" disabled=${none} onClick=${() => dispatch({ type: "step", by: -1 })} />
      <output class="place" aria-live="off">
        <b>${none ? "–" : count(selected)}</b>
        <span>${none ? "" : playTime(selected * (session?.frames_per_set ?? 5))}</span>
      </output>
      <${Step} name="next" label="Next frame set" hint="→" disabled=${none} onClick=${() => dispatch({ type: "step", by: 1 })} />
      <button
        class="button follow"
        aria-pressed=${following}
        title="Follow live (L)"
        onClick=${() => dispatch({ type: "follow" })}
      >
        <${Icon} name="live" />
        ${following ? (session?.state === "ended" ? "Waiting for live" : "Following live") : "Follow live"}
        ${!following && behind > 0 && html`<span class="behind">${count(behind)} behind</span>`}
        <kbd>L</kbd>
      </button>
    </div>
  `;
}

const Step = ({ name, label, hint, disabled, onClick }) => html`
  <button class="button icon-button" aria-label=${label} title="${label} (${hint})" disabled=${disabled} onClick=${onClick}>
    <${Icon} name=${name} />
  </button>
`;
