/** Finding of a variable: labels that are given on pictures, how certain the answer is, and the candidates that fit them best. */
import { html, useState } from "../../vendor/htm-preact/standalone.module.js";
import { hex } from "../../state/changes.js";
import { formatNumber } from "../../state/format.js";
import { ACTIONS, hintOf } from "../../state/keys.js";
import { FIELD_NAMES, FIELDS } from "../../state/labels.js";
import { AXES, candidatesOf, findingOf, findRequestOf, isFindPending, isLive, labelRows, queryOf, shownCandidate } from "../../state/memory/find_state.js";
import { certaintyInWords, DIRECTIONS, parseReading, UNNAMED } from "../../state/memory/find_words.js";
import { nameAt } from "../../state/memory/name_index.js";
import { KeyHint } from "../icons.js";
import { onRovingKey, rovingItem } from "../roving.js";
import { FoundGrid } from "./found_grid.js";
import { Grid } from "./grid.js";

/** Key of each event, by its action in the file of keys. */
const EVENT_KEYS = { down: "findDown", up: "findUp", changed: "findChanged" };

export function FindView({ state, session, memory, clients, dispatch }) {
  const { problem } = findingOf(state);
  return html`
    <div class="search find">
      <div class="composer">
        <${Entry} key=${state.chosen} state=${state} dispatch=${dispatch} />
        <${Queries} state=${state} dispatch=${dispatch} />
      </div>
      <${Labels} state=${state} dispatch=${dispatch} />
      <${Verdict} state=${state} dispatch=${dispatch} />
      ${problem && html`<p class="warning" role="alert">${problem}</p>`}
      <${FoundGrid} state=${state} session=${session} memory=${memory} client=${clients.memory} dispatch=${dispatch} />
    </div>
  `;
}

/** “At set 300: hp 23”, and keys for what happened now. */
function Entry({ state, dispatch }) {
  const [text, setText] = useState("");
  // The set and whether the game ran when the typing began: the number was seen before it.
  const [begun, setBegun] = useState(null);
  const { keys, selected } = state;
  const live = isLive(state);
  const { name } = queryOf(state);
  const typed = parseReading(text);
  const submit = (event) => {
    event.preventDefault();
    if (typed === null) return;
    dispatch({ type: "findTyped", text, ...(begun?.live && begun) });
    setText("");
    document.getElementById("find-reading").blur();
  };
  const write = (event) => {
    if (text === "") setBegun({ at: selected, live });
    setText(event.currentTarget.value);
  };
  return html`
    <form class="composer-form" onSubmit=${submit}>
      <span class="composer-where">At set <b>${selected === null ? "–" : formatNumber(selected)}</b>${live ? " live" : ""}</span>
      <input
        id="find-reading"
        class="input"
        spellcheck="false"
        autocomplete="off"
        placeholder=${name === "" ? "hp 23" : `${name} 23`}
        aria-label="Name and number on the picture, such as hp 23"
        title="A name and the number on the picture; a number alone is of ${name || "the same"}, a name alone goes there"
        value=${text}
        onInput=${write}
      />
      <button class="button" disabled=${typed === null || selected === null}>Add <kbd aria-hidden="true">↵</kbd></button>
      ${text === "" && html`<${KeyHint} keys=${keys} name="findReading" />`}
      <span class="find-events" role="group" aria-label="It happened at this set">
        <span class="quiet">it</span>
        ${Object.entries(DIRECTIONS).map(
          ([direction, words]) => html`
            <button
              key=${direction}
              type="button"
              class="button"
              disabled=${selected === null}
              title="It ${words} ${live ? "now" : "in this set"} (${hintOf(keys, EVENT_KEYS[direction])})"
              onClick=${() => dispatch({ type: "findEvent", direction })}
            >
              ${words} <${KeyHint} keys=${keys} name=${EVENT_KEYS[direction]} />
            </button>
          `,
        )}
      </span>
    </form>
  `;
}

