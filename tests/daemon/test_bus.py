"""The bus over real ZeroMQ sockets."""

import asyncio
import contextlib
import errno
import gc
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import zmq
import zmq.asyncio

from daemon import bus
from daemon.bus import MAX_PENDING, Bus
from daemon.processes.questions import RelayedError
from protocol.bus.messages import (
    Answer,
    PackedResult,
    Publication,
    Request,
    Topic,
    pack_request,
    unpack_answer,
    unpack_publication,
)
from protocol.errors import LabelError, PortInUseError, SettingsError
from protocol.packing import pack
from tests.fakes.patience import PATIENCE, until

SECRET = "swordfish and chips"


@dataclass
class Talk:
    """A bus and its sockets' endpoints."""

    bus: Bus
    pub: str
    router: str
    context: "zmq.asyncio.Context"

    async def subscribe(self, topic: bytes = b"") -> "zmq.asyncio.Socket":
        socket = self._socket(zmq.SUB)
        socket.subscribe(topic)
        socket.connect(self.pub)
        # A subscription is a message of its own: knock until one of our publications comes through.
        while not await socket.poll(10):
            self.bus.publish(topic.decode() or "knock", "", {})
        while await socket.poll(10):
            await socket.recv_multipart()
        return socket

    def client(self) -> "zmq.asyncio.Socket":
        socket = self._socket(zmq.DEALER)
        socket.connect(self.router)
        return socket

    async def ask(self, command: str, arguments: dict[str, Any] | None = None) -> Answer:
        client = self.client()
        await client.send(pack_request(Request(3, command, arguments or {}, SECRET)))
        return unpack_answer(await client.recv())

    def _socket(self, kind: int) -> "zmq.asyncio.Socket":
        socket = self.context.socket(kind)
        socket.setsockopt(zmq.RCVTIMEO, int(1000 * PATIENCE))
        socket.setsockopt(zmq.LINGER, 0)
        return socket


