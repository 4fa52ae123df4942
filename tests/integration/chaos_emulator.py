"""An emulator for the chaos: its clock goes with its frames, and it notes its replies."""

import socket
import struct
import time
from pathlib import Path

from lua.headless.emulator import Emulator
from lua.headless.flavours import FLAVOURS
from lua.headless.script import LuaMachine
from protocol.link.codec import decode
from protocol.link.messages import Ack, Welcome
from tests.integration.noisy_core import noisy_core
from tests.integration.stall_watch import StallWatch

__all__ = ["KEPT", "LOST", "PATIENCE", "ChaosEmulator"]

PATIENCE = 300
"""Milliseconds that the script waits for an answer."""

LOST, KEPT = "could not be delivered", "will be delivered at the next start"
"""Words of the script's report of frame sets that it could not deliver when it ended."""

ROM_NAME = "メダロット3"
"""A name that many a terminal cannot show."""

FRAME_CLOCK = """
local began = os.time()
os.time = function()
   return began + emu.framecount() // 60
end
"""
"""Makes the script's clock go with the frames."""


class ChaosEmulator(Emulator):
    """Emulator with a clock of frames, which notes what it receives; seeds vary the flavour.

    Attributes:
        acknowledged: session and frame set of each ACK that the script was given.
        sessions: the sessions that it was welcomed to.
        longest: the longest that a frame took, in seconds, without those in which the machine stood still.
    """

    def __init__(self, seed: int, port: int, spool: Path) -> None:
        self.acknowledged: list[tuple[str, int]] = []
        self.sessions: list[str] = []
        self.longest = 0.0
        self._stalls = StallWatch()
        self.said: list[str] = []
        self.dropped = 0
        userdata = {"patience": str(PATIENCE), "reconnect_interval": "1", "ring_size": "20000", "proof_interval": "3"}
        userdata["spool_folder"] = str(spool)
        link = ("127.0.0.1", port)
        flavour = FLAVOURS[seed % len(FLAVOURS)]
        core = noisy_core(seed, ROM_NAME)
        super().__init__(core, flavour=flavour, link=link, userdata=userdata, on_console_line=self.said.append)
        assert self.socket is not None
        self._receive = self.socket.receive_string
        self.socket.receive_string = self._note  # type: ignore[method-assign]

    def run_frame(self) -> None:
        start = time.perf_counter()
        super().run_frame()
        self.longest = max(self.longest, self._stalls.halt_since(start))

    def close(self) -> None:
        super().close()
        self._stalls.end()
        assert self.socket is not None
        # The emulator must go by itself: Lua's objects do not survive Python's search for cycles.
        del self.socket.receive_string, self._receive

    def drop_connection(self) -> None:
        """Lose the connection without a word, as a pulled cable does once it is noticed."""
        assert self.socket is not None
        wire = self.socket._socket
        if wire.fileno() >= 0:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            wire.close()

    def _install(self, machine: LuaMachine) -> None:
        super()._install(machine)
        machine._runtime.execute(FRAME_CLOCK.encode())

    def _note(self) -> str:
        text = self._receive()
        if text:
            match decode(text.encode()):
                case _, Ack(number):
                    self.acknowledged.append((self.sessions[-1], number))
                case _, Welcome(session):
                    self.sessions.append(session)
        return text

    def told_of(self, phrase: str) -> int:
        """Add up the frame sets in the script's lines with this text."""
        return sum(int(line.split(": ")[1].split()[0]) for line in self.said if phrase in line)
