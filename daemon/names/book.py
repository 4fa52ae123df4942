"""Book of names of one game: a person's own over those that ship, and edits of them. Pure.

Layers from the top: a person's own names, those of the game config, those that ship. A name of an upper layer stands
for the one of the same name below. A name that a person takes away stays away, though it ships.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from daemon.names.named_address import MAX_EVIDENCE, MAX_NAME, MAX_NOTE, MAX_TEXT, NamedAddress, parse_named_address
from protocol.errors import NamesError

__all__ = ["MAX_NAMES", "ImportOutcome", "Layer", "NameBook", "OwnNames", "named_twice"]

MAX_NAMES = 10_000
"""Most names of a person's own for one game."""


class Layer(StrEnum):
    """Origin of a name."""

    OWN = "own"
    CONFIG = "config"
    SHIPPED = "shipped"


@dataclass(frozen=True, slots=True)
class OwnNames:
    """The names that people gave, and those that they took away.

    Args:
        names: by name.
        removed: names of the layers below.
    """

    names: Mapping[str, NamedAddress] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()

    def with_names(self, given: Iterable[NamedAddress], removed: Iterable[str] = ()) -> "OwnNames":
        """Return these names with others added or replaced.

        Args:
            given: those to add; each takes the place of the one of its name.
            removed: names to take away.

        Raises:
            NamesError: there are too many.
        """
        added, away = {name.name: name for name in given}, frozenset(removed)
        names = {name: entry for name, entry in self.names.items() if name not in away} | added
        if len(names) > MAX_NAMES:
            raise NamesError(f"A book has at most {MAX_NAMES:,} names; take some away first.")
        return OwnNames(names, (self.removed | away) - added.keys())


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """Outcome of an import into a book.

    Args:
        own: the own names after it.
        added: how many names are new.
        changed: how many names got something new.
        unchanged: how many names were known like that.
        notes: a sentence for each name that could not be taken over as it stands.
    """

    own: OwnNames
    added: int
    changed: int
    unchanged: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class NameBook:
    """All names of a game.

    Args:
        own: a person's own.
        below: names of the layers below, upper ones first.
    """

    own: OwnNames = OwnNames()
    below: Sequence[tuple[Layer, Sequence[NamedAddress]]] = ()

    @cached_property
    def layers(self) -> Mapping[str, tuple[NamedAddress, Layer]]:
        """Each name with its layer, by address; own names first where several have one address."""
        found: dict[str, tuple[NamedAddress, Layer]] = {
            name: (entry, Layer.OWN) for name, entry in self.own.names.items()
        }
        for layer, names in self.below:
            for entry in names:
                if entry.name not in self.own.removed:
                    found.setdefault(entry.name, (entry, layer))
        return dict(sorted(found.items(), key=lambda item: item[1][0].address))

    @cached_property
    def names(self) -> tuple[NamedAddress, ...]:
        """All names, by address."""
        return tuple(entry for entry, _ in self.layers.values())

    def find(self, name: str) -> NamedAddress | None:
        """Return the entry of a name, None where there is none."""
        found = self.layers.get(name)
        return found[0] if found else None

    def get(self, name: str) -> NamedAddress:
        """Return the entry of a name.

        Raises:
            NamesError: there is none.
        """
        found = self.find(name)
        if found is None:
            raise NamesError(f"There is no name {name[:MAX_NAME]!r}.")
        return found

    def at(self, address: int, size: int = 1) -> tuple[NamedAddress, ...]:
        """List the names that cover any of the bytes from an address on."""
        return tuple(entry for entry in self.names if entry.covers(address, size))

    def edited(self, given: Mapping[str, Any], previous: str = "") -> tuple[OwnNames, NamedAddress]:
        """Add or change a name.

        Args:
            given: its fields; those that are not given stay as they are.
            previous: the name as it was, where it is to be renamed or to get another address.

        Returns:
            The own names after it, and the name.

        Raises:
            NamesError: a field is wrong, the previous name is not there, or the name is another address's.
        """
        name = str(given.get("name", previous))
        base = self.get(previous) if previous else self.find(name)
        entry = parse_named_address(given, base)
        taken = self.find(entry.name)
        if taken is not None and taken is not base:
            raise NamesError(f"{entry.name} is already the name of {taken.address:08X}: choose another.")
        if base is not None and not previous and entry.address != base.address:
            raise NamesError(
                f"{entry.name} is already the name of {base.address:08X}: choose another, "
                "or give it as `previous` too to move the name."
            )
        removed = {previous} - {"", entry.name}
        return self.own.with_names([entry], removed), entry

    def without(self, name: str) -> OwnNames:
        """Take a name away.

        Raises:
            NamesError: there is no such name.
        """
        self.get(name)
        return self.own.with_names((), [name])

    def importing(self, names: Iterable[NamedAddress], source: str, who: str = "") -> ImportOutcome:
        """Add the names of a list. Nothing that is there is lost, and nothing of the list.

        A name that is there at the same address gets what it lacks; where the two say different things, the one that
        is there counts, and the list's word becomes evidence. One that is there at another address gets that address
        behind its name.

        Args:
            names: of the list.
            source: the list's name, for evidence and sentences.
            who: person who imports them.

        Raises:
            NamesError: there would be too many.
        """
        known = {name: entry for name, (entry, _) in self.layers.items()}
        by_address: dict[int, str] = {entry.address: name for name, entry in reversed(known.items())}
        given: dict[str, NamedAddress] = {}
        notes: list[str] = []
        added, changed, unchanged = set[str](), set[str](), set[str]()
        for read in names:
            entry = read
            there = known.get(entry.name)
            if there is not None and there.address != entry.address:
                entry = replace(entry, name=_with_address(entry))
                where = f"{there.address:08X} already: {entry.address:08X}"
                notes.append(f"{read.name} is the name of {where} is called {entry.name}.")
                there = known.get(entry.name)
            if there is None:
                other = by_address.setdefault(entry.address, entry.name)
                if other != entry.name:
                    notes.append(named_twice(entry.address, other, entry.name))
                merged = _with_evidence(entry, [f"imported from {source}"])
            else:
                merged = _merged(there, entry, source, notes)
            if there is not None and merged == there:
                unchanged.add(entry.name)
                continue
            known[entry.name] = given[entry.name] = replace(merged, who=who or merged.who)
            (added if there is None else changed).add(entry.name)
        own = self.own.with_names(given.values()) if given else self.own
        changed -= added
        return ImportOutcome(own, len(added), len(changed), len(unchanged - added - changed), tuple(notes))


