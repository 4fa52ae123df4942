"""Client of the bus: two ZeroMQ sockets on gevent. Shell around `live_state`."""

import itertools
from collections.abc import Callable, Mapping
from time import time
from typing import Any

import gevent
import zmq.green as zmq
from gevent.event import AsyncResult, Event
from zmq.utils.monitor import recv_monitor_message

from protocol.bus.messages import Request, pack_request, unpack_answer, unpack_publication
from protocol.errors import MessageError
from webui.errors import BusError, CommandError
from webui.live.live_state import LiveState, Update

__all__ = ["BusClient"]

_HEARTBEAT = 5.0
"""Seconds between two heartbeats: requests for the daemon's state."""

_PATIENCE = 3.0
"""Seconds that the daemon may take to answer."""

_PAUSE = 1.0
"""Least seconds between two requests for the state after lost publications."""

_SETTLING = 0.2
"""Seconds after a connection is made for the subscription to reach the publisher."""

_RECONNECT_MS = (100, 1000)
"""Shortest and longest wait between two attempts to connect."""

_MAX_UNREAD = 2000
"""Publications that ZeroMQ queues while we are busy; more are lost and show as a gap."""


class BusClient:
    """Keeps a `LiveState` in step with the daemon, and reports its updates.

    Args:
        bus_pub: ZeroMQ address of the daemon's PUB socket.
        bus_router: ZeroMQ address of its ROUTER socket.
        state: the state to keep.
        report: called with each update, in order, from one greenlet at a time; must not wait.
        secret: of the bus; every command carries it.

    Attributes:
        in_step: set from the daemon's first answer on.
    """

    def __init__(
        self, bus_pub: str, bus_router: str, state: LiveState, report: Callable[[Update], None], secret: str = ""
    ) -> None:
        self._addresses = (bus_pub, bus_router)
        self._state = state
        self._report = report
        self._secret = secret
        self._context = zmq.Context()
        self._subscriber = self._socket(zmq.SUB)
        self._dealer = self._socket(zmq.DEALER)
        self._subscriber.setsockopt(zmq.SUBSCRIBE, b"")
        self._connected: set[int] = set()
        self.in_step = Event()
        self._wake = Event()
        self._ids = itertools.count(1)
        self._waiting: dict[int, AsyncResult[Any]] = {}
        self._greenlets: list[gevent.Greenlet[..., None]] = []

    def start(self) -> None:
        """Connect, and go on connecting whenever the daemon comes back."""
        self._greenlets = [
            gevent.spawn(task) for task in (self._read_publications, self._read_answers, self._follow_state)
        ]
        for socket, address in zip((self._subscriber, self._dealer), self._addresses, strict=True):
            monitor = socket.get_monitor_socket(zmq.EVENT_HANDSHAKE_SUCCEEDED | zmq.EVENT_DISCONNECTED)
            self._greenlets.append(gevent.spawn(self._watch, id(socket), monitor))
            socket.connect(address)

    def join(self) -> None:
        """Wait until `stop` is called; an unexpected error is raised here."""
        gevent.joinall(self._greenlets, raise_error=True)

    def stop(self) -> None:
        """End every greenlet and close the sockets."""
        gevent.killall(self._greenlets)
        self._context.destroy(linger=0)

    def request(self, command: str, arguments: Mapping[str, Any], patience: float = _PATIENCE) -> Any:
        """Ask the daemon and wait for its answer, at most `patience` seconds.

        Raises:
            BusError: it is not there, or does not answer in time.
            CommandError: it refuses.
        """
        if len(self._connected) < 2:
            raise BusError("The daemon is not running: start it with `gbatrace serve`.")
        number = next(self._ids)
        result: AsyncResult[Any] = AsyncResult()
        self._waiting[number] = result
        try:
            with gevent.Timeout(patience, BusError("The daemon does not answer.")):
                self._dealer.send(pack_request(Request(number, command, arguments, self._secret)))
                return result.get()
        finally:
            del self._waiting[number]

    def _socket(self, kind: int) -> "zmq.Socket[bytes]":
        socket = self._context.socket(kind)
        socket.setsockopt(zmq.LINGER, 0)
        socket.setsockopt(zmq.RCVHWM, _MAX_UNREAD)
        socket.setsockopt(zmq.RECONNECT_IVL, _RECONNECT_MS[0])
        socket.setsockopt(zmq.RECONNECT_IVL_MAX, _RECONNECT_MS[1])
        return socket

    def _watch(self, connection: int, monitor: "zmq.Socket[bytes]") -> None:
        while True:
            if recv_monitor_message(monitor)["event"] == zmq.EVENT_DISCONNECTED:
                self._connected.discard(connection)
                self._lose_daemon()
            else:
                gevent.sleep(_SETTLING)
                self._connected.add(connection)
                self._wake.set()

    def _read_publications(self) -> None:
        while True:
            # Reading does not yield while there is more to read: answers and browsers get their turn.
            gevent.sleep(0)
            try:
                publication = unpack_publication(self._subscriber.recv_multipart())
            except MessageError:
                continue
            for update in self._state.take_publication(publication):
                self._report(update)
            if self._state.needs_state:
                self._wake.set()

    def _read_answers(self) -> None:
        while True:
            try:
                answer = unpack_answer(self._dealer.recv())
            except MessageError:
                continue
            result = self._waiting.get(answer.id)
            if result is None:
                continue
            if answer.error is None:
                result.set(answer.result)
            else:
                result.set_exception(CommandError(*answer.error))

    def _follow_state(self) -> None:
        while True:
            self._wake.wait(_HEARTBEAT)
            self._wake.clear()
            if len(self._connected) < 2:
                continue
            try:
                answer = self.request("state", {})
            except (BusError, CommandError):
                self._lose_daemon()
                continue
            if self._state.needs_state:
                for update in self._state.take_state(answer, _now()):
                    self._report(update)
                self.in_step.set()
                # A page server that loses publications is overloaded: it must not reread everything without a pause.
                gevent.sleep(_PAUSE)
            else:
                self._state.take_heartbeat(answer["n"])
            if self._state.needs_state:
                self._wake.set()

    def _lose_daemon(self) -> None:
        for update in self._state.lose_daemon(_now()):
            self._report(update)


def _now() -> int:
    return round(time() * 1000)
