"""Bus: publications and commands over two ZeroMQ sockets. Shell.

Publishing never waits: a subscriber that does not keep up loses messages and sees it in their numbers.
On loopback everybody on this machine may subscribe. On another address the same sockets take only those who have keys.
Every command must carry the bus's secret, wherever it comes from: a web page can send bytes to a port of loopback.
"""

import asyncio
import contextlib
import errno
import hmac
from collections.abc import Awaitable, Callable, Mapping
from socket import getaddrinfo
from typing import Any

import zmq
import zmq.asyncio
from zmq.auth.asyncio import AsyncioAuthenticator

from daemon.access.keys import CurveKeys
from protocol.bus.messages import (
    MAX_REQUEST,
    Answer,
    Publication,
    Request,
    pack_answer,
    pack_publication,
    unpack_request,
)
from protocol.errors import GbatraceError, MessageError, PortInUseError, SecretError, cannot_listen
from protocol.network_addresses import socket_address, url_host

__all__ = ["HIGH_WATER", "MAX_PENDING", "Bus", "Handler"]

HIGH_WATER = 1000
"""Publications that wait for a slow subscriber before its new ones are dropped."""

MAX_PENDING = 64
"""Commands that are being carried out; further ones wait in ZeroMQ, and then with their senders."""

_HANDSHAKE = 3000
"""Ms for a connection to say that it is ZeroMQ's; one that does not is closed."""

_BACKLOG = 512
"""Connections that the system keeps for us until we take them."""

_DOMAIN = "gbatrace"
"""The ZAP domain of both sockets. Where one is set, libzmq refuses peers of ZMTP 1.0 and 2.0
(`zmtp_engine.cpp`, `zap_enabled`). Those have no greeting, so a browser's HTTP request would pass for one."""

_ERRNO: dict[int, int | None] = {
    int(zmq.Errno.EADDRINUSE): errno.EADDRINUSE,
    int(zmq.Errno.EADDRNOTAVAIL): errno.EADDRNOTAVAIL,
}
"""On Windows libzmq has other numbers for these than Python."""

Handler = Callable[[Mapping[str, Any]], Awaitable[Any]]
"""Answers one command: its arguments in, the result out; raises `GbatraceError` to refuse."""


