"""Session and query of a request to the HTTP interface, checked in one way. Shell."""

from collections.abc import Callable, Collection

from flask import request

from protocol.link.messages import MAX_SET
from webui.access.connections import IS_GONE
from webui.archive.folders import Archive
from webui.errors import QueryError
from webui.live.live_state import LiveState
from webui.offload import offload

__all__ = ["browser_is_gone", "parameters", "refuse_other_parameters", "require_session", "whole_number"]

_MOST_DIGITS = 12


def require_session(session: str, state: LiveState, archive: Callable[[], Archive]) -> None:
    """Require that there is a session, recorded just now or on disk.

    Args:
        session: its id.
        state: of the daemon, as last known.
        archive: gives the data folder's reader.

    Raises:
        MissingError: there is none.
        LayoutError: no session can have that name.
    """
    if session not in state.sessions:
        offload(archive().must_exist, session)


def refuse_other_parameters(known: Collection[str] = ()) -> None:
    """Refuse a query with a parameter that the route does not know.

    Raises:
        QueryError: there is one.
    """
    for name in request.args:
        if name not in known:
            raise QueryError(f"There is no parameter {name[:60]!r}.")


def whole_number(name: str, default: int) -> int:
    """Read a parameter of the query that is a number.

    Raises:
        QueryError: it is none, or larger than any number of a frame set.
    """
    text = request.args.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < _MOST_DIGITS and int(text) <= MAX_SET):
        raise QueryError(f"`{name}` is a whole number from 0 to {MAX_SET}.")
    return int(text)


def parameters(texts: Collection[str] = (), numbers: Collection[str] = ()) -> dict[str, str | int]:
    """Read the parameters of the query; those that are missing are left out.

    Args:
        texts: names of those that are texts.
        numbers: names of those that are whole numbers.

    Raises:
        QueryError: one is no number, or not known.
    """
    refuse_other_parameters({*texts, *numbers})
    return {name: whole_number(name, 0) if name in numbers else text for name, text in request.args.items()}


def browser_is_gone() -> Callable[[], bool]:
    """Return a function that says whether the browser of this request has ended its connection."""
    is_gone: Callable[[], bool] = request.environ.get(IS_GONE, _is_there)
    return is_gone


def _is_there() -> bool:
    """Stand in for `IS_GONE` under a server that is not ours."""
    return False
