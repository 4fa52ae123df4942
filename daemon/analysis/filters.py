"""Filters of a search: a line of text each, to dataclasses and back to the same text. Pure.

=====================================  ===============================================================
`= 7 @ last`, `< 10 @ 300`             the value at a moment against a number: `=` `!=` `<` `>` `<=` `>=`
`= @300 @ last`, `> @mark 1 @ mark 2`  the value at the second moment against that at the first
`between 3 9 @ 300`                    from 3 to 9, both among them
`rose 300..700`, `fell 300..700`       the value at the end against that at the start
`changed 300..700`, `same 300..700`    another value at any moment in between, or never
`changed by -3 300..700`               the difference between end and start
`times >= 4 300..700`                  how often it changed
`only while A+Right`                   it changed, and only while these buttons were held
`only in context=battle`               it changed, and only in frame sets with this label
`changes with 0x03000A14`              whenever that byte changed, this did as well
=====================================  ===============================================================

Without a moment the last is meant, without a stretch the whole recording. Several filters are separated by `;` or line
breaks. What they mean exactly, `daemon/analysis/search.py` says.
"""

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from daemon.analysis.addresses import parse_address
from daemon.analysis.moments import (
    ALL,
    End,
    LabelValue,
    Moment,
    Stretch,
    read_label,
    read_moment,
    read_stretch,
)
from daemon.analysis.tokens import Token, TokenKind, TokenReader, quoted
from daemon.analysis.value_types import Number

__all__ = [
    "Between",
    "ChangedBy",
    "ChangesWith",
    "Compared",
    "Comparison",
    "Filter",
    "Moved",
    "Movement",
    "OnlyIn",
    "OnlyWhile",
    "Times",
    "filters_text",
    "parse_filter",
    "parse_filters",
]

_LARGEST_EXACT = 2**53
_LARGEST_WHOLE = 2**64
"""Beyond every whole value: larger numbers are floats, so that they are written as briefly as they are read."""

_FILTERS = (
    "a filter (= 7 @ last, between 3 9 @ 300, rose, fell, changed, same, changed by 3, times >= 4, only while A, "
    "only in context=battle, changes with 0x03000A14)"
)


class Comparison(StrEnum):
    """Relation of two numbers."""

    EQUAL = "="
    DIFFERENT = "!="
    LESS = "<"
    GREATER = ">"
    AT_MOST = "<="
    AT_LEAST = ">="

    @property
    def function(self) -> Callable[[Any, Any], Any]:
        """The comparison itself, of numbers or of arrays of them."""
        return _FUNCTIONS[self]


_FUNCTIONS: Mapping[Comparison, Callable[[Any, Any], Any]] = {
    Comparison.EQUAL: operator.eq,
    Comparison.DIFFERENT: operator.ne,
    Comparison.LESS: operator.lt,
    Comparison.GREATER: operator.gt,
    Comparison.AT_MOST: operator.le,
    Comparison.AT_LEAST: operator.ge,
}


class Movement(StrEnum):
    """Movement of a value over a stretch."""

    ROSE = "rose"
    FELL = "fell"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Compared:
    """The value at a moment against a number, or against itself at another moment."""

    how: Comparison
    to: Number | Moment
    at: Moment

    def __str__(self) -> str:
        to = _number_text(self.to) if isinstance(self.to, int | float) else f"@{self.to}"
        return f"{self.how} {to} @ {self.at}"


@dataclass(frozen=True, slots=True)
class Between:
    """The value at a moment from `low` to `high`, both among them."""

    low: Number
    high: Number
    at: Moment

    def __str__(self) -> str:
        return f"between {_number_text(self.low)} {_number_text(self.high)} @ {self.at}"


@dataclass(frozen=True, slots=True)
class Moved:
    """The value at the end of a stretch against that at its start, or at every moment between."""

    how: Movement
    stretch: Stretch

    def __str__(self) -> str:
        return f"{self.how} {self.stretch}"


@dataclass(frozen=True, slots=True)
class ChangedBy:
    """The difference between the value at the end of a stretch and that at its start."""

    by: Number
    stretch: Stretch

    def __str__(self) -> str:
        return f"changed by {_number_text(self.by)} {self.stretch}"


@dataclass(frozen=True, slots=True)
class Times:
    """The number of changes within a stretch."""

    how: Comparison
    count: int
    stretch: Stretch

    def __str__(self) -> str:
        return f"times {self.how} {self.count} {self.stretch}"


@dataclass(frozen=True, slots=True)
class OnlyWhile:
    """Changes, and only while all of these buttons were held.

    Names joined by `+`, or `None` for no button.
    """

    buttons: str
    stretch: Stretch

    def __str__(self) -> str:
        return f"only while {quoted(self.buttons)} {self.stretch}"


@dataclass(frozen=True, slots=True)
class OnlyIn:
    """Changes, and only in frame sets with a label."""

    label: LabelValue
    stretch: Stretch

    def __str__(self) -> str:
        return f"only in {self.label} {self.stretch}"


@dataclass(frozen=True, slots=True)
class ChangesWith:
    """Changes wherever another variable does.

    Args:
        target: bus address of the other, or its name in the book of names.
        stretch: within which.
    """

    target: int | str
    stretch: Stretch

    def __str__(self) -> str:
        return f"changes with {_target_text(self.target)} {self.stretch}"


Filter: TypeAlias = Compared | Between | Moved | ChangedBy | Times | OnlyWhile | OnlyIn | ChangesWith


