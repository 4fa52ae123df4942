"""Alarms as one line of text: a condition, and what happens when it comes true. Pure.

============================================  =========================================================
`< 5`, `= 0`, `between 3 9`                   the value comes to be so
`changed`, `rose`, `fell`, `changed by -3`    the value changes so, each time
`fell then mark`                              a mark is dropped, as without `then`
`< 5 then latch context=danger`               every frame set from then on gets the label
`= 0 then label outcome=lost`                 the frame set gets the label
============================================  =========================================================

Conditions are filters of a search without a moment (`daemon.analysis.filters`), and compare values as a search does: a
number with a fraction stands for the nearest value of the type. One that can never come true is refused. The name of
the value may stand before it: `hp < 5`.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from daemon.analysis.filters import Between, ChangedBy, Compared, Filter, Moved, Movement, parse_filter
from daemon.analysis.moments import ALL, End, LabelValue, read_label
from daemon.analysis.tokens import TokenReader, quoted
from daemon.analysis.value_types import Number, ValueType
from protocol.errors import FilterError

__all__ = ["Action", "AlarmRule", "Condition", "parse_alarm"]

_THEN = re.compile(r"\s+then(?:\s+|$)", re.IGNORECASE)


class Action(StrEnum):
    """Effect of an alarm."""

    MARK = "mark"
    LATCH = "latch"
    LABEL = "label"


@dataclass(frozen=True, slots=True)
class Condition:
    """Condition on a value, true or false of a change from one value to the next.

    Args:
        filter: the filter whose moments are the change.
        type: of the value.
    """

    filter: Compared | Between | Moved | ChangedBy
    type: ValueType

    def comes_true(self, before: Number, now: Number) -> bool:
        """Return whether a change makes the condition true: of a state, that it was not true before."""
        match self.filter:
            case Moved(Movement.ROSE):
                return now > before
            case Moved(Movement.FELL):
                return now < before
            case Moved():
                return now != before
            case ChangedBy(by):
                return now != before and bool(self.type.differ_by(by, np.array(before), np.array(now)))
            case _:
                return self._holds(now) and not self._holds(before)

    @property
    def can_come_true(self) -> bool:
        """True where there are two values of the type from one of which to the other it comes true."""
        match self.filter:
            case Moved():
                return True
            case ChangedBy(by):
                nearest = self.type.comparable(abs(by))
                is_a_value = not self.type.is_whole or float(nearest).is_integer()
                return is_a_value and 0 < nearest <= self.type.greatest - self.type.least
            case _:
                return len({self._holds(value) for value in self._telling_values()}) > 1

    def __str__(self) -> str:
        return str(self.filter).removesuffix(f" @ {End.LAST}").removesuffix(f" {ALL}")

    def _holds(self, value: Number) -> bool:
        match self.filter:
            case Between(low, high):
                return self.type.comparable(low) <= value <= self.type.comparable(high)
            case Compared(how, int() | float() as number):
                return bool(how.function(value, self.type.comparable(number)))
            case _:
                return False

    def _telling_values(self) -> Iterator[Number]:
        """Values of the type of which some fulfil the condition, and some do not, where any do."""
        kind = self.type
        yield from (kind.least, kind.greatest)
        match self.filter:
            case Between(low, high):
                numbers = [low, high]
            case Compared(_, int() | float() as number):
                numbers = [number]
            case _:
                numbers = []
        for number in numbers:
            if kind.least <= number <= kind.greatest:
                nearest = kind.comparable(number)
                yield from (math.floor(nearest), math.ceil(nearest)) if kind.is_whole else (nearest,)


@dataclass(frozen=True, slots=True)
class AlarmRule:
    """Alarm of a watched value.

    Args:
        condition: when it fires.
        action: what happens then.
        label: for a latch or a label.
    """

    condition: Condition
    action: Action = Action.MARK
    label: LabelValue | None = None


def parse_alarm(text: str, kind: ValueType, name: str = "") -> AlarmRule:
    """Read an alarm.

    Args:
        text: the line.
        kind: type of the value.
        name: of the value; may stand before the condition.

    Raises:
        FilterError: it is none, or no value of the type can make it come true; the sentence says what would be right.
    """
    condition, *actions = _THEN.split(text.strip(), maxsplit=1)
    for own in filter(None, (name, quoted(name))):
        if condition.startswith(f"{own} "):
            condition = condition.removeprefix(own).strip()
            break
    parsed = _condition(parse_filter(condition), kind)
    if not parsed.can_come_true:
        least, greatest = kind.format(kind.least), kind.format(kind.greatest)
        raise FilterError(
            f"`{parsed}` can never come true: {kind.name} holds {'whole numbers from ' * kind.is_whole}{least} to "
            f"{greatest}, and an alarm fires when a value begins to be so."
        )
    return _with_action(parsed, actions[0]) if actions else AlarmRule(parsed)


def _condition(parsed: Filter, kind: ValueType) -> Condition:
    match parsed:
        case Compared(_, int() | float(), End.LAST) | Between(_, _, End.LAST):
            return Condition(parsed, kind)
        case Moved(Movement.ROSE | Movement.FELL | Movement.CHANGED, stretch) | ChangedBy(_, stretch) if stretch == ALL:
            return Condition(parsed, kind)
    raise FilterError(
        f"`{parsed}` is no condition of an alarm: it has no moment, and is one of < 5, = 0, between 3 9, rose, fell, "
        "changed, changed by 3."
    )


def _with_action(condition: Condition, text: str) -> AlarmRule:
    reader = TokenReader(text)
    action = Action(reader.take_word(*Action) or _refuse(reader))
    label = None if action is Action.MARK else read_label(reader)
    if reader.ahead is not None:
        raise reader.error("the end of the alarm")
    return AlarmRule(condition, action, label)


def _refuse(reader: TokenReader) -> str:
    raise reader.error("mark, latch context=danger or label outcome=lost")
