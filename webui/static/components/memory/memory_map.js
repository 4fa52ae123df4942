/** Memory map: every word of all regions as a pixel, with the heat of recent changes and the named places. */
import { html, useLayoutEffect, useMemo, useRef, useState } from "../../vendor/htm-preact/standalone.module.js";
import { hex } from "../../state/changes.js";
import { countedSets } from "../../state/format.js";
import { addressAt, positionOf, regionAt, wordAt } from "../../state/memory/addresses.js";
import { ageAt, isKnown, valueAt } from "../../state/memory/memory_image.js";
import { LEGEND, mapColours, mapLayout, moved, pixelOfWord, wordAtPixel } from "../../state/memory/memory_map.js";
import { nameAt } from "../../state/memory/name_index.js";
import { valueText } from "../../state/memory/value_types.js";
import { useSize } from "../hooks.js";
import { AddressBar } from "./address_bar.js";

/** Colours that stay dark in both themes, as the film strip's. */
const NAMED = "#a78fe6";
const CURSOR = "#e0a044";

const MOVES = {
  ArrowLeft: { columns: -1 },
  ArrowRight: { columns: 1 },
  ArrowUp: { rows: -1 },
  ArrowDown: { rows: 1 },
  PageUp: { rows: -8 },
  PageDown: { rows: 8 },
};

export function MemoryMap(props) {
  const { state, session, memory, dispatch } = props;
  const { names } = state.memory;
  const regions = session?.regions ?? [];
  const [frame, size] = useSize();
  const [hovered, setHovered] = useState(null);
  const ratio = window.devicePixelRatio || 1;
  const layout = useMemo(
    () => mapLayout(regions, Math.floor(size.width * ratio), Math.floor(size.height * ratio)),
    [regions, size.width, size.height, ratio],
  );
  const chosen = state.memory.address;
  const chosenPosition = chosen === null ? null : positionOf(regions, chosen);

  const addressOf = (event) => {
    const box = event.currentTarget.getBoundingClientRect();
    const word = wordAtPixel(layout, (event.clientX - box.left) * ratio, (event.clientY - box.top) * ratio);
    return word === null ? null : addressAt(regions, 4 * word);
  };
  const onClick = (event) => {
    const address = addressOf(event);
    if (address !== null) dispatch({ type: "address", address });
  };
  const onKeyDown = (event) => {
    const move = MOVES[event.key];
    if (move !== undefined && regions.length > 0) {
      const word = chosenPosition === null ? 0 : moved(layout, wordAt(chosenPosition), move);
      dispatch({ type: "address", address: addressAt(regions, 4 * word) });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const pointed = hovered ?? chosen;
  return html`
    <${AddressBar} ...${props} />
    <div
      class="memory-map"
      ref=${frame}
      role="application"
      tabindex="0"
      aria-label="Memory map of ${regions.map((region) => region.name).join(" and ")}: the arrows move the cursor"
      aria-describedby="map-readout"
      onKeyDown=${onKeyDown}
    >
      <div
        class="map-canvases"
        style=${{ width: `${layout.width / ratio}px`, height: `${layout.height / ratio}px` }}
        onPointerMove=${(event) => setHovered(addressOf(event))}
        onPointerLeave=${() => setHovered(null)}
        onClick=${onClick}
      >
        <${Words} layout=${layout} memory=${memory} />
        <${Marks} layout=${layout} regions=${regions} names=${names} word=${chosenPosition === null ? null : wordAt(chosenPosition)} ratio=${ratio} />
      </div>
    </div>
    <p id="map-readout" class="map-readout" role="status">
      ${pointed === null ? html`<span class="quiet">Point at the map, or move through it with the arrows.</span>` : readout({ address: pointed, regions, memory, names, type: state.memory.type })}
    </p>
    <ul class="legend quiet" aria-label="Colours of the map">
      ${LEGEND.map(({ text, colour }) => html`<li key=${text}><i style=${{ background: colour }}></i>${text}</li>`)}
      <li><i class="legend-named"></i>named</li>
    </ul>
  `;
}

function Words({ layout, memory }) {
  const canvas = useRef(null);
  useLayoutEffect(() => {
    if (memory === undefined) return;
    const rows = layout.height / layout.scale;
    canvas.current.width = layout.columns;
    canvas.current.height = rows;
    const pixels = mapColours(layout, memory);
    const image = new ImageData(new Uint8ClampedArray(pixels.buffer), layout.columns, rows);
    canvas.current.getContext("2d").putImageData(image, 0, 0);
    canvas.current.dataset.set = memory.number;
  }, [layout, memory]);
  return html`<canvas class="map-words" ref=${canvas} aria-hidden="true"></canvas>`;
}

/** Outlines of the named places, and the cursor. */
function Marks({ layout, regions, names, word, ratio }) {
  const canvas = useRef(null);
  useLayoutEffect(() => {
    const context = canvas.current.getContext("2d");
    canvas.current.width = layout.width;
    canvas.current.height = layout.height;
    const outline = Math.max(Math.round(ratio), 1);
    const around = (place, margin) => {
      const at = pixelOfWord(layout, place);
      if (at !== null) context.strokeRect(at.x - margin + 0.5, at.y - margin + 0.5, layout.scale + 2 * margin - 1, layout.scale + 2 * margin - 1);
    };
    context.strokeStyle = NAMED;
    context.lineWidth = outline;
    for (const { address } of names) {
      const position = positionOf(regions, address);
      if (position !== null) around(wordAt(position), 1 + outline);
    }
    if (word === null) return;
    context.strokeStyle = CURSOR;
    context.lineWidth = 2 * outline;
    around(word, 4 * outline);
  }, [layout, regions, names, word, ratio]);
  return html`<canvas class="map-marks" ref=${canvas} aria-hidden="true"></canvas>`;
}

function readout({ address, regions, memory, names, type }) {
  const position = positionOf(regions, address);
  const name = nameAt(names, address);
  const age = memory === undefined || position === null ? null : ageAt(memory, position);
  const shownType = name?.type ?? type;
  const shownAt = name === undefined ? position : positionOf(regions, name.address);
  return html`
    <b class="mono">${hex(address)}</b> <span class="quiet">${regionAt(regions, address)?.name}</span>
    ${name && html`<b class="named">${name.name}</b>`}
    ${memory !== undefined &&
    position !== null &&
    (isKnown(memory, position)
      ? html`<span>${shownType} <b>${valueText(valueAt(memory, shownAt, shownType), shownType)}</b></span>
          <span class="quiet">${age === null ? "no change in the last 254 sets" : age === 0 ? "changed now" : `changed ${countedSets(age)} ago`}</span>`
      : html`<span class="quiet">not known</span>`)}
  `;
}
