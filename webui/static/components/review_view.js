/** Review of labels: those that memory suggests or contradicts, or the agreement of two people. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { countedSets, formatNumber } from "../state/format.js";
import { ACTIONS } from "../state/keys.js";
import { FIELD_NAMES, FIELDS, nameOf } from "../state/labels.js";
import { openSuggestions, rangeText, reviewRows, suggestionsOf } from "../state/suggestions.js";
import { AgreementView } from "./agreement_view.js";
import { KeyHint } from "./icons.js";
import { CommandStatus } from "./label_controls.js";
import { Grid } from "./memory/grid.js";
import { RowActions } from "./memory/row_actions.js";
import { SuggestionHere } from "./suggestion_here.js";

export function ReviewView({ state, dispatch }) {
  if (state.watched === null) return null;
  const { isShown } = state.agreement;
  const choice = (text, shows) => html`
    <button class="segment" aria-pressed=${isShown === shows} onClick=${() => dispatch({ type: "showAgreement", isShown: shows })}>${text}</button>
  `;
  return html`
    <div class="review">
      <div class="statuses review-choice" role="group" aria-label="Review">${choice("Suggestions", false)} ${choice("Agreement", true)}</div>
      ${isShown ? html`<${AgreementView} state=${state} dispatch=${dispatch} />` : html`<${Suggestions} state=${state} dispatch=${dispatch} />`}
      <${CommandStatus} state=${state} />
    </div>
  `;
}

/** Suggestions, by what they are told, and labels that memory contradicts. */
function Suggestions({ state, dispatch }) {
  const { field, problem, note, isAwaited } = suggestionsOf(state);
  const rows = reviewRows(state);
  const current = rows.findIndex(({ first, last }) => first <= state.selected && state.selected <= last);
  const go = (row) => dispatch({ type: "select", set: row.first });
  const settle = (row, type) => {
    const next = rows[current + 1] ?? rows[current - 1];
    dispatch({ type, row });
    if (next !== undefined) go(next);
  };
  const actions = [
    { key: "t", text: "Take", act: (row) => settle(row, "takeRow") },
    { key: "k", text: "Leave it", act: (row) => settle(row, "keepRow") },
  ];
  const columns = [
    { name: "sets", label: "Sets", cell: rangeText },
    { name: "label", label: "Label", cell: ({ label }) => (label === undefined ? "" : nameOf(state.watched, field, label)) },
    { name: "value", label: "Suggested", cell: ({ value }) => nameOf(state.watched, field, value) },
    { name: "sure", label: "Sure", cell: ({ confidence }) => (confidence === undefined ? "" : `${Math.round(100 * confidence)} %`) },
    { name: "reason", label: "Because", cell: ({ reason }) => html`<span title=${reason}>${reason}</span>` },
  ];
  return html`
    <${Bar} state=${state} dispatch=${dispatch} />
    ${problem && html`<p class="warning" role="alert">${problem}</p>`}
    <${SuggestionHere} state=${state} dispatch=${dispatch} />
    <${Grid}
      id="review"
      label="Suggestions and doubts"
      className="review-grid"
      columns=${columns}
      count=${rows.length}
      rowAt=${(index) => rows[index]}
      keyOf=${({ first, label }) => `${first} ${label}`}
      current=${current}
      onCurrent=${go}
      onOpen=${go}
      rowData=${({ label }) => ({ "data-doubt": label === undefined ? undefined : "" })}
      keys=${Object.fromEntries(actions.map(({ key, act }) => [key, act]))}
      empty=${emptyText(field, note, isAwaited, problem)}
    />
    <${RowActions} row=${rows[current]} actions=${actions} grid="review" />
  `;
}

/** Reason for which there is no row; empty where a problem says it. */
function emptyText(field, note, isAwaited, problem) {
  if (field === "") return "Label some sets of each kind, then choose above what is to be suggested for the others.";
  if (isAwaited) return "Comparing labels and memory …";
  return problem ? "" : note || "Nothing to review.";
}

/** Field for which labels are suggested, what tells it, and commands for all of it. */
function Bar({ state, dispatch }) {
  const { field, toldBy } = suggestionsOf(state);
  const open = openSuggestions(state);
  const sets = open.reduce((sum, one) => sum + one.sets, 0);
  return html`
    <div class="toolbar">
      <select class="input" aria-label="Suggest labels of" value=${field} onChange=${(event) => dispatch({ type: "suggestField", field: event.currentTarget.value })}>
        <option value="">Suggest …</option>
        ${FIELDS.map((name) => html`<option key=${name} value=${name}>${FIELD_NAMES[name]}</option>`)}
      </select>
      ${toldBy.length > 0 &&
      html`
        <span class="quiet">told by</span>
        ${toldBy.map(
          (address) => html`
            <button key=${address} class="button mono" title="Show its history" onClick=${() => dispatch({ type: "address", address: parseInt(address, 16), valueType: "u8", view: "history" })}>
              ${address}
            </button>
          `,
        )}
      `}
      <span class="spacer"></span>
      <button class="button" disabled=${open.length === 0} title="In ${formatNumber(open.length)} ${open.length === 1 ? "run" : "runs"}; Undo takes them back" onClick=${() => dispatch({ type: "takeSuggestions" })}>
        ${open.length === 0 ? "Take all" : `Take all ${countedSets(sets)}`}
      </button>
      <button class="button" title="Move the ends of the selected run, or of all runs, to the change of memory that they mean" onClick=${() => dispatch(ACTIONS.snap.action)}>
        Snap ends <${KeyHint} keys=${state.keys} name="snap" />
      </button>
    </div>
  `;
}
