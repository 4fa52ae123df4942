/** Names of the memory views, in the order of their tabs. Pure. */
export const VIEWS = ["map", "hex", "search", "watch", "history", "names", "changes"];

/** Views that show the memory after the current set. */
export const NEEDS_MEMORY = ["map", "hex", "search", "watch", "names"];

/** Views with a field for an address. */
export const HAS_ADDRESS = ["map", "hex", "history"];
