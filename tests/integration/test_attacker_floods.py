"""Attacks by quantity: messages that are too long, and too many connections."""

import contextlib
import selectors
import socket
import struct
import sys
import time
from itertools import product

import msgpack
import pytest
import zmq

from daemon.link.ingest import MAX_SILENT_HARD, MAX_SILENT_SOFT
from daemon.machine.file_limit import allow_many_files
from protocol.bus.messages import MAX_REQUEST, Request, pack_request
from protocol.link.codec import MAX_TEXT, decode, encode
from protocol.link.framing import MAX_FIRST_PAYLOAD, PayloadReader, prefix
from protocol.link.messages import Refused
from tests.fakes.game import greeting
from tests.integration.target import BEYOND, Target, read_to_end
from tests.integration.visitors import CONNECT, EVENT, socketio_packet
from webui.access.auth_views import MAX_LOGIN
from webui.access.connections import MAX_CONNECTIONS, MAX_HEADERS
from webui.access.guard import MAX_BODY
from webui.live.socket_server import MAX_WEBSOCKET_MESSAGE

CONNECTIONS = 10_000 if sys.platform == "linux" else 2_500
"""In all. Elsewhere fewer: five floods must fit into 16,384 ports, of which each is used up for minutes."""
BATCH = 250
AT_ONCE = 2_000
"""Connections that the attacker holds at a time; the others come and go."""


