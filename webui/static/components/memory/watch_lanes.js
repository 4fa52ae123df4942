/** Lanes of the first watched values under the label lanes, on the film strip's own axis; where the window is tall enough. */
import { html } from "../../vendor/htm-preact/standalone.module.js";
import { meaningText } from "../../state/memory/name_index.js";
import { numberAt } from "../../state/timeline.js";
import { useMedia } from "../hooks.js";
import { LaneName } from "../lane_name.js";
import { StepCurve } from "./step_curve.js";
import { useWatched } from "./watched_value.js";

/** Windows in which lanes leave room for the picture. */
const TALL = "(min-height: 900px) and (min-width: 840px)";
const MAX_LANES = 4;
/** Height of a lane in px. */
const HEIGHT = 34;

export function WatchLanes(props) {
  const isTall = useMedia(TALL);
  const { state, axis } = props;
  const names = state.memory.names.filter((name) => name.watched).slice(0, MAX_LANES);
  if (!isTall || names.length === 0 || axis.width === 0) return null;
  return html`<div class="watch-lanes">${names.map((name) => html`<${Lane} key=${name.name} ...${props} name=${name} />`)}</div>`;
}

function Lane({ name, axis, left, state, session, memory, client, dispatch }) {
  const first = axis.first + left / axis.perSet;
  const extent = { first, last: first + axis.width / axis.perSet - 1 };
  const { value, steps } = useWatched({ name, state, session, memory, client, extent });
  return html`
    <div class="strip-row watch-lane">
      <${LaneName} lane="watch ${name.name}" name=${name.name} height=${HEIGHT} state=${state} dispatch=${dispatch}><b>${meaningText(name, value, name.type)}</b><//>
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