/** Choice of the query in view, and of the buttons and labels that go with its variable. */
function Queries({ state, dispatch }) {
  const { queries, current } = findingOf(state);
  const query = queryOf(state);
  const choice = (name, value, texts, type, field) => html`
    <select class="input" aria-label=${name} value=${value} onChange=${(event) => dispatch({ type, [field]: event.currentTarget.value })}>
      ${Object.entries(texts).map(([one, text]) => html`<option key=${one} value=${one}>${text}</option>`)}
    </select>
  `;
  const axes = Object.fromEntries(AXES.map((axis) => [axis, `moved by ${axis.replace("/", " and ")}`]));
  const fields = Object.fromEntries(FIELDS.map((field) => [field, `tells ${FIELD_NAMES[field].toLowerCase()}`]));
  return html`
    <div class="composer-row">
      <span class="find-queries" role="radiogroup" aria-label="What is sought" onKeyDown=${onRovingKey}>
        ${queries.map(
          ({ name }, index) => html`
            <button key=${name} class="segment" role="radio" aria-checked=${index === current} ...${rovingItem(index === current)} onClick=${() => dispatch({ type: "findQuery", name })}>
              ${name || "no name yet"}
            </button>
          `,
        )}
      </span>
      ${(queries.length > 1 || query.labels.length > 0 || query.name !== "") &&
      html`<button class="button flat icon-button" aria-label="Remove ${query.name || UNNAMED} and its labels" title="Remove it and its labels" onClick=${() => dispatch({ type: "removeFindQuery" })}>×</button>`}
      <span class="spacer"></span>
      ${choice("Buttons that move it", query.axis, { "": "moved by …", ...axes }, "findAxis", "axis")}
      ${choice("Labels that it tells", query.field, { "": "tells …", ...fields }, "findField", "field")}
    </div>
  `;
}

/** The labels given so far, with what the candidate in view did at each. */
function Labels({ state, dispatch }) {
  const candidate = shownCandidate(state);
  const rows = labelRows(state, candidate);
  if (rows.length === 0) return null;
  const current = rows.findIndex(({ number }) => number === state.selected);
  const go = (row) => dispatch({ type: "select", set: row.number });
  const remove = (row) => dispatch({ type: "removeFindLabel", text: row.text });
  const columns = [
    { name: "set", label: "Set", cell: (row) => formatNumber(row.number) },
    { name: "label", label: queryOf(state).name || "It", cell: (row) => row.words },
    { name: "when", label: html`<span class="off-screen">Given live</span>`, cell: (row) => (row.isLive ? "live" : "") },
    {
      name: "fits",
      label: candidate === undefined ? "Fits" : `At ${hex(candidate.address)}`,
      cell: (row) => html`<span title=${row.reason}>${row.fits === false ? "✗ " : row.fits ? "✓ " : ""}${row.reason}${row.fits === false ? ": looks wrong" : ""}</span>`,
    },
    {
      name: "remove",
      label: html`<span class="off-screen">Remove</span>`,
      cell: (row) => html`<button class="chip-button" tabindex="-1" aria-label="Remove the label at set ${row.number}" onClick=${(event) => (event.stopPropagation(), remove(row))}>×</button>`,
    },
  ];
  return html`
    <${Grid}
      id="find-labels"
      label="Labels of ${queryOf(state).name || UNNAMED}"
      className="find-labels"
      columns=${columns}
      count=${rows.length}
      rowAt=${(index) => rows[index]}
      keyOf=${(row) => row.text}
      current=${current}
      onCurrent=${go}
      rowData=${(row) => ({ "data-wrong": row.fits === false ? "" : undefined })}
      keys=${{ delete: remove, backspace: remove }}
    />
  `;
}

/** Certainty in words, the picture to look at next, and the buttons that end it. */
function Verdict({ state, dispatch }) {
  const { answer } = findingOf(state);
  const { keys, memory } = state;
  if (findRequestOf(state) === null) return null;
  const isPending = isFindPending(state);
  const candidates = candidatesOf(state);
  const certainty = candidates[0]?.verdict === "source" ? "certain" : answer?.certainty;
  const candidate = shownCandidate(state);
  const name = candidate && nameAt(memory.names, candidate.address);
  const query = queryOf(state);
  return html`
    <div class="search-bar find-verdict" data-pending=${isPending ? "" : undefined}>
      <output aria-live="polite">
        ${answer === null ? html`<span class="quiet">${isPending ? "Searching" : ""}</span>` : html`<b data-certainty=${certainty} title="Of ${formatNumber(answer.considered)} candidates">${certaintyInWords(answer, candidates)}</b>`}
      </output>
      <span class="spacer"></span>
      ${answer !== null &&
      answer.ask !== null &&
      html`
        <button class="button" title="The picture on which the best candidates differ most: what stands there?" onClick=${() => dispatch(ACTIONS.findAsked.action)}>
          Look at set ${formatNumber(answer.ask)} <${KeyHint} keys=${keys} name="findAsked" />
        </button>
      `}
      <button class="button primary" disabled=${candidate === undefined} title=${candidate && `Name ${hex(candidate.address)}`} onClick=${() => dispatch(ACTIONS.findAccept.action)}>
        ${name !== undefined && name.name === query.name ? "Accepted" : `Accept${query.name ? ` as ${query.name}` : ""}`} <${KeyHint} keys=${keys} name="findAccept" />
      </button>
    </div>
    ${answer?.problems.length > 0 && html`<p class="quiet find-problems" title=${answer.problems.join("\n")}>${answer.problems.join(" ")}</p>`}
  `;
}
