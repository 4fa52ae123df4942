"""A daemon as the page server sees it: session folders, a PUB and a ROUTER socket of the bus."""

import contextlib
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import zmq

from protocol.bus.messages import Answer, Publication, Topic, pack_answer, pack_publication, unpack_request
from protocol.changes import U32
from protocol.session.event_json import event_json
from protocol.session.events import EventRecord, event_line
from protocol.session.frame_set import FrameRecord, FrameSet, ScanChanges
from protocol.session.layout import session_folder
from tests.fakes.game_picture import draw_game, keys_held

__all__ = ["FRAMES_PER_SET", "START", "FakeDaemon", "FakeSession", "make_frame_set"]

FRAMES_PER_SET = 5
START = 1_774_000_000_000
"""Beginning of every fake session, ms since the epoch."""

_COUNTS = ("frame_sets", "first_set", "last_set", "flawed_sets", "lost_sets", "lost_screenshots")

_LAUNCH = (
    r'.\EmuHawk.exe --socket_ip=127.0.0.1 --socket_port=9999 --lua="C:\gbatrace\lua\event_logger.lua" "<your ROM>"'
)
_REGIONS = (("iwram", 0x0300_0000, 0x8000, 6556, 40), ("ewram", 0x0200_0000, 0x4_0000, 52432, 90))


def make_frame_set(number: int, flaws: tuple[str, ...] = (), png: bytes | None = None) -> FrameSet:
    """Make a frame set whose every part follows from its number."""
    random = np.random.default_rng(number)
    first = number * FRAMES_PER_SET + 8
    frames = tuple(
        FrameRecord(
            first + position,
            START + round((first + position) * 16.74),
            0x0800_01F8 + 4 * position,
            keys_held(number),
            ("None",),
        )
        for position in range(FRAMES_PER_SET)
    )
    changes = tuple(
        ScanChanges(region, chunk, frames[chunk].frame, *_columns(random, base + begin, min(each, size - begin), count))
        for chunk in range(FRAMES_PER_SET)
        for region, base, size, each, count in _REGIONS
        for begin in (chunk * each,)
    )
    return FrameSet(number, frames, changes, flaws, draw_game(number) if png is None else png)


