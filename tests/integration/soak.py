"""Eight hours of play as fast as they go, through a whole daemon, its page and a browser: is their memory flat?

    python -m tests.integration.soak --hours 8

Every frame set crosses a real socket, is written, acknowledged, published and shown. Eight hours take 10 GiB of disk
meanwhile. The last line says how much memory each process had after the first tenth
of the play, and how much at the end.
"""

import argparse
import socket
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from protocol.link.codec import decode, encode
from protocol.link.connection import Screenshot
from protocol.link.framing import PayloadReader, prefix
from protocol.link.messages import Ack, Bye, Welcome
from tests.fakes.free_port import free_port
from tests.integration.daemon_process import DaemonProcess
from tests.integration.long_play import SETS_A_SECOND, LongPlay, first_sight, hello
from tests.integration.visitors import Watcher

__all__ = ["MOST_GROWTH", "Soak"]

IN_FLIGHT = 8
"""Frame sets that are sent before the oldest of them must be acknowledged."""

SAMPLES = 40
"""Number of times at which memory is measured."""

WARM = 0.1
"""Share of the play after which every window, ring and cache is full."""

MOST_GROWTH = 8 << 20
"""Bytes by which the memory of a process may differ from then to the end: what allocators do."""

PATIENCE = 60.0


class Player:
    """An emulator that plays as fast as it is acknowledged."""

    def __init__(self, port: int) -> None:
        self._wire = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._replies = PayloadReader()
        self._seq = 0
        self.acknowledged = 0
        self.say(hello())
        welcome = self._hear()
        assert isinstance(welcome, Welcome)
        self.session = welcome.session
        self.say(*first_sight())

    def say(self, *messages: Any) -> None:
        """Say messages and screenshots."""
        said = bytearray()
        for message in messages:
            if isinstance(message, Screenshot):
                said += prefix(message.png)
            else:
                said += prefix(encode(message, self._seq))
                self._seq += 1
        self._wire.sendall(said)

    def await_acknowledgement(self) -> None:
        """Wait for the next one."""
        reply = self._hear()
        assert isinstance(reply, Ack)
        assert reply.set == self.acknowledged
        self.acknowledged += 1

    def end(self) -> None:
        """Say goodbye and go."""
        self.say(Bye("the play is over"))
        self._wire.close()

    def _hear(self) -> object:
        while (payload := self._replies.next_payload()) is None:
            data = self._wire.recv(65536)
            assert data, "the daemon ended the connection"
            self._replies.receive_data(data)
        return decode(payload)[1]


class Soak:
    """A play, and what it takes.

    Args:
        folder: for the data folder.
        sets: how many frame sets are played.

    Attributes:
        samples: for each look at the processes how many sets were acknowledged, and bytes by process.
        previews: screenshots that the browser was shown.
    """

    def __init__(self, folder: Path, sets: int) -> None:
        self._daemon = DaemonProcess(folder / "data", free_port(), page_port=free_port())
        self._data = folder / "data"
        self._sets = sets
        self.samples: list[tuple[int, dict[str, int]]] = []
        self.previews = 0

    def run(self) -> None:
        """Play to the end."""
        self._daemon.start()
        try:
            player = Player(self._daemon.port)
            assert self._daemon.page_port is not None
            browser = Watcher(self._daemon.page_port, player.session)
            play = LongPlay()
            for number in range(self._sets):
                player.say(*play.frame_set(number))
                if number >= IN_FLIGHT:
                    player.await_acknowledgement()
                if (number + 1) % max(1, self._sets // SAMPLES) == 0:
                    self._look(number + 1)
            while player.acknowledged < self._sets:
                player.await_acknowledgement()
            player.end()
            browser.leave()
            self.previews = browser.previews
            assert self._daemon.stop() == 0
            stored = sum(path.name.isdecimal() for path in (self._data / player.session).iterdir())
            assert stored == self._sets
        finally:
            self._daemon.end()

    def _look(self, played: int) -> None:
        memory = self._daemon.memory()
        self.samples.append((played, memory))
        sizes = ", ".join(f"{name} {size / 2**20:.1f} MiB" for name, size in memory.items())
        print(f"{played / SETS_A_SECOND / 3600:.2f} h: {sizes}", flush=True)  # noqa: T201

    def growth(self) -> dict[str, tuple[int, int]]:
        """Give for each process its memory when it was warm, and the most in the last tenth of the play."""
        warm = next(memory for sets, memory in self.samples if sets >= WARM * self._sets)
        last = [memory for sets, memory in self.samples if sets >= (1 - WARM) * self._sets]
        return {name: (size, max(memory.get(name, 0) for memory in last)) for name, size in warm.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Play and tell; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.integration.soak", description=__doc__.splitlines()[0])
    parser.add_argument("--hours", type=float, default=8.0, help="of play (%(default)s)")
    options = parser.parse_args(arguments)
    sets, began = int(options.hours * 3600 * SETS_A_SECOND), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        soak = Soak(Path(folder), sets)
        soak.run()
        seconds = time.monotonic() - began
        growth = soak.growth()
        grew = [name for name, (warm, end) in growth.items() if end - warm > MOST_GROWTH]
        verdict = f"{' and '.join(grew)} grew" if grew else "flat"
        sizes = ", ".join(f"{name} {warm / 2**20:.1f} → {end / 2**20:.1f} MiB" for name, (warm, end) in growth.items())
        print(  # noqa: T201
            f"{options.hours:g} hours of play, {sets:,} frame sets in {seconds:.0f} s ({sets / seconds:.0f} a second), "
            f"{soak.previews:,} previews shown; {sizes}: {verdict}",
            flush=True,
        )
    return int(bool(grew))


if __name__ == "__main__":
    sys.exit(main())
