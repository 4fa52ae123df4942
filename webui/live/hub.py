"""Hub between the bus and the browsers: passes each update to those it concerns. Shell."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic, time
from typing import Any

import gevent
from flask import request
from flask_socketio import SocketIO

from protocol.bus.messages import Publication, Topic
from protocol.errors import GbatraceError
from protocol.wording import own_fault
from webui.archive.folders import Archive
from webui.archive.index import Index
from webui.archive.index_rows import ranges_of
from webui.archive.label_options import label_options
from webui.live.feed import Feed, Message
from webui.live.live_state import DaemonChanged, LiveState, Published, Resynchronised, SessionsChanged, Update
from webui.live.presenters import (
    present_event,
    present_frame_set,
    present_label_options,
    present_labels,
    present_names,
    present_preview,
    present_problem,
    present_session,
    present_state,
    present_watched,
    present_welcome,
)
from webui.offload import offload

__all__ = ["BrowserHub"]

_OPENING = 0.2
"""Seconds after which a session is shown even if the index has not read all of it."""

_REFRESH = 2.0
"""Seconds between two snapshots of a session that is still being read."""

_FAILED = f"{own_fault('read the session')} Reload the page to try again."

_UNSENT = f"{own_fault('send something to this page')} Reload the page."

_MAX_DELAY = 60_000
"""Ms; a longer or negative delay means that the emulator has another clock."""


@dataclass(slots=True)
class _Browser:
    sid: str
    feed: Feed = field(default_factory=Feed)
    session: str = ""
    watches: int = 0
    """Count of its choices of a session: the snapshot of an earlier choice is discarded."""
    has_holes: bool = False
    """True while its last snapshot was incomplete."""


class BrowserHub:
    """All connected browsers.

    Args:
        socketio: the browsers' server.
        state: of the daemon, as last known.
        archive: gives the data folder's reader.
        index: gives the data folder's index.
        server_id: identifies this run of the page server.
        version: of the package.
        chosen: called with a session that somebody looks at; may take its time.
    """

    def __init__(
        self,
        socketio: SocketIO,
        state: LiveState,
        archive: Callable[[], Archive],
        index: Callable[[], Index],
        server_id: str,
        version: str,
        chosen: Callable[[str], None] = lambda _session: None,
    ) -> None:
        self._socketio = socketio
        self._chosen = chosen
        self._state = state
        self._archive = archive
        self._index = index
        self._server = (server_id, version)
        self._browsers: dict[str, _Browser] = {}
        self._learning: set[str] = set()
        socketio.on_event("connect", self._on_connect)
        socketio.on_event("disconnect", self._on_disconnect)
        socketio.on_event("watch", self._on_watch)
        # The most frequent message of browsers: it bypasses Flask's context, which costs more than the work.
        socketio.server.on("seen", self._on_seen)

    def report(self, update: Update) -> None:
        """Pass an update of the bus on to the browsers it concerns."""
        match update:
            case DaemonChanged() | SessionsChanged():
                self._offer(present_state(self._state))
            case Resynchronised():
                self._index().invalidate()
                self._offer(present_state(self._state))
                for session in {browser.session for browser in self._browsers.values() if browser.session}:
                    gevent.spawn(self._show, session, self._watching(session))
            case Published(publication):
                try:
                    self._pass_on(publication)
                except (KeyError, TypeError, ValueError, AttributeError) as error:
                    sys.stderr.write(f"A publication of session {publication.session} cannot be shown: {error!r}\n")
        self._flush(list(self._browsers.values()))

    def _pass_on(self, publication: Publication) -> None:
        session, body = publication.session, publication.body
        watching = self._watching(session)
        self._index().enqueue(publication)
        match publication.topic:
            case Topic.SESSION:
                self._offer(present_session(body["session"]))
            case Topic.EVENT:
                self._offer(present_event(session, body["event"]), watching)
            case Topic.LABELS:
                self._offer(present_labels(body), watching)
            case Topic.NAMES:
                self._offer(present_names(body))
            case Topic.LABEL_SETS:
                gevent.spawn(self._show_label_options)
            case Topic.SET:
                self._offer(present_frame_set(body))
                if watching:
                    preview = present_preview(body, _delay(body["frame_set"]["timestamp"]))
                    for browser in watching:
                        browser.feed.offer_preview(preview, monotonic())

    def _offer(self, message: Message, browsers: "list[_Browser] | None" = None) -> None:
        for browser in self._browsers.values() if browsers is None else browsers:
            browser.feed.offer(message)

    def _flush(self, browsers: "Sequence[_Browser]") -> None:
        """Send what may be sent now; what goes to several browsers is encoded once."""
        rooms: dict[tuple[Message, ...], list[str]] = {}
        for browser in browsers:
            rooms.setdefault(tuple(browser.feed.take()), []).append(browser.sid)
        for messages, sids in rooms.items():
            for message in messages:
                self._emit(message, sids)
        for browser in browsers:
            if browser.feed.overdue:
                self._socketio.server.disconnect(browser.sid)

    def _emit(self, message: Message, sids: list[str]) -> None:
        try:
            self._socketio.emit(message.event, message.body, to=sids)
        except (TypeError, ValueError, OverflowError) as error:
            # Both sides count messages, so another one takes the place of what cannot be encoded.
            sys.stderr.write(f"The message {message.event!r} cannot be sent: {error}\n")
            self._emit(present_problem(_UNSENT), sids)

    def _on_connect(self, *_: Any) -> None:
        browser = _Browser(_sid())
        self._browsers[browser.sid] = browser
        browser.feed.offer(present_welcome(self._state, *self._server, round(time() * 1000)))
        self._flush([browser])

    def _on_disconnect(self, *_: Any) -> None:
        self._browsers.pop(_sid(), None)

    def _on_watch(self, argument: Any) -> dict[str, Any]:
        browser = self._browsers.get(_sid())
        match argument:
            case {"session": str(session)} if browser is not None:
                shown = self._show(session, [browser])
                gevent.spawn(self._chosen, session)
                return shown
            case _:
                return {"ok": False, "message": "A request to watch must name a session."}

    def _on_seen(self, sid: str, number: Any = None, *_: Any) -> None:
        browser = self._browsers.get(sid)
        if browser is not None and type(number) is int:
            browser.feed.acknowledge(number, monotonic())
            self._flush([browser])

    def _watching(self, session: str) -> "list[_Browser]":
        return [browser for browser in self._browsers.values() if browser.session == session]

    def _show(self, session: str, browsers: "Sequence[_Browser]") -> dict[str, Any]:
        """Read a session once and show it to some browsers; returns the answer to `watch`."""
        watches = []
        for browser in browsers:
            browser.session, browser.watches = session, browser.watches + 1
            browser.feed.hold()
            watches.append(browser.watches)
        snapshot, ok = present_problem(_FAILED), False
        try:
            snapshot = present_watched(session, *offload(_read_session, self._archive(), self._index(), session))
            ok = True
        except GbatraceError as error:
            snapshot = present_problem(str(error))
        finally:
            has_holes = snapshot.body.get("unread", 0) > 0
            for browser, watch in zip(browsers, watches, strict=True):
                if watch == browser.watches:
                    browser.has_holes = has_holes
                    browser.feed.release(snapshot)
                    self._flush([browser])
            if has_holes:
                gevent.spawn(self._learn, session)
        return {"ok": True} if ok else {"ok": False, **snapshot.body}

    def _show_label_options(self) -> None:
        """Read the options of every session that is watched once more: a label set was edited."""
        for session in {browser.session for browser in self._browsers.values() if browser.session}:
            options = offload(label_options, self._archive().data_folder, session).as_map()
            watching = self._watching(session)
            self._offer(present_label_options(session, options), watching)
            self._flush(watching)

    def _learn(self, session: str) -> None:
        """Read the rest of a session while somebody watches it, with new snapshots meanwhile."""
        if session in self._learning:
            return
        self._learning.add(session)
        try:
            while any(browser.has_holes for browser in self._watching(session)):
                shown = monotonic()
                while offload(self._index().read_some, session) and monotonic() - shown < _REFRESH:
                    pass
                self._show(session, [browser for browser in self._watching(session) if browser.has_holes])
        finally:
            self._learning.discard(session)


def _read_session(
    archive: Archive, index: Index, session: str
) -> tuple[list[list[int]], list[dict[str, Any]], dict[str, Any]]:
    opened = monotonic()
    ranges, events = ranges_of(index.frame_sets(session)), archive.events(session)
    left = index.unread(session)
    while left and monotonic() - opened < _OPENING:
        left = index.read_some(session)
    options = label_options(archive.data_folder, session).as_map()
    snapshot = {**index.snapshot(session), "unread": left, "label_options": options, "used_values": index.values()}
    return ranges, events, snapshot


def _delay(timestamp: int) -> int | None:
    delay = round(time() * 1000) - timestamp
    return delay if 0 <= delay <= _MAX_DELAY else None


def _sid() -> str:
    return str(request.sid)  # type: ignore[attr-defined]
