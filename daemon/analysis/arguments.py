"""Arguments of a question about memory, checked as they are taken. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from daemon.analysis.value_types import ValueType, value_type
from protocol.errors import AnalysisError
from protocol.link.messages import MAX_SET
from protocol.session.layout import session_id

__all__ = ["Arguments"]

_HEX_ADDRESS = re.compile(r"(?:0[xX])?[0-9A-Fa-f]{1,8}")


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

    def address(self) -> int:
        """Return a bus address: a number, or hex digits with or without `0x`.

        Raises:
            AnalysisError: it is none.
        """
        value = self._given.get("address")
        if isinstance(value, str) and _HEX_ADDRESS.fullmatch(value):
            return int(value, 16)
        if type(value) is int and 0 <= value <= 0xFFFF_FFFF:
            return value
        raise AnalysisError("This question needs `address`, a number or up to eight hex digits.")

    def type(self) -> ValueType:
        """Return the value type; u8 where none is given.

        Raises:
            ValueTypeError: there is none of that name.
        """
        return value_type(self.text("type", "u8"))
