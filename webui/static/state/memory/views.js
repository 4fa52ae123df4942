/** Names of the memory views, in the order of their tabs. Pure. */
export const VIEWS = ["map", "hex", "search", "find", "watch", "history", "names", "changes", "review"];

/** Views that show the memory after the current set. */
export const NEEDS_MEMORY = ["map", "hex", "search", "find", "watch", "names"];

/** Views with a field for an address. */
export const HAS_ADDRESS = ["map", "hex", "history"];
