"""Game configs: their format, its check, and the choice of one for a ROM. Pure.

`resources/schemas/game_config.schema.json` describes the format for editors; a test holds the two together.
All of memory is traced: `names` and the addresses of `memory_watch` say what lies there, see `daemon/names`.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from fnmatch import fnmatchcase
from typing import Any

from protocol.console import GBA
from protocol.errors import ConfigError

__all__ = [
    "KNOWN_KEYS",
    "GameConfig",
    "Problem",
    "Severity",
    "choose_game_config",
    "find_problems",
    "parse_game_config",
]

_TEXT, _A_TEXT = re.compile(".", re.DOTALL), "must be a text."
_SHA1, _A_SHA1 = re.compile(r"[0-9A-Fa-f]{40}\Z"), "must be the SHA-1 of a ROM: 40 hex digits."
_ADDRESS = re.compile(r"(0[xX])?[0-9A-Fa-f]{1,8}")
_NO_BUTTON = f"is not a console button; there are {', '.join(GBA.buttons)}."


class Severity(IntEnum):
    """Severity of a problem: how much of a game config it costs."""

    NOTE = 0
    """Nothing."""

    VALUE = 1
    """The value that it is about."""

    FILE = 2
    """All of it: its game or its ROMs are not known."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem with a game config.

    Args:
        key: where it is, `semantics[2].Start`; empty for the whole file.
        text: what is wrong and what is allowed, one sentence.
        severity: what it costs.
    """

    key: str
    text: str
    severity: Severity = Severity.VALUE

    def __str__(self) -> str:
        return f"`{self.key}` {self.text}" if self.key else self.text


@dataclass(frozen=True, slots=True)
class GameConfig:
    """A game config. A value that is not as the format wants it is as if it were not there.

    Args:
        file: its file name.
        game: the game's name.
        rom_hashes: SHA-1 of the ROMs it is for, upper-case hex.
        rom_names: names or glob patterns of the ROMs it is for, compared without regard to case.
        content: the whole document, which is kept with the session.
    """

    file: str
    game: str
    rom_hashes: frozenset[str]
    rom_names: tuple[str, ...]
    content: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, file: str, document: Mapping[str, Any]) -> "GameConfig":
        """Take what can be used of a document, whatever it holds."""
        hashes = frozenset(text.upper() for text in _texts_of(document, "rom_hashes"))
        return cls(file, _text_of(document, "game"), hashes, tuple(_texts_of(document, "rom_names")), document)

    @property
    def label_set(self) -> str:
        """Name of the label set that the page offers; empty where it names none."""
        return _text_of(self.content, "label_set")

    @property
    def keys(self) -> dict[str, str]:
        """Keyboard key by console button."""
        keys = self.content.get("keys")
        return {button: key for button, key in keys.items() if isinstance(key, str)} if isinstance(keys, dict) else {}

    @property
    def semantics(self) -> list[dict[str, Any]]:
        """Meanings of the buttons: `{"context": name, button: [meanings]}` for each context."""
        entries = self.content.get("semantics")
        return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def parse_game_config(file: str, document: Mapping[str, Any], worst: Severity = Severity.VALUE) -> GameConfig:
    """Make a game config of its document.

    Args:
        file: its file name.
        document: its content.
        worst: problems up to this severity are passed over.

    Raises:
        ConfigError: it has problems beyond that; names the file and each of them.
    """
    problems = [str(problem) for problem in find_problems(document) if problem.severity > worst]
    if problems:
        raise ConfigError(f"{file} cannot be used. {' '.join(problems)}")
    return GameConfig.of(file, document)


def find_problems(document: Mapping[str, object], label_sets: Collection[str] | None = None) -> list[Problem]:
    """Check a game config.

    Args:
        document: its content.
        label_sets: names of the label sets there are; None leaves their key unchecked.
    """
    problems = [] if "game" in document else [Problem("game", "is missing: it is the game's name.", Severity.FILE)]
    for key, value in document.items():
        if key in _CHECKS:
            problems += _CHECKS[key](value)
        else:
            text = f"means nothing to gbatrace; it knows {', '.join(KNOWN_KEYS)}."
            problems.append(Problem(key, text, Severity.NOTE))
    named = _text_of(document, "label_set")
    if named and label_sets is not None and named not in label_sets:
        problems.append(Problem("label_set", f"names {named!r}; there are {', '.join(sorted(label_sets))}."))
    return problems


def choose_game_config(configs: Iterable[GameConfig], rom_name: str, rom_hash: str) -> GameConfig | None:
    """Choose by ROM hash, else by ROM name, else by the game's name; None where none fits.

    Args:
        configs: those to choose from; of several that fit equally the first is chosen.
        rom_name: the ROM's name, as the emulator reports it.
        rom_hash: its SHA-1, hex.
    """
    candidates = list(configs)
    for config in candidates:
        if rom_hash.upper() in config.rom_hashes:
            return config
    for config in candidates:
        if any(fnmatchcase(rom_name.casefold(), pattern.casefold()) for pattern in config.rom_names):
            return config
    # A config of the original names no ROM at all: the ROM's name begins with the game's then.
    words = _words(re.sub(r"[(\[].*?[)\]]", " ", rom_name))
    named = [config for config in candidates if not (config.rom_hashes or config.rom_names) and _words(config.game)]
    fitting = [config for config in named if words[: len(_words(config.game))] == _words(config.game)]
    return max(fitting, key=lambda config: len(_words(config.game)), default=None)


def _check_game(value: object) -> Iterator[Problem]:
    if not isinstance(value, str) or not value.strip():
        yield Problem("game", "must be a text, the game's name.", Severity.FILE)


def _check_texts(
    key: str, value: object, no_texts: Severity = Severity.VALUE, form: re.Pattern[str] = _TEXT, expected: str = _A_TEXT
) -> Iterator[Problem]:
    if not isinstance(value, list):
        yield Problem(key, "must be a list of texts.", no_texts)
        return
    for place, item in enumerate(value):
        if not isinstance(item, str):
            yield Problem(f"{key}[{place}]", expected, no_texts)
        elif not form.match(item):
            yield Problem(f"{key}[{place}]", expected)


def _check_label_set(value: object) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem("label_set", "must be a text, the name of a label set.")


def _check_keys(value: object) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem("keys", "must be an object of keyboard keys by console button.")
        return
    taken: dict[str, str] = {}
    for button, key in value.items():
        place = f"keys.{button}"
        if button not in GBA.buttons:
            yield Problem(place, _NO_BUTTON)
        if not isinstance(key, str) or not key:
            yield Problem(place, "must be a text, the name of a keyboard key.")
        elif key.casefold() in taken:
            yield Problem(place, f"has the same keyboard key {key!r} as {taken[key.casefold()]}.")
        else:
            taken[key.casefold()] = button


def _check_semantics(value: object) -> Iterator[Problem]:
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
                yield Problem(f"{where}.{button}", _NO_BUTTON)
            yield from _check_texts(f"{where}.{button}", meanings)


def _check_names(value: object) -> Iterator[Problem]:
    if not isinstance(value, list):
        yield Problem("names", "must be a list of names, as in a book of names.")
        return
    for place, name in enumerate(value):
        if not (isinstance(name, dict) and {"name", "address", "type"} <= name.keys()):
            yield Problem(f"names[{place}]", "must be an object with `name`, `address` and `type`.")


def _check_memory_watch(value: object) -> Iterator[Problem]:
    yield from _check_texts("memory_watch", value)
    for place, entry in enumerate(value if isinstance(value, list) else ()):
        if isinstance(entry, str) and entry != "*" and not _ADDRESS.fullmatch(entry):
            yield Problem(f"memory_watch[{place}]", "is no bus address, and kept for other tools.", Severity.NOTE)


def _check_goal(value: object) -> Iterator[Problem]:
    if not isinstance(value, dict) or not value or not all(isinstance(text, str) for text in value.values()):
        yield Problem("goal", "must be an object of texts: any of `reward`, `done` and `reset_on`.")


_CHECKS: Mapping[str, Callable[[object], Iterator[Problem]]] = {
    "game": _check_game,
    "rom_hashes": lambda value: _check_texts("rom_hashes", value, Severity.FILE, _SHA1, _A_SHA1),
    "rom_names": lambda value: _check_texts("rom_names", value, Severity.FILE),
    "label_set": _check_label_set,
    "keys": _check_keys,
    "semantics": _check_semantics,
    "names": _check_names,
    "memory_watch": _check_memory_watch,
    "goal": _check_goal,
}

KNOWN_KEYS = tuple(_CHECKS)
"""Keys that mean something; others are allowed, and noted."""


def _text_of(document: Mapping[str, object], key: str) -> str:
    value = document.get(key)
    return value if isinstance(value, str) else ""


def _texts_of(document: Mapping[str, object], key: str) -> Iterator[str]:
    value = document.get(key)
    return (item for item in value if isinstance(item, str)) if isinstance(value, list) else iter(())


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
