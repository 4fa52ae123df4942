/** Memory map: every word of all regions as a pixel, with the heat of recent changes and the named places. */
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from "../../vendor/htm-preact/standalone.module.js";
import { formatNumber } from "../../state/format.js";
import { addressAt, positionOf, wordAt } from "../../state/memory/addresses.js";
import { ageAt } from "../../state/memory/memory_image.js";
import { detailLayout, LEGEND, mapColours, mapLayout, mapSummary, moved, pixelOfWord, SECOND_SETS, wordAtPixel } from "../../state/memory/memory_map.js";
import { useSize } from "../hooks.js";
import { AddressBar } from "./address_bar.js";
import { Readout } from "./readout.js";

/** Colours that stay dark in both themes, as the film strip's. */
const NAMED = "#a78fe6";
const CURSOR = "#e0a044";

/** Named places that are listed for screen readers. */
const MAX_CHANGED = 20;

const MOVES = {
  ArrowLeft: { columns: -1 },
  ArrowRight: { columns: 1 },
  ArrowUp: { rows: -1 },
  ArrowDown: { rows: 1 },
  PageUp: { rows: -8 },
  PageDown: { rows: 8 },
};

/** Height of the magnified part below the map in px, its words in a row, and the largest size of one of them in px. */
const DETAIL = 112;
const DETAIL_COLUMNS = 64;
const DETAIL_WORD = 12;

export function MemoryMap(props) {
  const { state, session, memory, dispatch } = props;
  const { names } = state.memory;
  const regions = session?.regions ?? [];
  const [frame, size] = useSize();
  const [hovered, setHovered] = useState(null);
  const ratio = window.devicePixelRatio || 1;
  const layout = useMemo(
    () => mapLayout(regions, Math.floor(size.width * ratio), Math.floor((size.height - DETAIL) * ratio)),
    [regions, size.width, size.height, ratio],
  );
  const chosen = state.memory.address;
  const chosenPosition = chosen === null ? null : positionOf(regions, chosen);
  const chosenWord = chosenPosition === null ? null : wordAt(chosenPosition);
  const detail = useMemo(
    () => detailLayout(layout, chosenWord ?? 0, { columns: DETAIL_COLUMNS, width: Math.floor(size.width * ratio), height: Math.floor((DETAIL - 8) * ratio), largest: DETAIL_WORD * ratio }),
    [layout, chosenWord, size.width, ratio],
  );

  // The readout follows the pointer until another address is chosen.
  useEffect(() => setHovered(null), [chosen]);

  const addressOf = (event, shown) => {
    const box = event.currentTarget.getBoundingClientRect();
    const word = wordAtPixel(shown, (event.clientX - box.left) * ratio, (event.clientY - box.top) * ratio);
    return word === null ? null : addressAt(regions, 4 * word);
  };
  const choose = (address, view) => address !== null && dispatch({ type: "address", address, view });
  const canvasesOf = (shown, onChoose) => html`
    <div
      class="map-canvases"
      style=${{ width: `${shown.width / ratio}px`, height: `${shown.height / ratio}px` }}
      onPointerMove=${(event) => setHovered(addressOf(event, shown))}
      onPointerLeave=${() => setHovered(null)}
      onClick=${(event) => onChoose(addressOf(event, shown))}
    >
      <${Words} layout=${shown} memory=${memory} />
      <${Marks} layout=${shown} regions=${regions} names=${names} word=${chosenWord} ratio=${ratio} />
    </div>
  `;
  const onKeyDown = (event) => {
    const move = MOVES[event.key];
    if (event.key === "Enter" && chosen !== null) dispatch({ type: "address", address: chosen, view: "hex" });
    else if (move !== undefined && regions.length > 0) {
      const word = chosenWord === null ? 0 : moved(layout, chosenWord, move);
      dispatch({ type: "address", address: addressAt(regions, 4 * word) });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return html`
    <${AddressBar} ...${props} />
    <div
      class="memory-map"
      ref=${frame}
      role="application"
      tabindex="0"
      aria-label="Memory map of ${regions.map((region) => region.name).join(" and ")}: the arrows move the cursor, Enter shows the address in hex"
      aria-describedby="map-readout"
      onKeyDown=${onKeyDown}
    >
      ${canvasesOf(layout, (address) => choose(address))}
      ${detail !== null && canvasesOf(detail, (address) => choose(address, "hex"))}
    </div>
    <${Readout}
      id="map-readout"
      hint="Click a place to magnify it, or move with the arrows."
      address=${hovered ?? chosen}
      regions=${regions}
      memory=${memory}
      names=${names}
      type=${state.memory.type}
    />
    ${memory !== undefined && html`<${InNumbers} layout=${layout} memory=${memory} regions=${regions} names=${names} />`}
    <ul class="legend quiet" aria-label="Colours of the map">
      ${LEGEND.map(({ text, colour }) => html`<li key=${text}><i style=${{ background: colour }}></i>${text}</li>`)}
      <li><i class="legend-named"></i>named</li>
    </ul>
  `;
}

/** The map for screen readers. */
function InNumbers({ layout, memory, regions, names }) {
  const summary = useMemo(() => mapSummary(layout, memory), [layout, memory]);
  const changed = names.filter(({ address }) => {
    const position = positionOf(regions, address);
    const age = position === null ? null : ageAt(memory, position);
    return age !== null && age < SECOND_SETS;
  });
  return html`
    <div class="off-screen">
      <table>
        <caption>Memory after frame set ${formatNumber(memory.number)}</caption>
        <thead>
          <tr>
            <th scope="col">Region</th>
            <th scope="col">Words</th>
            <th scope="col">Changed in the last second</th>
            <th scope="col">Not known</th>
          </tr>
        </thead>
        <tbody>
          ${summary.map(
            (region) => html`
              <tr key=${region.name}>
                <th scope="row">${region.name}</th>
                <td>${formatNumber(region.words)}</td>
                <td>${formatNumber(region.changed)}</td>
                <td>${formatNumber(region.unknown)}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
      <p>Named places that changed in the last second: ${changed.slice(0, MAX_CHANGED).map(({ name }) => name).join(", ") || "none"}.</p>
    </div>
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
    context.globalAlpha = layout.scale > 4 * ratio ? 1 : 0.5;
    for (const { address } of names) {
      const position = positionOf(regions, address);
      if (position !== null) around(wordAt(position), layout.scale > 4 * ratio ? 0 : outline);
    }
    context.globalAlpha = 1;
    if (word === null) return;
    context.strokeStyle = CURSOR;
    context.lineWidth = 2 * outline;
    around(word, layout.scale > 4 * ratio ? outline : 4 * outline);
  }, [layout, regions, names, word, ratio]);
  return html`<canvas class="map-marks" ref=${canvas} aria-hidden="true"></canvas>`;
}
