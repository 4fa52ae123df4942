"""Label commands of browsers and programs: brought into the form of the bus and handed to the daemon, who alone writes.

A command names its frame sets as `frame_sets` (a list), `first` and `last`, `ranges` [[first, last]…] or
`seconds` and `until` (what was recorded in the last seconds up to a frame set); or it has several `parts` that do.
A command with a `command_id` may be sent again where no answer came: it is carried out once.
"""

from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any

import orjson
from flask_socketio import SocketIO

from protocol.errors import GbatraceError
from protocol.link.messages import MAX_SET
from protocol.session.annotations import checked_edit
from webui.archive.index import Index
from webui.errors import BusError, NotReadyError, QueryError
from webui.offload import offload

__all__ = ["Labelling"]

_COMMANDS = ("label", "latch", "undo", "redo")

_PATIENCE = 120.0
"""Seconds for a label command: one that concerns a whole long session writes tens of thousands of files."""

_SIGNED = ("session", "who", "origin", "command_id")
_TAGS = ("add_tags", "remove_tags")
_SETS = ("frame_sets", "first", "last", "ranges", "seconds", "until")
_PART = {*_TAGS, *_SETS, "labels"}
_KNOWN = {
    "label": {*_SIGNED, *_PART, "parts"},
    "latch": {*_SIGNED, "labels"},
    "undo": {*_SIGNED},
    "redo": {*_SIGNED},
}

_LONGEST = 1e9
"""Seconds that are as good as any more."""

_MAX_SETS = 100_000
"""Most frame sets in one command; their numbers fit into a request of the bus."""

_MAX_PARTS = 64
"""Most parts of a command."""

Ask = Callable[[str, Mapping[str, Any], float], Any]


class Labelling:
    """Passes label commands on.

    Args:
        ask: asks the daemon: command, arguments, patience in seconds.
        index: gives the index of the data folder.
    """

    def __init__(self, ask: Ask, index: Callable[[], Index]) -> None:
        self._ask = ask
        self._index = index

    def listen(self, socketio: SocketIO) -> None:
        """Answer the Socket.IO events `label`, `latch`, `undo` and `redo`.

        The answer is `{"ok": true, "result"}` or `{"ok": false, "message", "again"}`; `again` says that the daemon was
        not there and the same command may be sent again.
        """
        for command in _COMMANDS:
            socketio.on_event(command, self._handler(command))

    def carry_out(self, command: str, wish: Mapping[str, Any]) -> Any:
        """Carry a command out and return the daemon's answer.

        Raises:
            QueryError: the frame sets are named in no way that is known, or something is not what it should be.
            LabelError: a field or value cannot be given.
            BusError: the daemon is not there.
            CommandError: the daemon refuses.
        """
        _no_others(command, wish, _KNOWN[command])
        arguments: dict[str, Any] = {name: wish.get(name, "") for name in _SIGNED}
        if not all(isinstance(text, str) for text in arguments.values()):
            raise QueryError("A label command names its session, who gives it and from where, as texts.")
        match command, wish:
            case "label", {"parts": parts}:
                if not (isinstance(parts, list) and 0 < len(parts) <= _MAX_PARTS) or _PART & set(wish):
                    raise QueryError(f"`parts` is a list of 1 to {_MAX_PARTS} objects, and says all that is meant.")
                arguments["parts"] = [self._part(arguments["session"], part) for part in parts]
            case "label", _:
                arguments |= self._part(arguments["session"], {name: wish[name] for name in wish if name in _PART})
            case "latch", _:
                arguments["labels"] = _checked(wish.get("labels", {}))
        try:
            orjson.dumps(arguments)
        except orjson.JSONEncodeError:
            raise QueryError("The label holds signs that cannot be written.") from None
        return self._ask(command, arguments, _PATIENCE)

    def _handler(self, command: str) -> Callable[..., dict[str, Any]]:
        def handle(wish: Any = None, *_: Any) -> dict[str, Any]:
            if not isinstance(wish, dict):
                return {"ok": False, "again": False, "message": "A label command is an object."}
            try:
                return {"ok": True, "result": self.carry_out(command, wish)}
            except (BusError, NotReadyError) as error:
                return {"ok": False, "again": True, "message": str(error)}
            except GbatraceError as error:
                return {"ok": False, "again": False, "message": str(error)}

        return handle

    def _part(self, session: str, part: Any) -> dict[str, Any]:
        if not isinstance(part, dict):
            raise QueryError("A part of a label command is an object.")
        _no_others("label", part, _PART)
        tags = {name: _checked({"tags": part[name]})["tags"] for name in _TAGS if name in part}
        return {"labels": _checked(part.get("labels", {})), **tags, **self._meant(session, part)}

    def _meant(self, session: str, part: Mapping[str, Any]) -> dict[str, Any]:
        named = {name: part[name] for name in _SETS if name in part}
        match named:
            case {"frame_sets": list(numbers), **others} if not others and numbers and all(map(_is_number, numbers)):
                return named
            case {"first": first, "last": last, **others} if not others and _is_number(first) and _is_number(last):
                return named
            case {"ranges": list(ranges), **others} if not others and ranges and all(map(_is_range, ranges)):
                if len(ranges) == 1:
                    return {"first": ranges[0][0], "last": ranges[0][1]}
                if sum(last - first + 1 for first, last in ranges) > _MAX_SETS:
                    raise QueryError(f"One command can label at most {_MAX_SETS} frame sets in several ranges.")
                return {"frame_sets": list(chain.from_iterable(range(first, last + 1) for first, last in ranges))}
            case {"seconds": seconds, "until": until, **others} if not others and _is_number(until):
                if type(seconds) not in {int, float} or not seconds >= 0:
                    raise QueryError("`seconds` is a number that is not negative.")
                first, last = offload(_last_seconds, self._index(), session, until, min(seconds, _LONGEST))
                return {"first": first, "last": last}
            case _:
                raise QueryError(
                    "A label command names its frame sets as `frame_sets`, `ranges`, `first` and `last`, "
                    "or `seconds` and `until`."
                )


def _last_seconds(index: Index, session: str, until: int, seconds: float) -> tuple[int, int]:
    """Find the frame sets of the last seconds; their labels need not be known for that."""
    index.compare(session)
    return index.last_seconds(session, until, seconds)


def _no_others(command: str, wish: Mapping[str, Any], known: set[str]) -> None:
    unknown = set(wish) - known
    if unknown:
        raise QueryError(f"A {command} command has no {min(unknown)[:60]!r}.")


def _checked(labels: Any) -> dict[str, Any]:
    if not isinstance(labels, dict):
        raise QueryError("`labels` holds new values by field.")
    return {name: list(value) if isinstance(value, tuple) else value for name, value in checked_edit(labels).items()}


def _is_number(number: Any) -> bool:
    return type(number) is int and 0 <= number <= MAX_SET


def _is_range(pair: Any) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(map(_is_number, pair))