def parse_filter(text: str) -> Filter:
    """Read one filter.

    Raises:
        FilterError: it is none; the sentence names the place and what would be right there.
    """
    reader = TokenReader(text)
    parsed = _read_filter(reader)
    if reader.ahead is not None:
        raise reader.error("the end of the filter")
    return parsed


def parse_filters(text: str) -> tuple[Filter, ...]:
    """Read filters that are separated by `;` or line breaks.

    Raises:
        FilterError: one of them is none; the sentence names the place and what would be right there.
    """
    reader = TokenReader(text)
    found: list[Filter] = []
    while reader.ahead is not None:
        if reader.take(TokenKind.END):
            continue
        found.append(_read_filter(reader))
        if not reader.is_at_end:
            raise reader.error('";" or the end of the filter')
    return tuple(found)


def filters_text(filters: Iterable[Filter]) -> str:
    """Write filters as `parse_filters` reads them."""
    return "; ".join(map(str, filters))


def _read_filter(reader: TokenReader) -> Filter:
    if token := reader.take(TokenKind.COMPARISON):
        to = read_moment(reader) if reader.take(TokenKind.AT) else _read_number(reader, "a number, or @ and a moment,")
        return Compared(Comparison(token.text), to, _read_at(reader))
    match reader.take_word("between", "rose", "fell", "same", "unchanged", "changed", "times", "only", "changes"):
        case "between":
            return _read_between(reader)
        case "rose" | "fell" as word if reader.take_word("by"):
            by = _read_number(reader, "the number by which it changed")
            return ChangedBy(by if word == "rose" else -by, _read_stretch(reader))
        case "changed" if reader.take_word("by"):
            return ChangedBy(_read_number(reader, "the number by which it changed"), _read_stretch(reader))
        case "rose" | "fell" | "same" | "changed" as word:
            return Moved(Movement(word), _read_stretch(reader))
        case "unchanged":
            return Moved(Movement.SAME, _read_stretch(reader))
        case "times":
            return _read_times(reader)
        case "only":
            return _read_only(reader)
        case "changes":
            if not reader.take_word("with"):
                raise reader.error('"with" and an address or a name')
            return ChangesWith(_read_target(reader), _read_stretch(reader))
    raise reader.error(_FILTERS)


def _read_between(reader: TokenReader) -> Between:
    low = _read_number(reader, "the smallest number")
    reader.take_word("and")
    high = _read_number(reader, "the largest number")
    if high < low:
        reader.step_back()
        raise reader.error(f"a number from {_number_text(low)} upwards")
    return Between(low, high, _read_at(reader))


def _read_times(reader: TokenReader) -> Times:
    token = reader.take(TokenKind.COMPARISON)
    how = Comparison(token.text) if token else Comparison.EQUAL
    count = reader.take(TokenKind.NUMBER)
    if count is None or not count.text.isdecimal():
        if count:
            reader.step_back()
        raise reader.error("a number of changes, such as times >= 4,")
    return Times(how, int(count.text), _read_stretch(reader))


def _read_only(reader: TokenReader) -> OnlyWhile | OnlyIn:
    if reader.take_word("in"):
        return OnlyIn(read_label(reader), _read_stretch(reader))
    if not reader.take_word("while"):
        raise reader.error('"while" and buttons, or "in" and a label,')
    buttons = reader.take(TokenKind.WORD, TokenKind.TEXT)
    if buttons is None or not buttons.text:
        if buttons:
            reader.step_back()
        raise reader.error("buttons, such as A or A+Right,")
    return OnlyWhile(buttons.text, _read_stretch(reader))


def _read_target(reader: TokenReader) -> int | str:
    token = reader.take(TokenKind.NUMBER, TokenKind.WORD, TokenKind.TEXT)
    if token and token.kind is TokenKind.TEXT and token.text:
        return token.text
    address = parse_address(token.text) if token else None
    if address is not None:
        return address
    if token and token.kind is TokenKind.WORD:
        return token.text
    if token:
        reader.step_back()
    raise reader.error("an address, such as 0x03000A14, or a name")


def _read_at(reader: TokenReader) -> Moment:
    if reader.take(TokenKind.AT):
        return read_moment(reader)
    if reader.is_at_end:
        return End.LAST
    raise reader.error("@ and a moment")


def _read_stretch(reader: TokenReader) -> Stretch:
    return ALL if reader.is_at_end else read_stretch(reader)


def _read_number(reader: TokenReader, wanted: str) -> Number:
    token = reader.take(TokenKind.NUMBER)
    number = _number(token) if token else math.inf
    if math.isinf(number):
        if token:
            reader.step_back()
        raise reader.error(wanted)
    return number


def _number(token: Token) -> Number:
    sign, digits = (-1, token.text[1:]) if token.text[0] == "-" else (1, token.text.removeprefix("+"))
    is_hex = digits[:2] in {"0x", "0X"}
    if is_hex or digits.isdecimal():
        whole = int(digits, 16 if is_hex else 10)
        return sign * (whole if whole < _LARGEST_WHOLE else float(whole))
    number = sign * float(digits)
    return int(number) if abs(number) < _LARGEST_EXACT and number.is_integer() else number


def _number_text(number: Number) -> str:
    return repr(number)


def _target_text(target: int | str) -> str:
    if isinstance(target, int):
        return f"0x{target:08X}"
    return f'"{target}"' if parse_address(target) is not None else quoted(target)
