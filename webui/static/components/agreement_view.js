/** Agreement of two people's labels, or of two sessions of the same play: by field, and the disagreements run by run. */
import { html } from "../vendor/htm-preact/standalone.module.js";
import { agreementAnswer, comparableSessions, kappaText, shareText } from "../state/agreement.js";
import { formatNumber } from "../state/format.js";
import { FIELD_NAMES, nameOf } from "../state/labels.js";
import { rangeText } from "../state/suggestions.js";
import { Grid } from "./memory/grid.js";
import { RowActions } from "./memory/row_actions.js";

export function AgreementView({ state, dispatch }) {
  const answer = agreementAnswer(state);
  const { problem } = state.agreement;
  return html`
    <${Choice} state=${state} answer=${answer} dispatch=${dispatch} />
    ${problem && html`<p class="warning" role="alert">${problem}</p>`}
    ${answer !== null && answer.compared.length === 2 && html`<${Fields} answer=${answer} />`}
    ${answer?.left_out > 0 && html`<p class="quiet">${formatNumber(answer.left_out)} frame sets are left out: they are not the same in both sessions.</p>`}
    ${answer !== null && html`<${Disagreements} state=${state} answer=${answer} dispatch=${dispatch} />`}
  `;
}

/** The two who are compared, or another session instead. */
function Choice({ state, answer, dispatch }) {
  const { other } = state.agreement;
  const people = answer?.people ?? [];
  const [first, second] = other ? ["", ""] : [0, 1].map((index) => answer?.compared[index] ?? "");
  const sessions = comparableSessions(state);
  /** The same person twice exchanges the two. */
  const choose = (one, two) => dispatch({ type: "compare", ...(one === two ? { first: second, second: first } : { first: one, second: two }) });
  const options = people.map(({ who, sets }) => html`<option key=${who} value=${who}>${nameText(who)} (${formatNumber(sets)})</option>`);
  return html`
    <div class="toolbar agreement-choice">
      ${people.length > 1 &&
      html`
        <select class="input" aria-label="One person" value=${first} onChange=${(event) => choose(event.currentTarget.value, second)}>${options}</select>
        <span class="quiet">and</span>
        <select class="input" aria-label="Another person" value=${second} onChange=${(event) => choose(first, event.currentTarget.value)}>${options}</select>
      `}
      ${sessions.length > 0 &&
      html`
        <select class="input" aria-label="Compare with another session" value=${other} onChange=${(event) => dispatch({ type: "compare", other: event.currentTarget.value })}>
          <option value="">People of this session</option>
          ${sessions.map(({ session_id: name }) => html`<option key=${name} value=${name}>with ${name}</option>`)}
        </select>
      `}
    </div>
  `;
}

function Fields({ answer }) {
  const [one, two] = answer.compared.map(nameText);
  return html`
    <table class="agreement-fields">
      <thead>
        <tr>
          <th scope="col">Label</th>
          <th scope="col" title="Frame sets that both have labelled">Compared</th>
          <th scope="col">Agree</th>
          <th scope="col" title="Cohen’s kappa: 1 where all is the same, 0 where it is as much as chance gives">Kappa</th>
          <th scope="col" title="Frame sets that only ${one} labelled">Only ${one}</th>
          <th scope="col" title="Frame sets that only ${two} labelled">Only ${two}</th>
        </tr>
      </thead>
      <tbody>
        ${answer.fields.map(
          (field) => html`
            <tr key=${field.field}>
              <th scope="row">${FIELD_NAMES[field.field]}</th>
              <td>${formatNumber(field.compared)}</td>
              <td>${shareText(field)}</td>
              <td>${kappaText(field)}</td>
              ${field.only.map((count) => html`<td>${formatNumber(count)}</td>`)}
            </tr>
          `,
        )}
      </tbody>
    </table>
  `;
}

function Disagreements({ state, answer, dispatch }) {
  const rows = answer.disagreements;
  const [one, two] = answer.compared.map(nameText);
  const current = rows.findIndex(({ first, last }) => first <= state.selected && state.selected <= last);
  const go = (row) => dispatch({ type: "select", set: row.first });
  const take = (row) => {
    go(row);
    dispatch({ type: "range", first: row.first, last: row.last });
  };
  const actions = [{ key: "x", text: "Select the run", act: take }];
  const label = (index) => (row) => (row.labels[index] === "" ? html`<span class="quiet">no label</span>` : nameOf(state.watched, row.field, row.labels[index]));
  const columns = [
    { name: "sets", label: "Sets", cell: rangeText },
    { name: "field", label: "Label", cell: ({ field }) => FIELD_NAMES[field] },
    { name: "one", label: one ?? "", cell: label(0) },
    { name: "two", label: two ?? "", cell: label(1) },
  ];
  return html`
    <${Grid}
      id="disagreements"
      label="Disagreements"
      className="agreement-grid"
      columns=${columns}
      count=${rows.length}
      rowAt=${(index) => rows[index]}
      keyOf=${({ first, field }) => `${first} ${field}`}
      current=${current}
      onCurrent=${go}
      onOpen=${take}
      keys=${Object.fromEntries(actions.map(({ key, act }) => [key, act]))}
      empty=${emptyText(answer)}
    />
    ${answer.total > rows.length && html`<p class="quiet">The first ${formatNumber(rows.length)} of ${formatNumber(answer.total)} disagreements.</p>`}
    <${RowActions} row=${rows[current]} actions=${actions} grid="disagreements" />
  `;
}

function emptyText({ compared, people, fields }) {
  if (compared.length === 2) return fields.some((field) => field.compared > 0) ? "They agree in everything that both have labelled." : "No frame set is labelled by both.";
  const who = people.length === 1 ? `Only ${nameText(people[0].who)} has` : "Nobody has";
  return `${who} labelled this session. Let somebody else label the same frame sets under another name.`;
}

const nameText = (who) => who || "(no name)";
