"""Alarms as one line of text: a condition, and what happens when it comes true. Pure.

============================================  =========================================================
`< 5`, `= 0`, `between 3 9`                   the value comes to be so
`changed`, `rose`, `fell`, `changed by -3`    the value changes so, each time
`fell then mark`                              a mark is dropped, as without `then`
`< 5 then latch context=danger`               every frame set from then on gets the label
`= 0 then label outcome=lost`                 the frame set gets the label
============================================  =========================================================

Conditions are filters of a search without a moment (`daemon.analysis.filters`). The name of the value may stand before
it: `hp < 5`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from daemon.analysis.filters import Between, ChangedBy, Compared, Filter, Moved, Movement, parse_filter
from daemon.analysis.moments import ALL, End, LabelValue, read_label
from daemon.analysis.tokens import TokenReader, quoted
from daemon.analysis.value_types import Number
from protocol.errors import FilterError

__all__ = ["Action", "AlarmRule", "Condition", "parse_alarm"]

_THEN = re.compile(r"\s+then(?:\s+|$)", re.IGNORECASE)
_TOLERANCE = 1e-9
"""Of differences of values with a fraction."""


class Action(StrEnum):
    """Effect of an alarm."""

    MARK = "mark"
    LATCH = "latch"
    LABEL = "label"


@dataclass(frozen=True, slots=True)
class Condition:
    """Condition on a value, true or false of a change from one value to the next."""

    filter: Compared | Between | Moved | ChangedBy

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
                return now != before and abs(now - before - by) <= _TOLERANCE
            case _:
                return self._holds(now) and not self._holds(before)

    def __str__(self) -> str:
        return str(self.filter).removesuffix(f" @ {End.LAST}").removesuffix(f" {ALL}")

    def _holds(self, value: Number) -> bool:
        match self.filter:
            case Between(low, high):
                return low <= value <= high
            case Compared(how, int() | float() as number):
                return bool(how.function(value, number))
            case _:
                return False


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


def parse_alarm(text: str, name: str = "") -> AlarmRule:
    """Read an alarm.

    Args:
        text: the line.
        name: of the value; may stand before the condition.

    Raises:
        FilterError: it is none; the sentence says what would be right.
    """
    condition, *actions = _THEN.split(text.strip(), maxsplit=1)
    for own in filter(None, (name, quoted(name))):
        if condition.startswith(f"{own} "):
            condition = condition.removeprefix(own).strip()
            break
    parsed = _condition(parse_filter(condition))
    return _with_action(parsed, actions[0]) if actions else AlarmRule(parsed)


def _condition(parsed: Filter) -> Condition:
    match parsed:
        case Compared(_, int() | float(), End.LAST) | Between(_, _, End.LAST):
            return Condition(parsed)
        case Moved(Movement.ROSE | Movement.FELL | Movement.CHANGED, stretch) | ChangedBy(_, stretch) if stretch == ALL:
            return Condition(parsed)
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
