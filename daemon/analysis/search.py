"""Search in a recording: filters, each on or off, and the candidates that pass them. Pure.

Filters commute: each is judged by itself for all candidates and remembered, so that switching, editing or moving one
costs one filter at most.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import combinations
from typing import Any

import numpy as np

from daemon.analysis.addresses import AddressRange
from daemon.analysis.candidates import Order, rank
from daemon.analysis.filters import Between, ChangesWith, Compared, Comparison, Filter, OnlyIn, parse_filter
from daemon.analysis.moments import End, LabelEdge, Moment, place_of
from daemon.analysis.predicates import SearchedRecording, judge, no_names
from daemon.analysis.thinning import thinned
from daemon.analysis.value_types import VALUE_TYPES, Number, ValueType, type_names, value_type
from protocol.bus.memory_questions import DEFAULT_CANDIDATES
from protocol.changes import U8, Bools
from protocol.errors import FilterError
from protocol.regions import Region
from protocol.session.frame_set import hex_word
from protocol.session.json_values import reading
from protocol.wording import counted

__all__ = [
    "Candidate",
    "Curve",
    "FilterCount",
    "Search",
    "SearchEngine",
    "SearchFilter",
    "SearchResult",
]

_REMEMBERED = 64
"""Filters whose verdicts are kept: 1.2 MB each for all types of a Game Boy Advance's work memory."""

_CURVE_POINTS = 48
"""Most steps of a sparkline."""

_SAMPLED = 2000
"""Changes from which on a sparkline shows values at regular moments instead of every peak: it would be a block."""

_PAIR = 2


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """A filter of a search, on or off."""

    filter: Filter
    on: bool = True


@dataclass(frozen=True, slots=True)
class Search:
    """A search: its filters, and among which candidates.

    Args:
        filters: in the order in which a person put them; it does not matter.
        types: names of value types; every one by default.
        regions: names of regions; none means all.
        ranges: bus addresses among which to search; none means all.
        excluded: bus addresses that are left out.
        aligned: whether values lie at multiples of their size only.
    """

    filters: tuple[SearchFilter, ...] = ()
    types: tuple[str, ...] = tuple(VALUE_TYPES)
    regions: tuple[str, ...] = ()
    ranges: tuple[AddressRange, ...] = ()
    excluded: tuple[AddressRange, ...] = ()
    aligned: bool = False

    def as_map(self) -> dict[str, Any]:
        """Return the search as files and the bus hold it."""
        return {
            "where": [{"filter": str(each.filter), "on": each.on} for each in self.filters],
            "types": list(self.types),
            "regions": list(self.regions),
            "ranges": list(map(str, self.ranges)),
            "excluded": list(map(str, self.excluded)),
            "aligned": self.aligned,
        }

    @classmethod
    def from_map(cls, document: Mapping[str, Any]) -> "Search":
        """Read a search as files and the bus hold it; keys that are missing have their defaults.

        Raises:
            FilterError: a filter or a range of addresses cannot be read.
            ValueTypeError: there is no such value type.
            DocumentError: a value is of another kind.
        """
        with reading():
            return cls(
                filters=tuple(
                    SearchFilter(parse_filter(each["filter"]), bool(each.get("on", True)))
                    for each in document.get("where") or ()
                ),
                types=type_names(document.get("types") or ()),
                regions=tuple(map(str, document.get("regions") or ())),
                ranges=tuple(map(AddressRange.parse, document.get("ranges") or ())),
                excluded=tuple(map(AddressRange.parse, document.get("excluded") or ())),
                aligned=bool(document.get("aligned", False)),
            )


@dataclass(frozen=True, slots=True)
class FilterCount:
    """Addresses that one filter lets pass, and those that it cannot judge; None while it is off."""

    filter: Filter
    passes: int | None = None
    unknown: int | None = None

    def as_map(self) -> dict[str, Any]:
        """Return the counts as the bus holds them."""
        return {
            "filter": str(self.filter),
            "on": self.passes is not None,
            "passes": self.passes,
            "unknown": self.unknown,
        }