def _columns(random: np.random.Generator, start: int, size: int, count: int) -> tuple[U32, U32, U32, Any]:
    words = np.sort(random.choice(size // 4, count, replace=False)).astype(np.uint32)
    previous = random.integers(0, 1 << 12, count, dtype=np.uint32)
    current = (previous + random.integers(-40, 41, count)).astype(np.uint32)
    current[current == previous] += 1
    return start + 4 * words, previous, current, random.integers(1, 60, count, dtype=np.uint16)


class FakeSession:
    """A session of the fake daemon.

    Args:
        daemon: which publishes it.
        session_id: names its folder.
        game_name: as the page shows it.
    """

    def __init__(self, daemon: "FakeDaemon", session_id: str, game_name: str) -> None:
        self._daemon = daemon
        self.folder = session_folder(daemon.data_folder, session_id)
        self.folder.path.mkdir(exist_ok=True)
        self.summary: dict[str, Any] = {
            "session_id": session_id,
            "state": "live",
            "since": START,
            "created": START,
            "ended_by": None,
            "game_name": game_name,
            "rom_name": game_name,
            "rom_hash": "0" * 40,
            "client": "BizHawk 2.11.1",
            "scan_mode": "chunked",
            "reader": "bulk",
            "frames_per_set": FRAMES_PER_SET,
            "frame_sets": 0,
            "first_set": None,
            "last_set": None,
            "flawed_sets": 0,
            "lost_sets": 0,
            "lost_screenshots": 0,
            "regions": [{"name": "iwram", "base": 0x0300_0000, "size": 0x8000}],
        }

    def enter(self, state: str, since: int = START, ended_by: str | None = None) -> None:
        """Change the session's state and say so."""
        self.summary = {**self.summary, "state": state, "since": since, "ended_by": ended_by}
        self._daemon.publish(Topic.SESSION, self.summary["session_id"], {"session": self.summary})

    def record(self, frame_set: FrameSet) -> None:
        """Store a frame set and count it, without a word on the bus."""
        number = frame_set.frame_set_id
        folder = self.folder.frame_set(number)
        folder.mkdir()
        self.folder.event(number).write_bytes(event_json(frame_set))
        if frame_set.png:
            self.folder.screenshot(number).write_bytes(frame_set.png)
        first = self.summary["first_set"]
        self.summary = {
            **self.summary,
            "frame_sets": self.summary["frame_sets"] + 1,
            "first_set": number if first is None else first,
            "last_set": number,
            "flawed_sets": self.summary["flawed_sets"] + (not frame_set.whole),
        }

    def counts(self) -> dict[str, Any]:
        """Return the session counts."""
        return {name: self.summary[name] for name in _COUNTS}

    def play(self, count: int) -> None:
        """Store and publish the next frame sets."""
        for _ in range(count):
            last = self.summary["last_set"]
            self.store(make_frame_set(0 if last is None else last + 1))

    def store(self, frame_set: FrameSet) -> None:
        """Store and publish a frame set."""
        self.record(frame_set)
        body = {
            "session": self.summary["session_id"],
            "frame_set": frame_set.summary(),
            "counts": self.counts(),
            "changes": [_scan(scan) for scan in frame_set.changes],
            "png": frame_set.png,
        }
        self._daemon.publish(Topic.SET, self.summary["session_id"], body)

    def log(self, event: EventRecord) -> None:
        """Append an event and publish it."""
        with self.folder.events.open("ab") as file:
            file.write(event_line(event))
        body = {"session": self.summary["session_id"], "event": event.as_map()}
        self._daemon.publish(Topic.EVENT, self.summary["session_id"], body)


def _scan(scan: ScanChanges) -> dict[str, Any]:
    return {
        "region": scan.region,
        "frame": scan.frame,
        "chunk": scan.chunk,
        "addresses": scan.addresses.astype("<u4").tobytes(),
        "previous": scan.previous.astype("<u4").tobytes(),
        "current": scan.current.astype("<u4").tobytes(),
        "freq": scan.freq.astype("<u2").tobytes(),
    }


class FakeDaemon:
    """PUB and ROUTER on loopback; requests are answered by a thread, publications go out from the caller's.

    Args:
        data_folder: where the session folders are.

    Attributes:
        asked: the commands that came.
        answers: by command, what answers its arguments; all others get the state.
    """

    def __init__(self, data_folder: Path) -> None:
        self.data_folder = data_folder
        self.sessions: list[FakeSession] = []
        self.published = 0
        self.asked: list[str] = []
        self.answers: dict[str, Callable[[Mapping[str, Any]], Any]] = {}
        self.bus_pub = self.bus_router = ""
        self._silent = threading.Event()

    def __enter__(self) -> "FakeDaemon":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Listen, on the ports of the last time where there was one, and number publications from 1."""
        self.published = 0
        self._context = zmq.Context()
        self._pub = self._context.socket(zmq.PUB)
        self._router = self._context.socket(zmq.ROUTER)
        for socket, address in ((self._pub, self.bus_pub), (self._router, self.bus_router)):
            socket.setsockopt(zmq.LINGER, 0)
            socket.bind(address or "tcp://127.0.0.1:*")
        self.bus_pub = self._pub.getsockopt_string(zmq.LAST_ENDPOINT)
        self.bus_router = self._router.getsockopt_string(zmq.LAST_ENDPOINT)
        self._answering = threading.Event()
        self._answering.set()
        self._thread = threading.Thread(target=self._answer, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Vanish, as a daemon that is killed does."""
        self._answering.clear()
        self._thread.join()
        self._pub.close()
        self._router.close()
        self._context.term()

    def open_session(self, session_id: str, game_name: str = "Meadow Quest", **facts: Any) -> FakeSession:
        """Open a live session and say so; `facts` replace those of its summary."""
        session = FakeSession(self, session_id, game_name)
        session.summary.update(facts)
        self.sessions.insert(0, session)
        session.enter(session.summary["state"], session.summary["since"])
        return session

    def publish(self, topic: str, session: str, body: Mapping[str, Any]) -> None:
        """Publish, with the next number."""
        self.published += 1
        self._pub.send_multipart(pack_publication(Publication(topic, session, self.published, body)))

    def say_rubbish(self) -> None:
        """Publish a topic that no specification knows."""
        self._pub.send_multipart([b"set/meadow", b"\xc1"])
        self._pub.send_multipart([b"one part only"])

    def fall_silent(self) -> None:
        """Stop answering, with every connection open, as a daemon that hangs does."""
        self._silent.set()

    def speak_again(self) -> None:
        """Answer again."""
        self._silent.clear()

    def lose(self) -> None:
        """Count a publication that nobody gets."""
        self.published += 1

    def _answer(self) -> None:
        while self._answering.is_set():
            if not self._router.poll(20):
                continue
            client, data = self._router.recv_multipart()
            request = unpack_request(data)
            self.asked.append(request.command)
            if self._silent.is_set():
                continue
            answer = self.answers.get(request.command)
            result = self._state() if answer is None else answer(request.arguments)
            with contextlib.suppress(zmq.ZMQError):
                self._router.send_multipart([client, pack_answer(Answer(request.id, result))])

    def _state(self) -> dict[str, Any]:
        return {
            "n": self.published,
            "version": "0.1.0",
            "data_folder": str(self.data_folder),
            "link": {"host": "127.0.0.1", "port": 9999, "launch": _LAUNCH},
            "sessions": [session.summary for session in self.sessions],
        }
