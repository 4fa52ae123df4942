/** What a person has chosen for this browser, kept in it: colours, name, how many seconds are "the last seconds". */
const THEME = "gbatrace.theme";
const NAME = "gbatrace.name";
const SECONDS = "gbatrace.seconds";

/** A name that nobody else has by chance: everybody undoes their own labels. */
const newName = () => `player-${Math.random().toString(36).slice(2, 6)}`;

/** @returns {{theme: string, who: string, seconds: number}} */
export const readChoices = () => ({
  theme: localStorage.getItem(THEME) ?? "auto",
  who: localStorage.getItem(NAME) ?? newName(),
  seconds: Number(localStorage.getItem(SECONDS)) || 5,
});

export function writeChoices({ theme, who, seconds }) {
  localStorage.setItem(THEME, theme);
  localStorage.setItem(NAME, who);
  localStorage.setItem(SECONDS, String(seconds));
}
