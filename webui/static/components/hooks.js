/** Hooks and DOM helpers shared by the components. */
import { isPictureMissing } from "../state/selectors.js";
import { useEffect, useLayoutEffect, useRef, useState } from "../vendor/htm-preact/standalone.module.js";

/** `[ref, size]`: the content size of an element in CSS pixels, kept as it changes. */
export function useSize() {
  const ref = useRef(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry.contentRect;
      setSize({ width, height });
    });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return [ref, size];
}

/** Restore the focus to where it was before the component mounted, unless the user has moved it. */
export function useFocusRestored(wanted = () => true) {
  useLayoutEffect(() => {
    const before = document.activeElement;
    return () => requestAnimationFrame(() => document.activeElement === document.body && wanted(before) && before.focus());
  }, []);
}

/** Size a canvas in CSS pixels at the screen's resolution. @returns {CanvasRenderingContext2D} cleared, scaled to CSS pixels */
export function resizeCanvas(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  return context;
}

/** True while a media query matches. */
export function useMedia(query) {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const update = () => setMatches(list.matches);
    list.addEventListener("change", update);
    return () => list.removeEventListener("change", update);
  }, [query]);
  return matches;
}

/** The size of the window in CSS pixels, and the device pixels in one of them, kept as they change. */
export function useWindow() {
  const [size, setSize] = useState(windowSize);
  useEffect(() => {
    const update = () => setSize(windowSize());
    addEventListener("resize", update);
    return () => removeEventListener("resize", update);
  }, []);
  return size;
}

const windowSize = () => ({ width: innerWidth, height: innerHeight, ratio: window.devicePixelRatio || 1 });

/** A value, by its parts, at most once in `ms`. @template {object} Value @param {Value} value @returns {Value} */
export function useThrottled(value, ms) {
  const latest = useRef(value);
  const timer = useRef(0);
  const [shown, setShown] = useState(value);
  latest.current = value;
  useEffect(() => {
    timer.current ||= setTimeout(() => {
      timer.current = 0;
      setShown(latest.current);
    }, ms);
  }, Object.values(value));
  useEffect(() => () => clearTimeout(timer.current), []);
  return shown;
}

/** The current time, updated every `interval` ms. */
export function useNow(interval) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), interval);
    return () => clearInterval(timer);
  }, [interval]);
  return now;
}

/** Copy text; returns whether it worked. Plain HTTP from another machine has no clipboard API. */
export async function copyText(text) {
  if (navigator.clipboard && window.isSecureContext) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "off-screen";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

/** The current frame set, or for a moment the one before it until it is loaded: the screenshot never blinks. */
export function useFrameSet(frameSets, state) {
  const last = useRef({ session: null, frameSet: undefined });
  const loaded = state.selected === null ? undefined : frameSets.get(state.chosen, state.selected);
  const isLastShown = last.current.session === state.chosen && !isPictureMissing(state);
  const frameSet = loaded ?? (isLastShown ? last.current.frameSet : undefined);
  useEffect(() => {
    last.current = { session: state.chosen, frameSet };
  });
  return frameSet;
}

/**
 * Memory after the current frame set, or after the nearest one that is here until it is loaded: `number` says which; undefined before
 * the first.
 */
export function shownMemory(client, { chosen, selected }, session) {
  if (selected === null) return undefined;
  return client.get(chosen, selected, session?.regions ?? []) ?? client.nearest(chosen, selected);
}