class TestTooMuch:
    """Everything longer than anybody needs."""

    def test_a_body(self, target: Target) -> None:
        for size in (MAX_LOGIN + 1, MAX_BODY + 1):
            assert target.ask("/login", "POST", BEYOND, b"x" * size).status == 413

    def test_a_body_that_is_only_announced(self, target: Target) -> None:
        with target.connect(target.page_port) as line:
            line.sendall(b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999\r\n\r\n")
            assert b" 413 " in line.recv(65536)

    def test_a_body_that_never_ends(self, target: Target) -> None:
        with target.connect(target.page_port) as line:
            line.sendall(b"POST /login HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
            with contextlib.suppress(ConnectionError):
                for _ in range(64):
                    line.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
            assert line.recv(65536).split()[1:2] in ([], [b"413"], [b"400"])

    @pytest.mark.parametrize(
        "head",
        [
            b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * (MAX_HEADERS + 1) + b"\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 10_000 + b"\r\n",
            b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9e9\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500) + b"\r\n\r\n",
            b"\r\n\r\n",
            b"A" * 20_000,
        ],
        ids=["address", "header", "headers", "negative length", "odd length", "TLS", "nothing", "noise"],
    )
    def test_a_head(self, target: Target, head: bytes) -> None:
        with target.connect(target.page_port) as line:
            with contextlib.suppress(OSError):
                line.sendall(head)
                line.shutdown(socket.SHUT_WR)
            assert read_to_end(line).split()[1:2] in ([], [b"400"], [b"414"], [b"431"])

    def test_a_websocket_message(self, target: Target) -> None:
        # All at once: the page gives each of them up only when it has not answered a ping, after half a minute.
        with contextlib.ExitStack() as lines:
            opened = []
            for size in (MAX_WEBSOCKET_MESSAGE + 1, 1 << 31, (1 << 63) - 1):
                line = lines.enter_context(target.open_websocket().sock or socket.socket())
                with contextlib.suppress(OSError):
                    line.sendall(b"\x81\xff" + struct.pack(">Q", size) + bytes(4) + b"4" * 1000)
                opened.append(line)
            for line in opened:
                read_to_end(line)

    @pytest.mark.parametrize(
        "packet",
        [
            "0", "1", "5", "6", "b", "4", "49", "42", "42[", '42["watch"]', '4299[""]', "45999999-[]", "451-", "\0",
            "42" + "[" * 100_000, '42["watch",' + '{"session":' * 20_000, '421["label",' + "[" * 50_000,
        ],
    )  # fmt: skip
    def test_a_text_that_is_no_packet(self, target: Target, packet: str) -> None:
        line = target.open_websocket()
        line.send_binary(socketio_packet(CONNECT))
        line.send(packet)
        line.close()

    @pytest.mark.parametrize(
        "packet",
        [
            b"", b"\xc1", b"\x93\x01", b"\x91" * 100_000, b"\xdd\xff\xff\xff\xff", b"\x81\xa4type\xa3abc",
            msgpack.packb(7), msgpack.packb({"type": 99, "nsp": "/"}), msgpack.packb({"type": EVENT}),
            socketio_packet(EVENT), socketio_packet(EVENT, data=7), socketio_packet(EVENT, data=[]),
            socketio_packet(EVENT, data=["watch"]), socketio_packet(EVENT, data=["watch", b"\xff"], id="x"),
            socketio_packet(EVENT, data=["label", {"session": 7}], id=1), socketio_packet(CONNECT, data="x" * 1000),
        ],
    )  # fmt: skip
    def test_bytes_that_are_no_packet(self, target: Target, packet: bytes) -> None:
        line = target.open_websocket()
        line.send_binary(socketio_packet(CONNECT))
        line.send_binary(packet)
        line.close()

    @pytest.mark.parametrize(
        "said",
        [
            b"9" * 8, b"99999999999999999999 ", b"4194305 x", b"-1 x", b"+5 x", b" 5 x", b"0 ", b"05 x", b"0x10 x",
            b"\n", b"\xff" * 100, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"5 HELLO", b"3 \x93\x01\x00",
            b"1 \xc1",
        ],
    )  # fmt: skip
    def test_a_link_prefix_or_payload(self, target: Target, said: bytes) -> None:
        with target.connect(target.link_port) as line:
            line.sendall(said)
            assert read_to_end(line) == b""

    def test_a_payload_that_never_comes(self, target: Target) -> None:
        lines = [target.connect(target.link_port) for _ in range(8)]
        for line in lines:
            line.sendall(b"%d " % MAX_FIRST_PAYLOAD + b"x" * 100_000)
        target.must_be_well()
        for line in lines:
            line.close()

    def test_a_text_in_a_greeting(self, target: Target) -> None:
        for name in ("client", "rom_name", "token"):
            with target.connect(target.link_port) as line:
                line.sendall(prefix(encode(greeting(**{name: "x" * (MAX_TEXT + 1)}), 0)))
                answer = PayloadReader()
                answer.receive_data(read_to_end(line))
                payload = answer.next_payload()
                assert payload is not None
                assert isinstance(decode(payload)[1], Refused)

    def test_nesting_that_would_break_a_stack(self, target: Target) -> None:
        with target.connect(target.link_port) as line:
            line.sendall(prefix(b"".join("".join(map(chr, b"\x91" * 500_000)).encode().split())))
            assert read_to_end(line) == b""
        assert target.ask_bus(b"\x91" * 500_000, patience=0.2) is None

    @pytest.mark.parametrize(
        "parts", [(b"x" * (MAX_REQUEST + 1),), (b"x" * (8 * MAX_REQUEST),), (b"",), (b"\xc1",), (b"", b"", b"") * 100]
    )
    def test_a_bus_request(self, target: Target, parts: tuple[bytes, ...]) -> None:
        assert target.ask_bus(*parts, patience=0.2) is None

    def test_noise_on_the_bus(self, target: Target) -> None:
        for port, noise in product(
            (target.bus_port, target.command_port), (b"\xff" * 9000, b"GET / HTTP/1.1\r\n\r\n", bytes(10))
        ):
            with target.connect(port) as line:
                line.sendall(noise)
        target.must_be_well()
        assert target.ask_bus(pack_request(Request(1, "state", {}, target.bus_secret))) is not None

    def test_a_subscription_list_without_end(self, target: Target) -> None:
        with zmq.Context() as context, context.socket(zmq.SUB) as subscriber:
            subscriber.linger = 0
            subscriber.connect(f"tcp://127.0.0.1:{target.bus_port}")
            for number in range(10_000):
                subscriber.subscribe(f"{number}/".encode() * 20)
            target.must_be_well()


def open_many(port: int, first_words: bytes) -> list[socket.socket]:
    """Open `BATCH` connections at once and say something on those that come about within a second."""
    lines = [socket.socket() for _ in range(BATCH)]
    with selectors.DefaultSelector() as selector:
        for line in lines:
            line.setblocking(False)
            line.connect_ex(("127.0.0.1", port))
            selector.register(line, selectors.EVENT_WRITE)
        deadline = time.monotonic() + 1
        while selector.get_map() and time.monotonic() < deadline:
            for key, _ in selector.select(deadline - time.monotonic()):
                selector.unregister(key.fileobj)
                with contextlib.suppress(OSError):
                    key.fileobj.send(first_words)  # type: ignore[union-attr]
    return lines


class TestTenThousandConnections:
    """More than anybody can hold."""

    @pytest.fixture(autouse=True)
    def _room(self) -> None:
        allow_many_files()

    @staticmethod
    def flood(target: Target, port: int, first_words: bytes) -> None:
        """Open connection after connection, say something on each, and hold the last `AT_ONCE` of them meanwhile."""
        held: list[socket.socket] = []
        try:
            for number in range(0, CONNECTIONS, BATCH):
                held += open_many(port, first_words)
                for line in held[:-AT_ONCE]:
                    line.close()
                del held[:-AT_ONCE]
                if number % (CONNECTIONS // 5) == 0:
                    target.must_be_well(sets=1)
            target.must_be_well()
        finally:
            for line in held:
                line.close()

    def test_to_the_link_that_say_nothing(self, target: Target) -> None:
        self.flood(target, target.link_port, b"")
        assert MAX_SILENT_SOFT < MAX_SILENT_HARD < AT_ONCE

    def test_to_the_link_that_begin_a_payload(self, target: Target) -> None:
        self.flood(target, target.link_port, b"%d x" % MAX_FIRST_PAYLOAD)

    def test_to_the_page_that_say_nothing(self, target: Target) -> None:
        self.flood(target, target.page_port, b"")
        assert MAX_CONNECTIONS < AT_ONCE

    def test_to_the_page_that_begin_a_request(self, target: Target) -> None:
        self.flood(target, target.page_port, b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nx")

    def test_to_the_bus(self, target: Target) -> None:
        self.flood(target, target.command_port, b"\xff")
