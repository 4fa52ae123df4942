"""`python -m tests.bench.sender`: many emulators in one process, which send captured traffic to a daemon.

It is a process of its own, so that the daemon is not measured together with it, and does as little as it can: the
bytes are ready, and of what comes back only acknowledgements are counted. As the specification has it, before
set *n* it waits for the acknowledgement of set *n* - 2. The first frame sets of each emulator, with its keyframes, are
sent before the measurement begins, as fast as it goes.

It prints one line of JSON: see `tests.bench.sending.Sent`.
"""

import argparse
import heapq
import selectors
import socket
import sys
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path

import orjson

from protocol.link.codec import decode
from protocol.link.framing import PayloadReader
from protocol.link.messages import Ack, Welcome
from tests.bench.traffic import Traffic, load_traffic

__all__ = ["main"]

_WINDOW = 2


class _Emulator:
    """One emulator's connection."""

    def __init__(self, port: int, traffic: Traffic) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.acknowledged = 0
        self.latencies: list[float] = []
        self.sent_at: list[float] = []
        self._traffic = traffic
        self._frames = PayloadReader()
        self._unacknowledged: deque[float] = deque()
        self._set, self._piece = 0, 0
        self.socket.sendall(traffic.hello)

    def is_done(self, sets: int) -> bool:
        """Return whether so many sets are acknowledged."""
        return self.acknowledged >= sets

    def may_send(self, sets: int) -> bool:
        """Return whether the window lets the next piece of the first so many sets go."""
        return self._set < sets and (self._piece > 0 or self._set - self.acknowledged < _WINDOW)

    def send_piece(self) -> None:
        """Send what leaves the emulator in one frame."""
        pieces = self._traffic.sets[self._set]
        self.socket.sendall(pieces[self._piece])
        self._piece += 1
        if self._piece == len(pieces):
            now = time.time()
            self._unacknowledged.append(now)
            self.sent_at.append(now)
            self._set, self._piece = self._set + 1, 0

    def send_set(self) -> None:
        """Send a whole frame set at once."""
        self.socket.sendall(b"".join(self._traffic.sets[self._set]))
        self._piece = 0
        now = time.time()
        self._unacknowledged.append(now)
        self.sent_at.append(now)
        self._set += 1

    def hear(self) -> None:
        """Take what has come."""
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the daemon closed the connection")
        self._frames.receive_data(data)
        while (payload := self._frames.next_payload()) is not None:
            _, reply = decode(payload)
            if isinstance(reply, Ack):
                self.latencies.append(1000 * (time.time() - self._unacknowledged.popleft()))
                self.acknowledged += 1
            elif not isinstance(reply, Welcome):
                raise ConnectionError(f"the daemon ended the connection: {reply}")


class _Crowd:
    """All emulators of this process."""

    def __init__(self, emulators: Sequence[_Emulator]) -> None:
        self._emulators = emulators
        self._selector = selectors.DefaultSelector()
        for emulator in emulators:
            self._selector.register(emulator.socket, selectors.EVENT_READ, emulator)

    def run(self, first: int, last: int, rate: float) -> float:
        """Send the sets from `first` up to `last`.

        Args:
            first: number of the first set.
            last: one past the last set.
            rate: frames per second; 0 for as fast as the specification lets it.

        Returns:
            The largest lateness of a frame in seconds.
        """
        return self._paced(last, rate) if rate else self._at_once(last)

    def _at_once(self, last: int) -> float:
        for emulator in self._emulators:
            while emulator.may_send(last):
                emulator.send_set()
        while not all(emulator.is_done(last) for emulator in self._emulators):
            for emulator in self._ready(None):
                emulator.hear()
                while emulator.may_send(last):
                    emulator.send_set()
        return 0.0

    def _paced(self, last: int, rate: float) -> float:
        """Send each frame when it is due; the emulators' frames are spread over the time of one."""
        start, latest = time.time(), 0.0
        due = [(start + place / len(self._emulators) / rate, place) for place in range(len(self._emulators))]
        while due:
            moment, place = due[0]
            now = time.time()
            if now < moment:
                for emulator in self._ready(moment - now):
                    emulator.hear()
                continue
            heapq.heappop(due)
            emulator = self._emulators[place]
            while not emulator.may_send(last) and not emulator.is_done(last):
                emulator.hear()
            if emulator.may_send(last):
                emulator.send_piece()
                latest = max(latest, time.time() - moment)
                heapq.heappush(due, (moment + 1 / rate, place))
        self._at_once(last)
        return latest

    def _ready(self, timeout: float | None) -> list[_Emulator]:
        return [key.data for key, _ in self._selector.select(timeout)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Send as the command line says."""
    options = _parser().parse_args(arguments)
    traffic = load_traffic(options.traffic)
    emulators = [_connect(options.port, traffic) for _ in range(options.emulators)]
    crowd = _Crowd(emulators)
    crowd.run(0, options.before, 0)
    _say({"ready": True})
    sys.stdin.readline()
    processor, start = time.process_time(), time.time()
    lateness = crowd.run(options.before, len(traffic.sets), options.rate)
    _say(
        {
            "seconds": time.time() - start,
            "sets": len(emulators) * (len(traffic.sets) - options.before),
            "changes": len(emulators) * traffic.changes,
            "latencies": [latency for emulator in emulators for latency in emulator.latencies[options.before :]],
            "lateness": lateness,
            "sent_at": [emulator.sent_at for emulator in emulators],
            "processor_seconds": time.process_time() - processor,
        }
    )
    sys.stdin.readline()


def _connect(port: int, traffic: Traffic) -> _Emulator:
    """Start an emulator and wait for its WELCOME: a daemon keeps only so many connections that say nothing."""
    emulator = _Emulator(port, traffic)
    emulator.hear()
    return emulator


def _say(document: object) -> None:
    sys.stdout.buffer.write(orjson.dumps(document) + b"\n")
    sys.stdout.buffer.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.sender", description="Send captured traffic.")
    parser.add_argument("--port", type=int, required=True, help="the daemon's link port")
    parser.add_argument("--traffic", type=Path, required=True, help="file of `tests.bench.traffic`")
    parser.add_argument("--emulators", type=int, default=1, help="how many")
    parser.add_argument("--rate", type=float, default=0, help="frames per second; 0 for as fast as it goes")
    parser.add_argument("--before", type=int, default=2, help="frame sets of each before the measured ones")
    return parser


if __name__ == "__main__":
    main()
