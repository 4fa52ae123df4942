"""Arguments of a question about memory, checked as they are taken. Pure."""

from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum
from typing import Any, TypeVar

from daemon.analysis.addresses import read_address
from daemon.analysis.value_types import ValueType, value_type
from daemon.finding.evidence import Query
from protocol.errors import AnalysisError
from protocol.link.messages import MAX_SET
from protocol.session.layout import session_id

__all__ = ["QUERY_FIELDS", "Arguments"]

QUERY_FIELDS = tuple(field.name for field in fields(Query))
"""Names of the arguments that are a query."""

_Choice = TypeVar("_Choice", bound=StrEnum)


class Arguments:
    """Arguments of one question.

    Args:
        given: as they came.
        known: the names that the question has, `session` among them.

    Raises:
        AnalysisError: there is another one.
    """

    def __init__(self, given: Mapping[str, Any], known: tuple[str, ...]) -> None:
        unknown = sorted(map(str, set(given) - set(known)))
        if unknown:
            raise AnalysisError(f"This question has no argument {unknown[0][:60]!r}; it has {', '.join(known)}.")
        self._given = {name: value for name, value in given.items() if value is not None}

    def session(self) -> str:
        """Return the name of the session.

        Raises:
            AnalysisError: there is none.
            LayoutError: it cannot be one.
        """
        return session_id(self.text("session"))

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text.

        Raises:
            AnalysisError: it is none, or is missing and has no default.
        """
        value = self._given.get(name, default)
        if not isinstance(value, str):
            raise AnalysisError(f"This question needs `{name}`, a text.")
        return value

    def moment(self, name: str, default: int | str | None = None) -> int | str:
        """Return a moment: the number of a frame set, or a text as filters have it.

        Raises:
            AnalysisError: it is neither, or is missing and has no default.
        """
        value = self._given.get(name, default)
        if type(value) is int and 0 <= value <= MAX_SET:
            return value
        if isinstance(value, str):
            return value
        raise AnalysisError(f"This question needs `{name}`, the number of a frame set or another moment.")

    def number(self, name: str, default: int, least: int, greatest: int) -> int:
        """Return a whole number.

        Raises:
            AnalysisError: it is none, or outside of what is allowed.
        """
        value = self._given.get(name, default)
        if type(value) is not int or not least <= value <= greatest:
            raise AnalysisError(f"`{name}` is a whole number from {least} to {greatest}.")
        return value

    def choice(self, name: str, kind: type[_Choice], default: _Choice) -> _Choice:
        """Return one of several texts.

        Raises:
            AnalysisError: it is none of them.
        """
        value = self._given.get(name, default)
        if value not in list(kind):
            raise AnalysisError(f"`{name}` is one of {', '.join(kind)}.")
        return kind(value)

    def frame_sets(self, name: str, most: int) -> list[int] | None:
        """Return a list of numbers of frame sets; None where it is not given.

        Raises:
            AnalysisError: it is none, or has more than `most`.
        """
        value = self._given.get(name)
        if value is None:
            return None
        if not isinstance(value, list) or len(value) > most:
            raise AnalysisError(f"`{name}` is a list of at most {most} numbers of frame sets.")
        if not all(type(number) is int and 0 <= number <= MAX_SET for number in value):
            raise AnalysisError(f"`{name}` is a list of numbers of frame sets.")
        return value

    def texts(self, name: str, most: int) -> list[str]:
        """Return a list of texts; empty where it is not given.

        Raises:
            AnalysisError: it is none, or has more than `most`.
        """
        value = self._given.get(name, [])
        if not isinstance(value, list) or len(value) > most or not all(isinstance(text, str) for text in value):
            raise AnalysisError(f"`{name}` is a list of at most {most} texts.")
        return value

    def filters(self, most: int) -> list[dict[str, Any]]:
        """Return the filters of a search as maps: `filter`, and `on` where it is given.

        Raises:
            AnalysisError: they are not a list of such maps, or more than `most`.
        """
        value = self._given.get("where", [])
        if not isinstance(value, list) or len(value) > most or not all(map(_is_filter, value)):
            raise AnalysisError(f"`where` is a list of at most {most} filters: {{filter: text, on: true or false}}.")
        return value

    def flag(self, name: str) -> bool:
        """Return whether something is chosen; false where it is not given.

        Raises:
            AnalysisError: it is neither true nor false.
        """
        value = self._given.get(name, False)
        if not isinstance(value, bool):
            raise AnalysisError(f"`{name}` is true or false.")
        return value

    def address(self) -> int:
        """Return a bus address: a number, or hex digits with or without `0x`.

        Raises:
            AnalysisError: it is none.
        """
        address = read_address(self._given.get("address"))
        if address is None:
            raise AnalysisError("This question needs `address`, a number or up to eight hex digits.")
        return address

    def query(self) -> Query:
        """Return the query that is asked or kept.

        Raises:
            EvidenceError: one of its texts cannot be read.
        """
        return Query.from_map({name: value for name, value in self._given.items() if name in QUERY_FIELDS})

    def type(self) -> ValueType:
        """Return the value type; u8 where none is given.

        Raises:
            ValueTypeError: there is none of that name.
        """
        return value_type(self.text("type", "u8"))


def _is_filter(value: object) -> bool:
    match value:
        case {"filter": str(), "on": bool(), **more} | {"filter": str(), **more}:
            return not more
    return False