class Bus:
    """PUB and ROUTER sockets.

    Args:
        secret: what every command must carry.

    Attributes:
        published: running number of the last publication.
    """

    def __init__(self, secret: str) -> None:
        self.published = 0
        self._secret = secret.encode()
        self._handlers: Mapping[str, Handler] = {}
        self._context = zmq.asyncio.Context()
        # A plain socket sends in the call itself; the asyncio one would queue a task for each message.
        self._pub = zmq.Socket(self._context, zmq.PUB)
        self._pub.setsockopt(zmq.SNDHWM, HIGH_WATER)
        self._router = self._context.socket(zmq.ROUTER)
        for socket in (self._pub, self._router):
            socket.setsockopt(zmq.MAXMSGSIZE, MAX_REQUEST)
            socket.setsockopt(zmq.HANDSHAKE_IVL, _HANDSHAKE)
            socket.setsockopt(zmq.BACKLOG, _BACKLOG)
            socket.setsockopt_string(zmq.ZAP_DOMAIN, _DOMAIN)
        self._pending = asyncio.Semaphore(MAX_PENDING)
        self._answering: asyncio.Task[None] | None = None
        self._authenticator: AsyncioAuthenticator | None = None

    def open(
        self,
        host: str,
        pub_port: int,
        router_port: int,
        handlers: Mapping[str, Handler],
        *,
        or_others: bool = False,
    ) -> tuple[str, str]:
        """Bind both sockets and begin to answer.

        Args:
            host: address to bind.
            pub_port: port of PUB; 0 takes any free one.
            router_port: port of ROUTER; 0 takes any free one.
            handlers: the commands that are answered, by name.
            or_others: whether a free port is taken where one of the two is in use.

        Returns:
            The endpoints of PUB and ROUTER as a client connects to them.

        Raises:
            PortInUseError: one of the ports is taken.
        """
        self._handlers = handlers
        endpoints = self._bind_both(_bind_or_other if or_others else _bind, host, pub_port, router_port)
        self._answering = asyncio.create_task(self._answer(), name="bus")
        return endpoints

    def open_loopback(self, host: str, pub_port: int, router_port: int) -> tuple[str, str]:
        """Bind both sockets to another loopback address, such as `::1`. `open` first.

        Args:
            host: address to bind.
            pub_port: port of PUB; 0 takes any free one.
            router_port: port of ROUTER; 0 takes any free one.

        Returns:
            The two endpoints.

        Raises:
            UserError: the system refused; the sentence has its reason.
        """
        return self._bind_both(_bind, host, pub_port, router_port)

    def open_remote(self, host: str, pub_port: int, router_port: int, keys: CurveKeys) -> tuple[str, str]:
        """Bind both sockets to another address as well, for peers with keys. `open` first.

        Args:
            host: address to bind.
            pub_port: port of PUB; 0 takes any free one.
            router_port: port of ROUTER; 0 takes any free one.
            keys: the bus's own, and whose it takes.

        Returns:
            The endpoints of PUB and ROUTER.

        Raises:
            PortInUseError: one of the ports is taken.
        """
        self._authenticator = AsyncioAuthenticator(self._context)
        self._authenticator.start()
        self._authenticator.configure_curve(domain=_DOMAIN, location=str(keys.allowed))
        for socket in (self._pub, self._router):
            # They hold for what is bound from now on: what was bound before stays open to this machine.
            socket.curve_secretkey, socket.curve_publickey, socket.curve_server = keys.secret, keys.public, True
        return self._bind_both(_bind, host, pub_port, router_port)

    def publish(self, topic: str, session: str, body: Mapping[str, Any]) -> None:
        """Publish to all subscribers, without waiting."""
        self.published += 1
        parts = pack_publication(Publication(topic, session, self.published, body))
        with contextlib.suppress(zmq.Again):
            self._pub.send_multipart(parts, zmq.DONTWAIT)

    async def close(self) -> None:
        """Stop answering and close both sockets."""
        if self._answering is not None:
            self._answering.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._answering
        self._pub.close(linger=200)
        self._router.close(linger=200)
        if self._authenticator is not None:
            self._authenticator.stop()
        self._context.term()

    def _bind_both(self, bind: Callable[..., str], host: str, pub_port: int, router_port: int) -> tuple[str, str]:
        return (
            bind(self._pub, host, pub_port, "the bus", "--bus-port"),
            bind(self._router, host, router_port, "the bus's commands", "--command-port"),
        )

    async def _answer(self) -> None:
        handling: set[asyncio.Task[None]] = set()
        while True:
            client, *parts = await self._router.recv_multipart()
            with contextlib.suppress(MessageError):
                request = unpack_request(parts[-1] if parts else b"")
                await self._pending.acquire()
                task = asyncio.create_task(self._handle(client, request))
                handling.add(task)
                task.add_done_callback(handling.discard)
                task.add_done_callback(lambda _task: self._pending.release())

    async def _handle(self, client: bytes, request: Request) -> None:
        try:
            if not hmac.compare_digest(request.secret.encode(), self._secret):
                raise SecretError(
                    "This command does not carry the secret of the bus, "
                    "which stands in the file .keys/bus.secret of the data folder."
                )
            handler = self._handlers.get(request.command)
            if handler is None:
                raise MessageError(f"The daemon knows no command {request.command[:60]!r}.")
            answer = Answer(request.id, await handler(request.arguments))
        except GbatraceError as error:
            answer = Answer(request.id, error=(error.kind, str(error)))
        if not self._router.closed:
            await self._send([client, pack_answer(answer)])

    async def _send(self, parts: list[bytes]) -> None:
        sending: Awaitable[Any] = self._router.send_multipart(parts)
        await sending


def _bind(socket: "zmq.Socket[Any]", host: str, port: int, purpose: str, option: str) -> str:
    address = socket_address(host, port, "--bus-host", getaddrinfo)[1][0]
    if ":" in address:
        socket.ipv6 = True
    try:
        socket.bind(f"tcp://{url_host(address)}:{port or '*'}")
    except zmq.ZMQError as error:
        raise cannot_listen(
            _ERRNO.get(error.errno or 0, error.errno), purpose, host, port, option, "--bus-host"
        ) from None
    return socket.getsockopt_string(zmq.LAST_ENDPOINT)


def _bind_or_other(socket: "zmq.Socket[Any]", host: str, port: int, purpose: str, option: str) -> str:
    try:
        return _bind(socket, host, port, purpose, option)
    except PortInUseError:
        return _bind(socket, host, 0, purpose, option)
