/** Film strip: overview, events, thumbnails, lanes and filter along one virtual time axis, right of a gutter of names. */
import { html, useLayoutEffect, useRef, useState } from "../vendor/htm-preact/standalone.module.js";
import { screenshotUrl } from "../link/frame_set_cache.js";
import { cellTime, clockSeconds, formatNumber, countedSets, playTime, words } from "../state/format.js";
import { hintOf } from "../state/keys.js";
import { atOrAfter, countOf, firstOf, lastOf } from "../state/ranges.js";
import { eventTone, framesPerSet } from "../state/selectors.js";
import { filteredSets, isFiltering } from "../state/set_filter.js";
import { axisOf, cellsOf, leftOf, marksOf, numberAt, reveal, scenesOf, scrollFor, STEPS, wheelWay, xOf } from "../state/timeline.js";
import { WatchLanes } from "./deferred_views.js";
import { FilterBar } from "./filter_bar.js";
import { useSize } from "./hooks.js";
import { Icon } from "./icons.js";
import { Lanes } from "./lanes.js";
import { Overview } from "./overview.js";

/** With reduced motion the strip scrolls by whole cells. */
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
/** Most px, hardly an edge, that may be out of sight where nothing has to be scrolled for. */
const HIDDEN_AT_MOST = 4;
const endOfCell = (number, step) => Math.floor(number / step) * step + step - 1;

export function FilmStrip({ state, session, memory, clients, dispatch }) {
  const [frame, size] = useSize();
  const scroller = useRef(null);
  /** The position that the page scrolled to itself, and the set and zoom that it was for. */
  const own = useRef({ scrollLeft: 0, selected: null, step: state.step });
  const [scrollLeft, setScrollLeft] = useState(0);

  const { watched, selected, following, step } = state;
  const { loop } = state.player;
  const ranges = watched?.ranges ?? [];
  const frames = framesPerSet(session);
  const last = lastOf(ranges) ?? -1;
  const axis = axisOf({ first: firstOf(ranges) ?? 0, last: reducedMotion.matches ? endOfCell(last, step) : last, step, width: size.width });
  const left = leftOf(axis, Math.min(scrollLeft, Math.max(axis.scroll - axis.width, 0)));
  const events = watched?.events ?? [];
  const scenes = watched === null ? [] : scenesOf(watched.labels.context, watched.labels.scene, events);

  const scrollTo = (to) => {
    scroller.current.scrollLeft = to;
    own.current.scrollLeft = scroller.current.scrollLeft;
    setScrollLeft(scroller.current.scrollLeft);
  };

  useLayoutEffect(() => {
    if (size.width === 0 || ranges.length === 0) return;
    const moved = selected !== own.current.selected || step !== own.current.step;
    own.current.selected = selected;
    own.current.step = step;
    if (following) scrollTo(axis.scroll);
    else if (moved && selected !== null) scrollTo(reveal(axis, selected, scroller.current.scrollLeft));
  }, [following, selected, step, axis.scroll, size.width, watched?.session]);

  const visible = { first: numberAt(axis, left), last: Math.max(Math.min(numberAt(axis, left + size.width - 1), last), 0) };
  const isExtentShown = state.memory.view === "watch";
  useLayoutEffect(() => {
    if (size.width > 0 && isExtentShown) dispatch({ type: "extent", ...visible });
  }, [visible.first, visible.last, size.width, isExtentShown]);

  const onScroll = (event) => {
    const at = event.currentTarget.scrollLeft;
    setScrollLeft(at);
    if (Math.abs(at - own.current.scrollLeft) > 2) {
      own.current.scrollLeft = at;
      dispatch({ type: "scrolled" });
    }
  };
  /** The wheel goes along time, over pictures and lanes, unless lanes or page have to scroll up and down. */
  const onWheel = (event) => {
    const lanes = event.target.closest(".lanes");
    const isOverTime = lanes !== null || frame.current.contains(event.target);
    const mustScroll = [lanes, document.documentElement].some((box) => box !== null && box.scrollHeight - box.clientHeight > HIDDEN_AT_MOST);
    const way = wheelWay(event, axis);
    if (!isOverTime || mustScroll || way === 0) return;
    event.preventDefault();
    scrollTo(scrollFor(axis, left + way));
    dispatch({ type: "scrolled" });
  };
  const filtered = watched !== null && isFiltering(state.filter) ? filteredSets(state) : null;
  const setAt = (event) => numberAt(axis, left + event.clientX - frame.current.getBoundingClientRect().left);
  const select = (event) => dispatch({ type: "select", set: setAt(event), extending: event.shiftKey });
  const scrub = {
    onPointerDown(event) {
      event.currentTarget.setPointerCapture(event.pointerId);
      select(event);
    },
    onPointerMove: (event) => event.currentTarget.hasPointerCapture(event.pointerId) && select(event),
  };

  return html`
    <section class="strip" aria-label="Film strip" onWheel=${onWheel}>
      <div class="strip-row strip-bar">
        <span class="gutter">Session</span>
        <${Overview}
          axis=${axis}
          ranges=${ranges}
          flawed=${watched?.flawed ?? []}
          events=${events}
          left=${left}
          selected=${selected}
          theme=${state.theme}
          onScroll=${(to) => {
            scrollTo(scrollFor(axis, to));
            dispatch({ type: "scrolled" });
          }}
        />
      </div>
      <div class="strip-row film-row">
        <div class="gutter film-gutter">
          <span class="strip-summary">${ranges.length > 0 && summaryOf(watched, (axis.last - axis.first + 1) * frames)}</span>
          <${Zoom} step=${step} frames=${frames} keys=${state.keys} dispatch=${dispatch} />
        </div>
        <div class="strip-view" ref=${frame}>
          <div
            class="strip-scroll"
            ref=${scroller}
            onScroll=${onScroll}
            role="slider"
            tabindex="0"
            aria-label="Current frame set"
            aria-valuemin=${axis.first}
            aria-valuemax=${Math.max(axis.last, 0)}
            aria-valuenow=${selected ?? 0}
            aria-valuetext=${selected === null ? "none" : `Frame set ${formatNumber(selected)}`}
          >
            <div class="strip-length" style=${{ width: `${axis.scroll}px` }}></div>
            <div class="strip-film" style=${{ width: `${size.width}px` }}>
              <div class="strip-ruler" ...${scrub}>
                ${marksOf(axis, events, left).map((group) => html`<${Mark} key=${group.events[0].time} group=${group} />`)}
              </div>
              <div class="strip-cells" onClick=${select}>
                ${cellsOf(axis, ranges, left, scenes).map(
                  (cell) => html`
                    <${Cell}
                      key=${cell.from}
                      cell=${cell}
                      session=${state.chosen}
                      selected=${selected}
                      filtered=${filtered}
                      flawed=${watched.flawed}
                      frames=${frames}
                    />
                  `,
                )}
              </div>
              ${loop !== null &&
              html`<div class="loop-range" style=${{ transform: `translateX(${xOf(axis, loop[0]) - left}px)`, width: `${(loop[1] - loop[0] + 1) * axis.perSet}px` }}></div>`}
              ${selected !== null &&
              html`<div class="playhead" style=${{ transform: `translateX(${xOf(axis, selected) - left}px)`, width: `${Math.max(axis.perSet, 2)}px` }}></div>`}
            </div>
          </div>
        </div>
      </div>
      <${Lanes} state=${state} session=${session} axis=${axis} left=${left} dispatch=${dispatch} />
      ${state.memory.names.some(({ watched: isWatched }) => isWatched) &&
      html`<${WatchLanes} state=${state} session=${session} memory=${memory} client=${clients.memory} axis=${axis} left=${left} dispatch=${dispatch} />`}
      <${FilterBar} state=${state} dispatch=${dispatch} />
    </section>
  `;
}

