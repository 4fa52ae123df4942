/** Rows of controls that make filters from what a person knows about the current set and the selected stretch. */
import { html, useState } from "../../vendor/htm-preact/standalone.module.js";
import { hex } from "../../state/changes.js";
import { formatNumber } from "../../state/format.js";
import { hintOf, isComposing } from "../../state/keys.js";
import { FIELD_NAMES, nameOf, valuesIn } from "../../state/labels.js";
import {
  comparisonFilter,
  COMPARISONS,
  COUNTED_COURSES,
  countedFilter,
  courseFilter,
  COURSES,
  fellToZero,
  heldFilter,
  labelChoices,
  labelledFilter,
  otherEndsFilter,
  sameEndsFilter,
  togetherFilter,
} from "../../state/memory/filters.js";
import { searchOf, stretchOf } from "../../state/memory/search_state.js";
import { CONSOLE } from "../../state/console.js";
import { KeyHint } from "../icons.js";
import { Menu } from "../menu.js";

/** Words of the buttons, short. */
const BUTTONS = { ...COURSES, same: "stayed" };

/** Key of each course, by its action in the file of keys. */
const COURSE_KEYS = { fell: "searchFell", rose: "searchRose", changed: "searchChanged", same: "searchSame" };

export function FilterComposer({ state, dispatch }) {
  const add = (...texts) => dispatch({ type: "addFilters", texts });
  const stretch = stretchOf(state);
  return html`
    <div class="composer">
      <div class="composer-row">
        <${Here} state=${state} add=${add} />
        <span class="spacer"></span>
        <${Menu} label="More" title="Other things that you may know">
          <${More} state=${state} stretch=${stretch} add=${add} />
        <//>
      </div>
      <${Course} state=${state} stretch=${stretch} add=${add} dispatch=${dispatch} />
    </div>
  `;
}

/** “Here, at set 300, it is 23”. */
function Here({ state, add }) {
  const [comparison, setComparison] = useState("=");
  const [numbers, setNumbers] = useState(["", ""]);
  const made = state.selected === null ? null : comparisonFilter(comparison, numbers, state.selected);
  const submit = (event) => {
    event.preventDefault();
    if (made === null) return;
    add(made);
    setNumbers(["", ""]);
  };
  const number = (place, id, label) => html`
    <input
      id=${id}
      class="input number"
      inputmode="decimal"
      autocomplete="off"
      spellcheck="false"
      placeholder="number"
      aria-label=${label}
      value=${numbers[place]}
      onInput=${(event) => setNumbers(numbers.map((text, index) => (index === place ? event.currentTarget.value : text)))}
    />
  `;
  return html`
    <form class="composer-form" onSubmit=${submit}>
      <span class="composer-where">Here, at set <b>${state.selected === null ? "–" : formatNumber(state.selected)}</b>,</span>
      <select class="input" aria-label="Comparison" value=${comparison} onChange=${(event) => setComparison(event.currentTarget.value)}>
        ${Object.entries(COMPARISONS).map(([sign, words]) => html`<option key=${sign} value=${sign}>${words}</option>`)}
      </select>
      ${number(0, "search-number", comparison === "between" ? "Smallest number" : "Number")}
      ${comparison === "between" && html`<span>and</span> ${number(1, "search-number-2", "Largest number")}`}
      <button class="button" disabled=${made === null}>Add <kbd aria-hidden="true">↵</kbd></button>
      ${numbers[0] === "" && html`<${KeyHint} keys=${state.keys} name="searchNumber" />`}
    </form>
  `;
}

