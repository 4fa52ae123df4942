/** Page state kept across reloads: frame set in the address bar, preferences in localStorage. */
import { parseFilters } from "../state/set_filter.js";

const THEME = "gbatrace.theme";
const NAME = "gbatrace.name";
const SECONDS = "gbatrace.seconds";
const KEPT = "gbatrace.kept";
const FILTERS = "gbatrace.filters";
const TOUR = "gbatrace.tour";

/** A name that is unique in practice: everybody undoes their own labels only. */
const newName = () => `player-${Math.random().toString(36).slice(2, 6)}`;

/** Parts of the state that are preferences. */
export const PREFERENCES = ["theme", "userName", "seconds", "keptRows", "savedFilters", "tour"];

/**
 * @returns {{theme: string, userName: string, seconds: number, keptRows: string[],
 *   savedFilters: import("../state/set_filter.js").SavedFilters, tour: number | null}} `seconds`: how many "the last seconds" are;
 *   `keptRows`: of the review of suggestions; `tour`: its first step until it was over once
 */
export const readPreferences = () => ({
  theme: localStorage.getItem(THEME) ?? "auto",
  userName: localStorage.getItem(NAME) ?? newName(),
  seconds: Number(localStorage.getItem(SECONDS)) || 5,
  keptRows: localStorage.getItem(KEPT)?.split("\n") ?? [],
  savedFilters: parseFilters(localStorage.getItem(FILTERS)),
  tour: localStorage.getItem(TOUR) === "over" ? null : 0,
});

export function writePreferences({ theme, userName, seconds, keptRows, savedFilters, tour }) {
  localStorage.setItem(THEME, theme);
  localStorage.setItem(NAME, userName);
  localStorage.setItem(SECONDS, String(seconds));
  localStorage.setItem(KEPT, keptRows.join("\n"));
  localStorage.setItem(FILTERS, JSON.stringify(savedFilters));
  if (tour === null) localStorage.setItem(TOUR, "over");
}

/** The frame set that `#session` or `#session/set` names. @returns {{session: string | null, set: number | null}} */
export const readAddress = () => parseAddress(location.href);

/** Call `go` when the address is changed by hand or by a link. @param {(place: {session: string, set: number}) => void} go */
export function watchAddress(go) {
  // From the event: by now the page may have written its own place into the bar again.
  addEventListener("hashchange", (event) => {
    const place = parseAddress(event.newURL);
    if (place.session !== null && place.set !== null) go(place);
  });
}

/** Write the current set into the address bar, where the user chose one; following live has no address. */
export function writeAddress({ chosen, selected, following, player }) {
  // Browsers take some ten addresses a second.
  if (player?.isPlaying) return;
  const hash = following || chosen === null || selected === null ? "" : `#${encodeURIComponent(chosen)}/${selected}`;
  if (hash !== location.hash) history.replaceState(null, "", hash || location.pathname);
}

function parseAddress(address) {
  const [session, set] = decoded(new URL(address).hash.slice(1)).split("/");
  return { session: session || null, set: /^\d+$/.test(set ?? "") ? Number(set) : null };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
