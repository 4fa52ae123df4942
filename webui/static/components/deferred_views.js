/** Components that are not in sight when the page is opened, fetched when the browser has time: most of the memory views, statistics, review, grid, tour. */
import { deferred } from "./deferred.js";

const view = (load, name) => deferred(load, name, "views");

export const HexView = view(() => import("./memory/hex_view.js"), "HexView");
export const SearchView = view(() => import("./memory/search_view.js"), "SearchView");
export const FindView = view(() => import("./memory/find_view.js"), "FindView");
export const WatchView = view(() => import("./memory/watch_view.js"), "WatchView");
export const WatchLanes = view(() => import("./memory/watch_lanes.js"), "WatchLanes");
export const HistoryView = view(() => import("./memory/history_view.js"), "HistoryView");
export const NamesView = view(() => import("./memory/names_view.js"), "NamesView");
export const ChangesTable = view(() => import("./memory/changes_table.js"), "ChangesTable");
export const ReviewView = view(() => import("./review_view.js"), "ReviewView");
export const StatisticsPanel = view(() => import("./statistics_panel.js"), "StatisticsPanel");
export const SetGrid = view(() => import("./set_grid.js"), "SetGrid");
export const Tour = deferred(() => import("./tour.js"), "Tour", "tour");
