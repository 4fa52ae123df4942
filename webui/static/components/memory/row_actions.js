/** Actions on the current row of a table of addresses, as buttons with their keys. */
import { html } from "../../vendor/htm-preact/standalone.module.js";
import { shownKey } from "../../state/keys.js";
import { VIEWS } from "../../state/memory/views.js";
import { nameAt } from "../../state/memory/name_index.js";

/**
 * Actions of every table of addresses on a row that has an `address` and a `type`.
 * @returns {{key: string, text: string, act: (row: {address: number, type: string}) => void}[]}
 */
export const addressKeys = (dispatch, names, { own } = {}) =>
  [
    { key: "n", text: "Name", act: (row) => dispatch({ type: "editName", address: row.address, valueType: row.type }) },
    { key: "w", text: "Watch", act: (row) => dispatch({ type: "toggleWatched", address: row.address, valueType: row.type, name: nameAt(names, row.address) }) },
    { key: "h", text: "History", view: "history", act: (row) => dispatch({ type: "address", address: row.address, valueType: row.type, view: "history" }) },
    { key: "g", text: "Hex", view: "hex", act: (row) => dispatch({ type: "address", address: row.address, valueType: row.type, view: "hex" }) },
  ].filter(({ view }) => view === undefined || (view !== own && VIEWS.includes(view)));

/** @param {{row: object | undefined, actions: {key: string, text: string, act: Function, refusal?: string}[], grid: string, hint?: string}} props `grid`: id of the table; `refusal`: why an action cannot be done; `hint`: text shown while no row is the current one */
export function RowActions({ row, actions, grid, hint }) {
  if (row === undefined) return hint && html`<p class="quiet row-actions">${hint}</p>`;
  const act = (action) => {
    action.act(row);
    document.getElementById(grid)?.focus({ preventScroll: true });
  };
  return html`
    <div class="row-actions" role="group" aria-label="Actions on the current row">
      ${actions.map(
        (action) => html`
          <button key=${action.key} class="button" disabled=${Boolean(action.refusal)} title=${action.refusal || undefined} onClick=${() => act(action)}>
            ${action.text} <kbd aria-hidden="true">${shownKey(action.key === "delete" ? "Delete" : action.key)}</kbd>
          </button>
        `,
      )}
    </div>
  `;
}