async def echo(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return arguments


async def refuse(_arguments: Mapping[str, Any]) -> None:
    raise LabelError("There is no session x.")


async def hand_through(_arguments: Mapping[str, Any]) -> PackedResult:
    return PackedResult(pack({"image": bytes(300_000), "number": 7}))


async def relay(_arguments: Mapping[str, Any]) -> None:
    raise RelayedError("MomentError", "There is no frame set 9.")


async def dawdle(_arguments: Mapping[str, Any]) -> None:
    await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def talking() -> AsyncIterator[Talk]:
    bus = Bus(SECRET)
    context = zmq.asyncio.Context()
    pub, router = bus.open(
        "127.0.0.1",
        0,
        0,
        {"echo": echo, "refuse": refuse, "relay": relay, "hand_through": hand_through, "dawdle": dawdle},
    )
    try:
        yield Talk(bus, pub, router, context)
    finally:
        context.destroy(linger=0)
        await bus.close()


class TestPublishing:
    async def test_publications_are_numbered_over_all_topics(self) -> None:
        async with talking() as talk:
            subscriber = await talk.subscribe()
            before = talk.bus.published
            talk.bus.publish(Topic.SESSION, "run", {"session": {}})
            talk.bus.publish(Topic.SET, "run", {"png": b"\x89"})
            seen = [unpack_publication(await subscriber.recv_multipart()) for _ in range(2)]
            assert talk.bus.published == before + 2
        assert seen == [
            Publication(Topic.SESSION, "run", before + 1, {"session": {}}),
            Publication(Topic.SET, "run", before + 2, {"png": b"\x89"}),
        ]

    async def test_one_may_subscribe_to_one_topic_of_one_session(self) -> None:
        async with talking() as talk:
            subscriber = await talk.subscribe(b"set/run")
            talk.bus.publish(Topic.SESSION, "run", {})
            talk.bus.publish(Topic.SET, "other", {})
            talk.bus.publish(Topic.SET, "run", {})
            publication = unpack_publication(await subscriber.recv_multipart())
            assert publication.n == talk.bus.published

    async def test_it_may_be_open_at_an_ipv6_address_as_well(self) -> None:
        bus = Bus(SECRET)
        bus.open("127.0.0.1", 0, 0, {})
        try:
            assert all(endpoint.startswith("tcp://[::1]:") for endpoint in bus.open_loopback("::1", 0, 0))
            with pytest.raises(SettingsError, match=r"No machine is called 'none\.invalid'.*--bus-host"):
                bus.open_loopback("none.invalid", 0, 0)
        finally:
            await bus.close()

    async def test_nobody_needs_to_listen(self) -> None:
        async with talking() as talk:
            for _ in range(5000):
                talk.bus.publish(Topic.SET, "run", {})
            assert talk.bus.published == 5000


class TestAnswering:
    async def test_a_command_is_answered_with_the_askers_number(self) -> None:
        async with talking() as talk:
            assert await talk.ask("echo", {"a": [1, b"2"]}) == Answer(3, {"a": [1, b"2"]})

    async def test_a_refusal_says_what_kind_it_is(self) -> None:
        async with talking() as talk:
            assert await talk.ask("refuse") == Answer(3, error=("LabelError", "There is no session x."))

    async def test_an_unknown_command_is_an_error(self) -> None:
        async with talking() as talk:
            answer = await talk.ask("format_disk" * 20)
            assert answer.error is not None
            kind, message = answer.error
            assert kind == "MessageError"
            assert message.startswith("The daemon knows no command 'format_disk")
            assert len(message) < 120

    @pytest.mark.parametrize("rubbish", [[b""], [b"\xc1"], [b"hello"], [b"\x80"], [b"", b""], [b"a", b"b", b"c"]])
    async def test_rubbish_is_ignored_and_the_next_one_is_answered(self, rubbish: list[bytes]) -> None:
        async with talking() as talk:
            client = talk.client()
            await client.send_multipart(rubbish)
            assert await talk.ask("echo") == Answer(3, {})

    async def test_a_slow_command_keeps_nobody_waiting(self) -> None:
        async with talking() as talk:
            client = talk.client()
            await client.send(pack_request(Request(1, "dawdle", {}, SECRET)))
            assert await talk.ask("echo") == Answer(3, {})

    async def test_an_asker_that_went_away_is_not_missed(self) -> None:
        async with talking() as talk:
            client = talk.client()
            await client.send(pack_request(Request(1, "echo", {}, SECRET)))
            client.close(linger=100)
            assert await talk.ask("echo") == Answer(3, {})


class TestWhoMayAsk:
    @pytest.mark.parametrize("secret", ["", "x", SECRET[:-1], SECRET + " ", SECRET.upper(), "é" * 99])
    async def test_a_command_without_the_secret_is_refused_with_where_it_stands(self, secret: str) -> None:
        async with talking() as talk:
            client = talk.client()
            await client.send(pack_request(Request(3, "echo", {}, secret)))
            answer = unpack_answer(await client.recv())
        assert answer.error is not None
        assert answer.error[0] == "SecretError"
        assert ".keys/bus.secret" in answer.error[1]
        assert SECRET not in answer.error[1]

    async def test_a_command_of_old_that_has_no_secret_is_refused(self) -> None:
        async with talking() as talk:
            client = talk.client()
            await client.send(pack({"id": 3, "command": "echo", "arguments": {}}))
            error = unpack_answer(await client.recv()).error
        assert error is not None
        assert error[0] == "SecretError"

    @pytest.mark.parametrize("bytes_before", [b"", b"POST /x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" + b"\x01" * 600])
    async def test_a_peer_without_a_greeting_is_not_heard_though_it_knows_the_secret(self, bytes_before: bytes) -> None:
        """ZMTP 1.0 has no greeting: the body of a browser's POST is read as frames, which a bare socket delivers."""
        request = pack_request(Request(3, "note", {}, SECRET))
        said = bytes_before + b"\x01\x00" * 2 + bytes((len(request) + 1, 0)) + request
        heard: list[Mapping[str, Any]] = []

        async def note(arguments: Mapping[str, Any]) -> None:
            heard.append(arguments)

        async with talking() as talk:
            talk.bus._handlers = {"note": note, **talk.bus._handlers}
            for endpoint in (talk.router, talk.pub):
                await say(endpoint, said)
            await asyncio.sleep(0.2)
            assert await talk.ask("echo") == Answer(3, {})
            assert heard == []
            with talk.context.socket(zmq.ROUTER) as bare:
                bare.bind("tcp://127.0.0.1:*")
                await say(bare.getsockopt_string(zmq.LAST_ENDPOINT), said)
                while (await bare.recv_multipart())[-1] != request:
                    pass

    async def test_a_subscriber_needs_none(self) -> None:
        async with talking() as talk:
            assert await talk.subscribe()


async def say(endpoint: str, data: bytes) -> None:
    """Say bytes on a connection, and end it when the other side does or a moment has passed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(endpoint.rpartition(":")[2]))
    writer.write(data)
    with contextlib.suppress(ConnectionError, TimeoutError):
        async with asyncio.timeout(0.3):
            while await reader.read(1024):
                pass
    writer.transport.abort()


class TestPorts:
    async def test_a_port_that_is_in_use_is_named_with_its_option(self) -> None:
        async with talking() as talk:
            pub, router = (int(endpoint.rpartition(":")[2]) for endpoint in (talk.pub, talk.router))
            for ports, option in (((pub, 0), "--bus-port"), ((0, router), "--command-port")):
                other = Bus(SECRET)
                with pytest.raises(PortInUseError, match=option):
                    other.open("127.0.0.1", *ports, {})
                await other.close()

    async def test_other_ports_are_taken_where_that_is_asked_for(self) -> None:
        async with talking() as talk:
            taken = [int(endpoint.rpartition(":")[2]) for endpoint in (talk.pub, talk.router)]
            other = Bus(SECRET)
            pub, router = other.open("127.0.0.1", taken[0], taken[1], {}, or_others=True)
            assert {pub, router}.isdisjoint({talk.pub, talk.router})
            await other.close()

    async def test_it_is_closed_though_a_command_is_not_answered_yet(self) -> None:
        async with talking() as talk:
            client = talk.client()
            await client.send(pack_request(Request(1, "dawdle", {}, SECRET)))
            await talk.ask("echo")
        await asyncio.sleep(0.1)
        gc.collect()


async def test_only_so_many_commands_are_carried_out_at_a_time() -> None:
    at_once, most, gate = 0, 0, asyncio.Event()

    async def wait(_arguments: Mapping[str, Any]) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await gate.wait()
        at_once -= 1

    async with talking() as talk:
        talk.bus._handlers = {"wait": wait, "echo": echo}
        client = talk.client()
        for number in range(3 * MAX_PENDING):
            await client.send(pack_request(Request(number, "wait", {}, SECRET)))
        await until(lambda: most == MAX_PENDING)
        await asyncio.sleep(0.1)
        gate.set()
        answers = {unpack_answer(await client.recv()).id for _ in range(3 * MAX_PENDING)}
    assert most == MAX_PENDING
    assert answers == set(range(3 * MAX_PENDING))


def test_an_address_that_libzmq_does_not_find_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows libzmq has numbers of its own; here they are made so."""
    monkeypatch.setattr(bus, "_ERRNO", {101: errno.EADDRNOTAVAIL})

    class Socket:
        def bind(self, _endpoint: str) -> None:
            raise zmq.ZMQError(101)

    with pytest.raises(SettingsError, match=r"This machine has no address 10\.9\.8\.7"):
        bus._bind(Socket(), "10.9.8.7", 9990, "the bus", "--bus-port")  # type: ignore[arg-type]


async def test_a_result_that_another_process_packed_is_handed_through() -> None:
    async with talking() as talk:
        answer = await talk.ask("hand_through")
        assert answer.result == {"image": bytes(300_000), "number": 7}


async def test_an_error_that_another_process_raised_keeps_its_kind() -> None:
    async with talking() as talk:
        answer = await talk.ask("relay")
        assert answer.error == ("MomentError", "There is no frame set 9.")
