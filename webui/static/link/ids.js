/** A name that nothing else has. `crypto.randomUUID` is missing where a page comes over plain HTTP from another machine. */
export const newId = () => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
