"""Check of a game config: every problem by its file, key and allowed values. Pure.

`resources/schemas/game_config.schema.json` says the same for editors; a test holds the two together.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import orjson

from protocol.console import GBA
from protocol.errors import ConfigError

__all__ = ["KNOWN_KEYS", "Problem", "button_keys", "find_problems"]

KNOWN_KEYS = ("game", "rom_hashes", "rom_names", "label_set", "keys", "semantics", "memory_watch")
"""Keys that mean something; others are allowed, and noted."""

_SHA1 = re.compile(r"[0-9A-Fa-f]{40}")
_BUTTONS = ", ".join(GBA.buttons)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a game config.

    Args:
        key: where it is, `semantics[2].Start`; empty for the whole file.
        says: what is wrong and what is allowed, one sentence.
        harmless: whether the file can be used all the same.
    """

    key: str
    says: str
    harmless: bool = False

    def __str__(self) -> str:
        return f"`{self.key}` {self.says}" if self.key else self.says


def find_problems(data: bytes, label_sets: Collection[str] | None = None) -> list[Problem]:
    """Check a game config.

    Args:
        data: the file.
        label_sets: names of the label sets there are; None leaves their key unchecked.
    """
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        return [Problem("", f"It is not JSON: {error.msg} in line {error.lineno}, column {error.colno}.")]
    if not isinstance(document, dict):
        return [Problem("", "It must be a JSON object, with at least the key `game`.")]
    return [
        *_game(document),
        *_texts("rom_names", document.get("rom_names", [])),
        *_rom_hashes(document.get("rom_hashes", [])),
        *_label_set(document.get("label_set", ""), label_sets),
        *_keys(document.get("keys", {})),
        *_semantics(document.get("semantics", [])),
        *_memory_watch(document.get("memory_watch", [])),
        *(
            Problem(key, f"means nothing to gbatrace; it knows {', '.join(KNOWN_KEYS)}.", harmless=True)
            for key in document
            if key not in KNOWN_KEYS
        ),
    ]


def button_keys(file: str, data: bytes) -> dict[str, str]:
    """Return which keyboard key stands for which console button.

    Raises:
        ConfigError: the game config has a problem that is not harmless; names the file and every such problem.
    """
    problems = [str(problem) for problem in find_problems(data) if not problem.harmless]
    if problems:
        raise ConfigError(f"{file} cannot be used. " + " ".join(problems))
    keys: dict[str, str] = orjson.loads(data).get("keys", {})
    return keys


def _game(document: Mapping[str, object]) -> Iterator[Problem]:
    game = document.get("game")
    if game is None:
        yield Problem("game", "is missing: it is the game's name.")
    elif not isinstance(game, str) or not game.strip():
        yield Problem("game", "must be a text, the game's name.")


def _texts(key: str, value: object) -> Iterator[Problem]:
    if not isinstance(value, list):
        yield Problem(key, "must be a list of texts.")
        return
    for place, item in enumerate(value):
        if not isinstance(item, str) or not item:
            yield Problem(f"{key}[{place}]", "must be a text.")


def _memory_watch(value: object) -> Iterator[Problem]:
    yield from _texts("memory_watch", value)
    if isinstance(value, list) and value not in ([], ["*"]):
        yield Problem("memory_watch", "is kept for other tools: gbatrace traces all of memory.", harmless=True)


def _rom_hashes(value: object) -> Iterator[Problem]:
    if not isinstance(value, list):
        yield Problem("rom_hashes", "must be a list of texts.")
        return
    for place, item in enumerate(value):
        if not isinstance(item, str) or not _SHA1.fullmatch(item):
            yield Problem(f"rom_hashes[{place}]", "must be the SHA-1 of a ROM: 40 hex digits.")


def _label_set(value: object, label_sets: Collection[str] | None) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem("label_set", "must be a text, the name of a label set.")
    elif value and label_sets is not None and value not in label_sets:
        yield Problem("label_set", f"names {value!r}; there are {', '.join(sorted(label_sets))}.")


def _keys(value: object) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem("keys", "must be an object of keyboard keys by console button.")
        return
    taken: dict[str, str] = {}
    for button, key in value.items():
        place = f"keys.{button}"
        if button not in GBA.buttons:
            yield Problem(place, f"is not a console button; there are {_BUTTONS}.")
        if not isinstance(key, str) or not key:
            yield Problem(place, "must be a text, the name of a keyboard key.")
        elif key.casefold() in taken:
            yield Problem(place, f"has the same keyboard key {key!r} as {taken[key.casefold()]}.")
        else:
            taken[key.casefold()] = button


def _semantics(value: object) -> Iterator[Problem]:
    if not isinstance(value, list):
        yield Problem("semantics", "must be a list of objects, one for each context.")
        return
    for place, entry in enumerate(value):
        where = f"semantics[{place}]"
        if not isinstance(entry, dict):
            yield Problem(where, "must be an object with `context` and meanings by console button.")
            continue
        context = entry.get("context")
        if not isinstance(context, str) or not context:
            yield Problem(f"{where}.context", "must be a text, the name of the context.")
        for button, meanings in entry.items():
            if button == "context":
                continue
            if button not in GBA.buttons:
                yield Problem(f"{where}.{button}", f"is not a console button; there are {_BUTTONS}.")
            yield from _texts(f"{where}.{button}", meanings)
