"""Registry of sessions: new, resumed, dormant, ended. Pure; chance and disk are passed in."""

import hmac
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from daemon.bizhawk.version import OLDEST, is_too_old, parse_version, version_text
from daemon.recording.session import Session
from daemon.recording.session_state import SessionIdentity, SessionState
from protocol.link.messages import Hello
from protocol.session.layout import session_id, session_slug, shortened
from protocol.session.metadata import resume_hash
from protocol.version import LINK_VERSION
from resources.game_config import GameConfig, choose_game_config

__all__ = ["MAX_DORMANT", "MAX_ENDED", "MAX_OPEN", "Sessions", "refusal"]

MAX_OPEN = 128
"""Sessions that are open at a time; each takes about a MiB."""

MAX_DORMANT = 4
"""Ended sessions whose emulator may still come back and go on with them."""

MAX_ENDED = 200
"""Ended sessions that are remembered for the page; the folders of all of them stay."""

_MAX_SLUG = 40
_ROOM_FOR_NUMBER = 10
"""Characters that a name leaves for its number, where there is a session of that name already."""


def refusal(hello: Hello, token: str = "") -> str | None:
    """Return why a greeting cannot be taken, in words that a player understands, or None.

    Args:
        hello: the greeting.
        token: what it must contain, empty where none is needed.
    """
    if token and not hmac.compare_digest(hello.token.encode("utf-8", "surrogatepass"), token.encode()):
        return "This daemon takes emulators only with its token: set `token` in config.lua to the one in its terminal."
    if hello.protocol != LINK_VERSION:
        return (
            f"This script speaks link version {hello.protocol}, the daemon version {LINK_VERSION}: "
            "use the event_logger.lua that came with this daemon."
        )
    if is_too_old(parse_version(hello.client)):
        return f"{hello.client} is too old: gbatrace needs BizHawk {version_text(OLDEST)} or newer."
    return None


