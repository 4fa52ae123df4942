/** Lanes of the first watched values under the label lanes, on the film strip's own axis; where the window is tall enough. */
import { html } from "../../vendor/htm-preact/standalone.module.js";
import { layoutOf, WATCH_LANE } from "../../state/layout.js";
import { meaningText } from "../../state/memory/name_index.js";
import { numberAt } from "../../state/timeline.js";
import { useWindow } from "../hooks.js";
import { LaneName } from "../lane_name.js";
import { StepCurve } from "./step_curve.js";
import { useWatched } from "./watched_value.js";

const MAX_LANES = 4;

export function WatchLanes(props) {
  const { watchLanes } = layoutOf(useWindow());
  const { state, axis } = props;
  const names = state.memory.names.filter((name) => name.watched).slice(0, Math.min(watchLanes, MAX_LANES));
  if (names.length === 0 || axis.width === 0) return null;
  return html`<div class="watch-lanes">${names.map((name) => html`<${Lane} key=${name.name} ...${props} name=${name} />`)}</div>`;
}

function Lane({ name, axis, left, state, session, memory, client, dispatch }) {
  const first = axis.first + left / axis.perSet;
  const extent = { first, last: first + axis.width / axis.perSet - 1 };
  const { value, steps } = useWatched({ name, state, session, memory, client, extent });
  return html`
    <div class="strip-row watch-lane">
      <${LaneName} lane="watch ${name.name}" name=${name.name} height=${WATCH_LANE} state=${state} dispatch=${dispatch}><b>${meaningText(name, value, name.type)}</b><//>
      <${StepCurve}
        steps=${steps}
        extent=${extent}
        end=${axis.last + 1}
        selected=${state.selected}
        theme=${state.theme}
        hasAxis=${false}
        label="${name.name} from set ${Math.max(numberAt(axis, left), 0)} on"
        onSelect=${(set) => dispatch({ type: "select", set })}
      />
    </div>
  `;
}
