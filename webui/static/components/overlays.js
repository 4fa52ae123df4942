/** Overlays of the page: the open dialog, or the tour. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { Tour } from "./deferred_views.js";
import { KeysDialog, QuestionDialog, StartDialog } from "./dialogs.js";
import { LabelSetDialog } from "./label_set_dialog.js";
import { NameDialog } from "./memory/name_dialog.js";

export const Overlays = ({ state, session, dispatch }) => html`
  ${isTourShown(state) && html`<${Tour} state=${state} dispatch=${dispatch} />`}
  ${state.overlay === "keys" && html`<${KeysDialog} keys=${state.keys} dispatch=${dispatch} />`}
  ${state.overlay === "start" && html`<${StartDialog} link=${state.link} dispatch=${dispatch} />`}
  ${state.overlay === "question" && html`<${QuestionDialog} question=${state.question} dispatch=${dispatch} />`}
  ${state.overlay === "labelSet" && html`<${LabelSetDialog} state=${state} dispatch=${dispatch} />`}
  ${state.overlay === "name" && state.naming.form && html`<${NameDialog} form=${state.naming.form} regions=${session?.regions ?? []} dispatch=${dispatch} />`}
`;

/** True where there is something to show the way through. */
const isTourShown = ({ tour, watched, selected, overlay, grid }) => tour !== null && watched !== null && selected !== null && overlay === null && !grid.isOpen;