def named_twice(address: int, one: str, other: str) -> str:
    """Write the sentence about an address that has two names."""
    return f"{address:08X} has two names, {one} and {other}: both are kept."


def _with_address(entry: NamedAddress) -> str:
    return f"{entry.name[: MAX_NAME - 9]}_{entry.address:08X}"


def _merged(there: NamedAddress, entry: NamedAddress, source: str, notes: list[str]) -> NamedAddress:
    """Add to a name what an entry of a list knows besides."""
    word: list[str] = []
    if entry.type != there.type:
        word.append(f"{source}: {entry.type}")
        notes.append(f"{there.name} is {there.type} here and {entry.type} in {source}: it stays {there.type}.")
    if entry.scale != there.scale and there.scale.as_map() and entry.scale.as_map():
        word.append(f"{source}: scale {entry.scale.as_map()}")
    note = there.note
    if entry.note and entry.note not in note:
        together = f"{note}\n{entry.note}".strip()
        if len(together) <= MAX_NOTE:
            note = together
        else:
            notes.append(f"The note of {there.name} has no room for that of {source}.")
    values, bits = ({**two, **one} for one, two in ((there.values, entry.values), (there.bits, entry.bits)))
    word += _contradictions(source, "", there.values, entry.values)
    word += _contradictions(source, "bit ", there.bits, entry.bits)
    beyond = [bit for bit in bits if bit >= 8 * there.width]
    word += [f"{source}: bit {bit}={bits.pop(bit)}" for bit in beyond]
    merged = replace(
        there,
        scale=there.scale if there.scale.as_map() else entry.scale,
        values=dict(sorted(values.items())),
        bits=dict(sorted(bits.items())),
        note=note,
        status=max(there.status, entry.status, key=lambda status: status.rank),
        watched=there.watched or entry.watched,
        alarm=there.alarm or entry.alarm,
    )
    return _with_evidence(merged, [*entry.evidence, *word])


def _contradictions(source: str, kind: str, there: Mapping[int, str], entry: Mapping[int, str]) -> Iterator[str]:
    for number, meaning in entry.items():
        if there.get(number, meaning) != meaning:
            yield f"{source}: {kind}{number}={meaning}"


def _with_evidence(entry: NamedAddress, word: Sequence[str]) -> NamedAddress:
    evidence = tuple(dict.fromkeys([*entry.evidence, *(text[:MAX_TEXT].strip() for text in word)]))
    return replace(entry, evidence=evidence[:MAX_EVIDENCE])