class Sessions:
    """The sessions of this daemon, newest last.

    Args:
        game_configs: those to choose from.
        name_is_taken: returns whether there is a session folder of that name, upper and lower case being the same.
        new_token: makes a resume token that nobody can guess.
        new_uuid: makes a name that no other session has.
        session_name: the user's own name for the next session, or empty.
        link_token: what a greeting must contain, empty where none is needed.
    """

    def __init__(
        self,
        game_configs: Sequence[GameConfig],
        name_is_taken: Callable[[str], bool],
        new_token: Callable[[], str],
        new_uuid: Callable[[], str],
        session_name: str = "",
        link_token: str = "",
    ) -> None:
        self.link_token = link_token
        self._configs = tuple(game_configs)
        self._name_is_taken = name_is_taken
        self._new_token = new_token
        self._new_uuid = new_uuid
        self._session_name = session_id(session_name) if session_name else ""
        self._sessions: dict[str, Session] = {}
        self._dormant: OrderedDict[str, Session] = OrderedDict()
        self._ended: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._lost_for = _Durations()
        self._ended_for = _Durations()

    def __iter__(self) -> Iterator[Session]:
        """Iterate over the open sessions, from the oldest to the newest."""
        return iter(self._sessions.values())

    def greet(self, hello: Hello, now: int) -> Session:
        """Find the session that a greeting goes on with, or open a new one.

        A session that ended is gone on with as well while it is *dormant*: a script may be stopped and started again,
        and the daemon too. A new session that the disk refused is taken again by the next new greeting.

        Args:
            hello: a greeting without `refusal`.
            now: ms since the epoch.
        """
        session = self.find(hello) or Session(self._identity(hello, now), hello)
        if _is_token_of(hello.resume, session):
            session.token = hello.resume
        elif not session.token:
            session.give_token(self._new_token())
        self.take_over(session)
        return session

    def find(self, hello: Hello) -> Session | None:
        """Return the session that a greeting goes on with, if there is one."""
        for session in chain(self, self._dormant.values()):
            refused = session.is_untouched and session.state is SessionState.LOST
            if (refused or _is_token_of(hello.resume, session)) and _fits(session, hello):
                return session
        return None

    def take_over(self, session: Session) -> None:
        """Take a session as an open one: it was found on disk, or goes on after it had ended."""
        name = session.identity.session_id
        self._dormant.pop(name, None)
        self._ended.pop(name, None)
        self._sessions[name] = session

    def knows(self, name: str) -> bool:
        """Return whether this daemon records a session, or has recorded it."""
        return name in self._sessions or name in self._ended or name in self._dormant

    def retire(self, session: Session) -> None:
        """Keep the summary of a session that is finished, and for a while the session itself."""
        name = session.identity.session_id
        if self._sessions.pop(name, None) is None or session.is_untouched or session.is_empty:
            return
        self._ended[name] = session.summary()
        if len(self._ended) > MAX_ENDED:
            self._ended.popitem(last=False)
        self._dormant[name] = session
        if len(self._dormant) > MAX_DORMANT:
            self._dormant.popitem(last=False)

    def forget_dormant(self, now: float, patience: float) -> None:
        """Forget the sessions that ended more than `patience` seconds ago.

        Args:
            now: seconds of the monotonic clock.
            patience: in seconds.
        """
        for session in self._ended_for.longer_than(patience, self._dormant.values(), now):
            del self._dormant[session.identity.session_id]

    def are_full(self) -> bool:
        """Return whether no other session can be opened before one ends."""
        return len(self._sessions) >= MAX_OPEN

    def longest_lost(self) -> Session | None:
        """Return the session that has waited longest for its emulator, if any waits."""
        waiting = [session for session in self if session.state is SessionState.LOST]
        return min(waiting, key=lambda session: session.since) if waiting else None

    def summaries(self) -> list[dict[str, Any]]:
        """Return the summaries of open and ended sessions, newest first."""
        return sorted(
            [*self._ended.values(), *(session.summary() for session in self)],
            key=lambda summary: (summary["created"], summary["session_id"]),
            reverse=True,
        )

    def overdue(self, now: float, patience: float) -> list[Session]:
        """List the sessions that lost their emulator more than `patience` seconds ago.

        Args:
            now: seconds of the monotonic clock.
            patience: in seconds.
        """
        return self._lost_for.longer_than(
            patience, (session for session in self if session.state is SessionState.LOST), now
        )

    def _identity(self, hello: Hello, now: int) -> SessionIdentity:
        config = choose_game_config(self._configs, hello.rom_name, hello.rom_hash)
        game = config.game if config else hello.rom_name or hello.system
        stamp = datetime.fromtimestamp(now / 1000).astimezone().strftime("%Y%m%d-%H%M%S")
        name = self._free_name(self._session_name or f"{stamp}-{session_slug(game, _MAX_SLUG)}")
        return SessionIdentity(
            session_id=name,
            resume_sha256="",
            created=now,
            game_name=game,
            game_config=config.file if config else "",
            is_custom_name=bool(self._session_name),
            uuid=self._new_uuid(),
            config_content=config.content if config else {},
        )

    def _free_name(self, wanted: str) -> str:
        name, number = wanted, 1
        known = {known.casefold() for known in (*self._sessions, *self._ended)}
        while name.casefold() in known or self._name_is_taken(name):
            number += 1
            name = f"{shortened(wanted, _ROOM_FOR_NUMBER)}-{number}"
        return name


def _is_token_of(token: str, session: Session) -> bool:
    return token != "" and resume_hash(token) == session.identity.resume_sha256


class _Durations:
    """Durations in a state by the monotonic clock; `Session.since` is wall-clock time."""

    def __init__(self) -> None:
        self._first_seen: dict[tuple[str, int], float] = {}

    def longer_than(self, patience: float, sessions: Iterable[Session], now: float) -> list[Session]:
        """List the sessions, all in that state, first seen in it more than `patience` seconds ago."""
        keys = {(session.identity.session_id, session.since): session for session in sessions}
        self._first_seen = {key: self._first_seen.get(key, now) for key in keys}
        return [session for key, session in keys.items() if now - self._first_seen[key] > patience]


def _fits(session: Session, hello: Hello) -> bool:
    """Return whether a greeting can go on with a session: same game, memory and chunks."""
    first = session.hello
    return (first.rom_hash, first.regions, first.frames_per_set, first.scan_mode, first.buttons) == (
        hello.rom_hash,
        hello.regions,
        hello.frames_per_set,
        hello.scan_mode,
        hello.buttons,
    )
