/** Dialog of the label set: the values of each field with their counts, names, shortcuts and colours; merging and retiring them. */
import { html, useState } from "../vendor/htm-preact/standalone.module.js";
import { countedSets, formatNumber } from "../state/format.js";
import { isComposing } from "../state/keys.js";
import { FIELD_NAMES, nameOf } from "../state/labels.js";
import { COLOURS, EDITED_FIELDS, valueOf, valueRows } from "../state/label_set.js";
import { looksOf, PALETTE } from "../state/lanes.js";
import { Dialog } from "./dialogs.js";
import { onRovingKey, rovingItem } from "./roving.js";

export function LabelSetDialog({ state, dispatch }) {
  const { watched, labelSet, notice, refusal } = state;
  const { field } = labelSet;
  const rows = watched === null ? [] : valueRows(watched, field);
  return html`
    <${Dialog} name="Values of labels" className="label-set-dialog" dispatch=${dispatch}>
      <h2>Values</h2>
      <p class="quiet">
        Label set <b>${watched?.labelOptions?.label_set ?? ""}</b>, for every game that uses it. Counts and merging are of this session.
      </p>
      <div class="scope" role="radiogroup" aria-label="Field" onKeyDown=${onRovingKey}>
        ${EDITED_FIELDS.map(
          (name) => html`
            <button
              key=${name}
              class="segment"
              role="radio"
              data-field=${name}
              aria-checked=${name === field}
              ...${rovingItem(name === field)}
              onClick=${() => dispatch({ type: "labelSetField", field: name })}
            >
              ${FIELD_NAMES[name]}
            </button>
          `,
        )}
      </div>
      <div class="values">
        <table>
          <thead>
            <tr>
              ${field !== "tags" && html`<th scope="col">Colour</th>`}
              <th scope="col">Name</th>
              ${field !== "tags" && html`<th scope="col">Stored as</th>`}
              <th scope="col" class="number">Sets</th>
              ${field !== "tags" && html`<th scope="col">Alt +</th>`}
              <th scope="col"><span class="off-screen">Merge, retire</span></th>
            </tr>
          </thead>
          <tbody>
            ${rows.map((row) => html`<${ValueRow} key="${field} ${row.value}" state=${state} row=${row} dispatch=${dispatch} />`)}
          </tbody>
        </table>
        ${rows.length === 0 && html`<p class="quiet">No values yet.</p>`}
      </div>
      ${labelSet.from !== "" && html`<${MergeForm} state=${state} rows=${rows} dispatch=${dispatch} />`}
      ${refusal ? html`<p class="warning" role="alert">${refusal}</p>` : html`<p class="quiet" role="status">${notice}</p>`}
    <//>
  `;
}

function ValueRow({ state, row, dispatch }) {
  const { field } = state.labelSet;
  const edit = (parts) => dispatch({ type: "editOption", field, value: row.value, parts });
  const isTag = field === "tags";
  return html`
    <tr data-value=${row.value} data-retired=${row.retired ? "" : undefined}>
      ${!isTag && html`<td><${Colour} state=${state} row=${row} edit=${edit} /></td>`}
      <td class="name">${isTag ? row.label : html`<${TextEdit} label="Name of ${row.label}" text=${row.label} save=${(label) => label !== "" && edit({ label })} />`}</td>
      ${!isTag && html`<td class="mono stored"><span class="ellipsis" title=${row.value}>${row.value}</span></td>`}
      <td class="number">${formatNumber(row.sets)}</td>
      ${!isTag &&
      html`<td><${TextEdit} label="Shortcut of ${row.label}" className="shortcut" longest="1" text=${row.key ?? ""} save=${(key) => edit({ key: key.toLowerCase() })} /></td>`}
      <td class="value-actions">
        <button
          class="button"
          aria-expanded=${state.labelSet.from === row.value}
          disabled=${row.sets === 0}
          onClick=${() => dispatch({ type: "mergeFrom", value: row.value })}
        >
          Merge
        </button>
        ${!isTag && html`<button class="button" onClick=${() => edit({ retired: !row.retired })}>${row.retired ? "Offer again" : "Retire"}</button>`}
      </td>
    </tr>
  `;
}

function Colour({ state, row, edit }) {
  const look = looksOf(state.watched, state.labelSet.field).get(row.value);
  return html`
    <label class="value-colour">
      <i class="swatch" style=${{ background: row.colour ?? look?.fill ?? "transparent" }}></i>
      <select class="input" aria-label="Colour of ${row.label}" value=${row.colour ?? ""} onChange=${(event) => edit({ colour: event.currentTarget.value })}>
        <option value="">Automatic</option>
        ${PALETTE.map((colour, place) => html`<option key=${colour} value=${colour}>${COLOURS[place]}</option>`)}
        ${row.colour !== undefined && !PALETTE.includes(row.colour) && html`<option value=${row.colour}>${row.colour}</option>`}
      </select>
    </label>
  `;
}

/** An input that is saved when it is left, or by Enter. */
function TextEdit({ label, text, save, className = "", longest = 200 }) {
  const [draft, setDraft] = useState(null);
  const onBlur = () => {
    if (draft !== null && draft.trim() !== text) save(draft.trim());
    setDraft(null);
  };
  return html`
    <input
      class="input ${className}"
      aria-label=${label}
      maxlength=${longest}
      spellcheck="false"
      autocomplete="off"
      value=${draft ?? text}
      onInput=${(event) => setDraft(event.currentTarget.value)}
      onBlur=${onBlur}
      onKeyDown=${(event) => event.key === "Enter" && !isComposing(event) && event.currentTarget.blur()}
    />
  `;
}

function MergeForm({ state, rows, dispatch }) {
  const { field, from, into } = state.labelSet;
  const { watched } = state;
  const sets = rows.find(({ value }) => value === from)?.sets ?? 0;
  const target = valueOf(watched, field, into);
  const submit = (event) => {
    event.preventDefault();
    dispatch({ type: "mergeValues", field, from, text: into });
  };
  return html`
    <form class="merge-form" onSubmit=${submit}>
      <label>
        Merge “${nameOf(watched, field, from)}” into
        <input
          class="input"
          list="merge-values"
          spellcheck="false"
          autocomplete="off"
          maxlength="200"
          placeholder="A value, or a new one"
          value=${into}
          onInput=${(event) => dispatch({ type: "mergeInto", text: event.currentTarget.value })}
        />
      </label>
      <datalist id="merge-values">
        ${rows.filter(({ value, retired }) => value !== from && !retired).map(({ value, label }) => html`<option key=${value} value=${label}></option>`)}
      </datalist>
      <button class="button" disabled=${target === "" || target === from}>Relabel ${countedSets(sets)}</button>
      <span class="quiet">One undo takes it back.</span>
    </form>
  `;
}