/** `1,200 sets, 1:40`, and the events and files that are missing yet. */
function summaryOf({ ranges, leftOut, unread }, frames) {
  const parts = [countedSets(countOf(ranges)), playTime(frames)];
  if (leftOut > 0) parts.push(`${formatNumber(leftOut)} older events not shown`);
  if (unread > 0) parts.push(`reading ${formatNumber(unread)} files`);
  return parts.join(", ");
}

function Zoom({ step, frames, keys, dispatch }) {
  return html`
    <div class="zoom" role="group" aria-label="Time per thumbnail">
      <button
        class="button icon-button flat"
        aria-label="Zoom out"
        title="Zoom out (${hintOf(keys, "zoomOut")})"
        disabled=${step === STEPS[STEPS.length - 1]}
        onClick=${() => dispatch({ type: "zoom", by: 1 })}
      >
        <${Icon} name="zoomOut" />
      </button>
      <output>${cellTime(step * frames)}</output>
      <button
        class="button icon-button flat"
        aria-label="Zoom in"
        title="Zoom in (${hintOf(keys, "zoomIn")})"
        disabled=${step === STEPS[0]}
        onClick=${() => dispatch({ type: "zoom", by: -1 })}
      >
        <${Icon} name="zoomIn" />
      </button>
    </div>
  `;
}

function Cell({ cell, session, selected, filtered, flawed, frames }) {
  const number = cell.set ?? cell.from;
  const here = selected !== null && selected >= cell.from && selected <= cell.to;
  return html`
    <div
      class="film-cell"
      data-set=${cell.set ?? undefined}
      data-selected=${here ? "" : undefined}
      data-filtered-out=${filtered !== null && (atOrAfter(filtered, cell.from) ?? Infinity) > cell.to ? "" : undefined}
      data-flawed=${(atOrAfter(flawed, cell.from) ?? Infinity) <= cell.to ? "" : undefined}
      data-missing=${cell.set === null ? "" : undefined}
      style=${{ transform: `translateX(${cell.x}px)`, width: `${cell.width}px` }}
    >
      ${cell.set !== null && html`<img src=${screenshotUrl(session, cell.set)} alt="" width="120" height="80" decoding="async" draggable=${false} />`}
      <span class="film-caption"><b>${formatNumber(number)}</b> ${playTime(number * frames)}</span>
    </div>
  `;
}

function Mark({ group }) {
  const text = group.events.map((event) => `${words(event.name)} ${clockSeconds(event.time)}`).join(", ");
  return html`
    <span
      class="mark"
      role="img"
      aria-label=${text}
      title=${text}
      data-tone=${eventTone(group.events[group.events.length - 1].name)}
      style=${{ transform: `translateX(${group.x}px)` }}
    ></span>
  `;
}