@dataclass(frozen=True, slots=True)
class Curve:
    """A value over the whole recording, thinned for a sparkline.

    Args:
        numbers: frame sets from which on it had each value.
        values: the values; None where it was not known or no value of its type.
    """

    numbers: tuple[int, ...]
    values: tuple[Number | None, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that is left.

    Args:
        address: on the bus.
        region: name of its region.
        type: the value type that describes it best.
        also: the other types that pass.
        value: at the chosen moment; None where it is not known or no value of the type.
        changes: how often it changed in the whole recording.
        curve: its value over time.
    """

    address: int
    region: str
    type: str
    also: tuple[str, ...]
    value: Number | None
    changes: int
    curve: Curve

    def as_map(self) -> dict[str, Any]:
        """Return the candidate as the bus holds it."""
        return {
            "address": self.address,
            "region": self.region,
            "type": self.type,
            "also": list(self.also),
            "value": self.value,
            "changes": self.changes,
            "curve": {"numbers": list(self.curve.numbers), "values": list(self.curve.values)},
        }


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Result of a search.

    Args:
        at: frame set after which the candidates have their values.
        left: candidates that pass every filter: an address counts once for each type.
        addresses: addresses among them.
        unknown: addresses that no filter rejects and at least one cannot judge, because a value is not known.
        counts: of each filter by itself, in the order of the search.
        candidates: the first addresses.
        left_out: changes of the recording that no filter sees, as they lie in no region.
        hint: a sentence on why nothing is left; empty where something is.
    """

    at: int
    left: int
    addresses: int
    unknown: int
    counts: tuple[FilterCount, ...]
    candidates: tuple[Candidate, ...]
    left_out: int = 0
    hint: str = ""

    def as_map(self) -> dict[str, Any]:
        """Return the result as the bus holds it."""
        return {
            "at": self.at,
            "left": self.left,
            "addresses": self.addresses,
            "unknown": self.unknown,
            "filters": [count.as_map() for count in self.counts],
            "candidates": [candidate.as_map() for candidate in self.candidates],
            "left_out": self.left_out,
            "hint": self.hint,
        }


@dataclass(frozen=True, slots=True, eq=False)
class _Verdicts:
    """Verdicts of a filter, a bit for each candidate, shape (types, bytes / 8)."""

    passes: U8
    unknown: U8

    @property
    def possible(self) -> U8:
        """Candidates that the filter does not reject."""
        return self.passes | self.unknown


class SearchEngine:
    """Searches in one recording, which may grow.

    Args:
        recording: what is searched.
        address_of: finds the bus address of a name; raises an error of ours where there is none.
    """

    def __init__(self, recording: SearchedRecording, address_of: Callable[[str], int] = no_names) -> None:
        self._recording = recording
        self._address_of = address_of
        self._verdicts: OrderedDict[tuple[Filter, tuple[str, ...]], _Verdicts] = OrderedDict()
        self._scopes: dict[Search, U8] = {}

    def renew(self, recording: SearchedRecording) -> None:
        """Take the recording with what has been recorded since, or with other labels.

        Filters on moments that stay where they are keep their verdicts, unless it is another recording.
        """
        goes_on = recording.history.continues(self._recording.history)
        self._recording = recording
        for key in [key for key in self._verdicts if not (goes_on and _is_settled(key[0]))]:
            del self._verdicts[key]
        if not goes_on:
            self._scopes.clear()

    def search(
        self,
        search: Search,
        *,
        at: Moment = End.LAST,
        order: Order = Order.INTEREST,
        limit: int = DEFAULT_CANDIDATES,
    ) -> SearchResult:
        """Run a search.

        Args:
            search: the search.
            at: moment whose values the candidates have.
            order: of the candidates.
            limit: how many addresses to list.

        Raises:
            FilterError: a filter or a region cannot be used on this recording.
            MomentError: a moment is not in this recording.
            AnalysisError: an address was not recorded.
        """
        types = [value_type(name) for name in search.types]
        scope = self._scope(search, types)
        place = place_of(at, self._recording)
        active = [each.filter for each in search.filters if each.on]
        for each in active:
            _check_number(each, types)
        verdicts = {each: self._judged(each, search.types, types) for each in active}
        passing = [each.passes for each in verdicts.values()]
        left = reduce(np.bitwise_and, passing, scope)
        possible = reduce(np.bitwise_and, [each.possible for each in verdicts.values()], scope)
        counts = tuple(
            FilterCount(
                each.filter,
                _addresses(verdicts[each.filter].passes & scope) if each.on else None,
                _addresses(verdicts[each.filter].unknown & scope) if each.on else None,
            )
            for each in search.filters
        )
        remaining = _size(left)
        number = int(self._recording.timeline.numbers[place])
        flags = np.unpackbits(left, axis=1, count=self._recording.history.size).view(np.bool_)
        return SearchResult(
            at=number,
            left=remaining,
            addresses=_addresses(left),
            unknown=_addresses(possible & ~left),
            counts=counts,
            candidates=tuple(self._candidates(flags, types, number, order, limit)) if remaining else (),
            left_out=self._recording.history.left_out,
            hint="" if remaining else _hint(scope, {key: each.passes for key, each in verdicts.items()}),
        )

    def _judged(self, searched: Filter, names: tuple[str, ...], types: Sequence[ValueType]) -> _Verdicts:
        if isinstance(searched, ChangesWith) and isinstance(searched.target, str):
            searched = replace(searched, target=self._address_of(searched.target))  # A name may move.
        key = (searched, names)
        found = self._verdicts.get(key)
        if found is None:
            judgement = judge(searched, self._recording, types)
            found = _Verdicts(np.packbits(judgement.passes, axis=1), np.packbits(judgement.unknown, axis=1))
            self._verdicts[key] = found
            while len(self._verdicts) > _REMEMBERED:
                self._verdicts.popitem(last=False)
        self._verdicts.move_to_end(key)
        return found

    def _scope(self, search: Search, types: Sequence[ValueType]) -> U8:
        """Return the candidates among which to search, a bit each."""
        key = replace(search, filters=())
        if key not in self._scopes:
            self._scopes = {key: self._all_in_scope(search, types)}
        return self._scopes[key]

    def _all_in_scope(self, search: Search, types: Sequence[ValueType]) -> U8:
        history = self._recording.history
        chosen = self._chosen(search)
        addresses = history.addresses()
        scope = np.zeros((len(types), history.size), np.bool_)
        for row, kind in enumerate(types):
            fits = history.fits(kind.width)
            scope[row, : len(fits)] = fits & chosen[: len(fits)]
            if search.aligned:
                scope[row] &= addresses % kind.width == 0
        return np.packbits(scope, axis=1)

    def _chosen(self, search: Search) -> Bools:
        """Return whether each byte is in the chosen regions and ranges."""
        history = self._recording.history
        addresses = history.addresses()
        names = [region.name for region in history.regions]
        for name in search.regions:
            if name not in names:
                raise FilterError(f"There is no region {name[:60]!r} in this recording: it has {', '.join(names)}.")
        chosen = np.concatenate(
            [np.full(region.size, not search.regions or region.name in search.regions) for region in history.regions]
        )
        if search.ranges:
            inside = np.zeros(len(addresses), np.bool_)
            for each in search.ranges:
                found = each.holds(addresses)
                if not found.any():
                    regions = ", ".join(f"{region.name} at {hex_word(region.base)}" for region in history.regions)
                    raise FilterError(f"No address of {each} was recorded: the regions are {regions}.")
                inside |= found
            chosen &= inside
        for each in search.excluded:
            chosen &= ~each.holds(addresses)
        return chosen

    def _candidates(
        self, left: Bools, types: Sequence[ValueType], number: int, order: Order, limit: int
    ) -> Iterator[Candidate]:
        history = self._recording.history
        memory = history.memory_at(number)
        with np.errstate(invalid="ignore"):  # Any bytes may be read as floats.
            ranking = rank(
                left,
                types,
                memory,
                counts=history.all_change_counts,
                addresses=history.addresses(),
                order=order,
                limit=limit,
            )
        for position, row, changes in zip(
            ranking.positions.tolist(), ranking.rows.tolist(), ranking.changes.tolist(), strict=True
        ):
            kind = types[row]
            address = history.address_of(position)
            yield Candidate(
                address=address,
                region=_region_at(history.regions, address),
                type=kind.name,
                also=tuple(types[other].name for other in np.flatnonzero(left[:, position]).tolist() if other != row),
                value=kind.read(memory.image[position : position + kind.width].tobytes())
                if memory.known[position : position + kind.width].all()
                else None,
                changes=changes,
                curve=self._curve(position, kind, changes),
            )

    def _curve(self, position: int, kind: ValueType, changes: int) -> Curve:
        history, timeline = self._recording.history, self._recording.timeline
        times = None
        if changes > _SAMPLED:
            places = np.unique(np.linspace(0, len(timeline) - 1, _CURVE_POINTS).astype(np.int32))
            times = (places + 1) * np.int32(timeline.stride) - np.int32(1)
        steps = history.values_of(position, kind, times)
        valid = steps.typed.where_valid(steps.known)
        with np.errstate(invalid="ignore"):
            heights = np.where(valid, steps.typed.values, np.nan)
        kept = thinned(steps.time, heights, _CURVE_POINTS)
        numbers = timeline.numbers_at(steps.time[kept]).tolist()
        values = zip(steps.typed.values[kept].tolist(), valid[kept].tolist(), strict=True)
        return Curve(tuple(numbers), tuple(value if is_valid else None for value, is_valid in values))


def _region_at(regions: Sequence[Region], address: int) -> str:
    return next(region.name for region in regions if region.base <= address < region.base + region.size)


def _size(flags: U8) -> int:
    return int(np.bitwise_count(flags).sum(dtype=np.int64))


def _addresses(flags: U8) -> int:
    """Count the addresses of candidates, each once."""
    return _size(np.bitwise_or.reduce(flags, axis=0))


def _hint(scope: U8, passing: Mapping[Filter, U8]) -> str:
    """Say why nothing is left."""
    if not scope.any():
        return "Nothing is searched: no address is in the chosen regions and ranges."
    for each, passes in passing.items():
        if not (passes & scope).any():
            return f"No address passes `{each}` alone: change it or switch it off."
    pairs = list(combinations(passing.items(), 2))
    for (one, passes), (other, others) in pairs:
        if len(passing) > _PAIR and not (passes & others & scope).any():
            return f"No address passes both `{one}` and `{other}`: change one or switch it off."
    without = {
        each: _size(reduce(np.bitwise_and, [passes for key, passes in passing.items() if key is not each], scope))
        for each in passing
    }
    best = max(without, key=without.__getitem__)
    if len(passing) == _PAIR:
        return f"No address passes both `{pairs[0][0][0]}` and `{pairs[0][1][0]}`: change one or switch it off."
    if without[best]:
        return f"No address passes all of them; without `{best}` {counted(without[best], 'candidate')} would be left."
    return "No address passes all of them, nor all but one: switch some off."


def _check_number(searched: Filter, types: Sequence[ValueType]) -> None:
    """Refuse a number that no value of the chosen types can be."""
    match searched:
        case Compared(Comparison.EQUAL, int() | float() as number, _):
            least, greatest = number, number
        case Between(least, greatest, _):
            pass
        case _:
            return
    if not any(kind.least <= greatest and least <= kind.greatest for kind in types):
        ranges = ", ".join(f"{kind.name} ({kind.format(kind.least)} to {kind.format(kind.greatest)})" for kind in types)
        raise FilterError(f"`{searched}` fits none of the chosen types: {ranges}.")


def _is_settled(searched: Filter) -> bool:
    """Return whether verdicts stay when the recording grows or is labelled."""
    match searched:
        case Compared(_, to, at):
            moments: tuple[object, ...] = (to, at)
        case Between(_, _, at):
            moments = (at,)
        case OnlyIn():
            return False
        case _:
            moments = (searched.stretch.start, searched.stretch.end)
    return not any(each is End.LAST or isinstance(each, LabelEdge) for each in moments)