/** “From set 300 to 700 it fell”: from the start, the selection, or the last filter's moment. */
function Course({ state, stretch, add, dispatch }) {
  const { keys, selected } = state;
  const start = html`
    <button class="button" disabled=${selected === null} title="Take the current set as the start of what happened" onClick=${() => dispatch({ type: "searchStart" })}>
      Start here <${KeyHint} keys=${keys} name="searchStart" />
    </button>
  `;
  if (stretch === null) {
    return html`
      <div class="composer-row">
        <span class="composer-where">Over time:</span> ${start}
        <span class="quiet">${searchOf(state).start === null ? "then go to another set, or select sets in the strip" : "and now go to another set"}</span>
      </div>
    `;
  }
  return html`
    <div class="composer-row">
      <span class="composer-where">From <b>${formatNumber(stretch[0])}</b> to <b>${formatNumber(stretch[1])}</b> it</span>
      ${Object.entries(COURSES).map(
        ([name, words]) => html`
          <button key=${name} class="button" title="It ${words} (${hintOf(keys, COURSE_KEYS[name])})" onClick=${() => add(courseFilter(name, stretch))}>${BUTTONS[name]} <${KeyHint} keys=${keys} name=${COURSE_KEYS[name]} /></button>
        `,
      )}
      <button class="button" title="It is 0 at the end and more at the start, and it fell in few steps: the health of something that died" onClick=${() => add(...fellToZero(stretch))}>fell to 0</button>
      ${start}
    </div>
  `;
}

/** Rarer filters: amounts, frequency, buttons, labels, other addresses. */
function More({ state, stretch, add }) {
  const choices = state.watched === null ? [] : labelChoices(state.watched.labels, valuesIn);
  const { address } = state.memory;
  return html`
    ${stretch !== null &&
    html`
      <section class="menu-part">
        <p class="caption">From ${formatNumber(stretch[0])} to ${formatNumber(stretch[1])}</p>
        <${Counted} stretch=${stretch} add=${add} />
        <button class="button" onClick=${() => add(sameEndsFilter(stretch))}>It is the same number at both ends</button>
        <button class="button" onClick=${() => add(otherEndsFilter(stretch))}>It is another number at the end</button>
      </section>
    `}
    <section class="menu-part">
      <p class="caption">It changed only</p>
      <${Choice} label="while … was held" name="Only while a button was held" add=${add}>
        ${CONSOLE.buttons.map((button) => html`<option key=${button} value=${heldFilter(button)}>${button}</option>`)}
        <option value=${heldFilter("None")}>no button</option>
      <//>
      ${choices.length > 0 &&
      html`
        <${Choice} label="in sets labelled …" name="Only in sets with a label" add=${add}>
          ${choices.map(
            ({ field, values }) => html`
              <optgroup key=${field} label=${FIELD_NAMES[field]}>
                ${values.map((value) => html`<option key=${value} value=${labelledFilter(field, value)}>${nameOf(state.watched, field, value)}</option>`)}
              </optgroup>
            `,
          )}
        <//>
      `}
    </section>
    ${address !== null &&
    html`
      <section class="menu-part">
        <p class="caption">Another address</p>
        <button class="button" onClick=${() => add(togetherFilter(hex(address)))}>It changed whenever <span class="mono">${hex(address)}</span> changed</button>
      </section>
    `}
  `;
}

/** “it changed by 3”, “it changed at least 4 times”. */
function Counted({ stretch, add }) {
  const [course, setCourse] = useState("changed by");
  const [number, setNumber] = useState("");
  const made = countedFilter(course, number, stretch);
  const submit = (event) => {
    event.preventDefault();
    if (made === null) return;
    add(made);
    setNumber("");
  };
  return html`
    <form class="composer-form" onSubmit=${submit}>
      <select class="input" aria-label="How much it changed" value=${course} onChange=${(event) => setCourse(event.currentTarget.value)}>
        ${Object.entries(COUNTED_COURSES).map(([name, { words }]) => html`<option key=${name} value=${name}>${words}</option>`)}
      </select>
      <input
        class="input number"
        inputmode="decimal"
        autocomplete="off"
        aria-label="How much, or how often"
        placeholder="number"
        value=${number}
        onInput=${(event) => setNumber(event.currentTarget.value)}
      />
      ${COUNTED_COURSES[course].after && html`<span>${COUNTED_COURSES[course].after}</span>`}
      <button class="button" disabled=${made === null}>Add</button>
    </form>
  `;
}

/** A list whose choice becomes a filter at once. */
const Choice = ({ label, name, add, children }) => html`
  <select
    class="input"
    aria-label=${name}
    onChange=${(event) => {
      const { value } = event.currentTarget;
      event.currentTarget.value = "";
      if (value !== "") add(value);
    }}
  >
    <option value="">${label}</option>
    ${children}
  </select>
`;
