"""The stand-in emulator: a console, one script, and BizHawk's order of doing things.

Each frame goes as in BizHawk: scripts that yielded are resumed; `onframestart`; the console runs; `onframeend`; all
scripts are resumed. When the console is swapped (another game, none, a reboot) the script is stopped *after* the swap
and started again in a new Lua state, on the socket that it used. Sources: `LuaConsole.cs` (`ResumeScripts`,
`UpdateAfter`, `DisableLuaScript`, `Restart`), `LuaLibraries.cs`, `MainForm.cs` (`LoadState`, `StepRunLoop_Core`).

Several emulators can live in one process: they share nothing. An emulator belongs to the thread that made it.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lua.headless.client_api import client_functions
from lua.headless.comm_api import CommApi
from lua.headless.comm_socket import CommSocket
from lua.headless.core import Core
from lua.headless.costs import Costs
from lua.headless.domains import gba_domains
from lua.headless.emu_api import emu_functions
from lua.headless.errors import FrozenError, NobodyListensError
from lua.headless.event_api import Events
from lua.headless.flavours import BULK_READS, NEWEST, QUICK_SAVES_ONLY, Flavour
from lua.headless.inputs import Inputs, NoInputs
from lua.headless.joypad_api import JoypadApi
from lua.headless.lua_console import LuaConsole
from lua.headless.marshalling import Marshaller, PoisonedError
from lua.headless.memory_api import MemoryApi
from lua.headless.picture import png_of
from lua.headless.script import LuaMachine, Script, describe_error
from lua.headless.small_apis import Screen, gameinfo_functions, input_functions, userdata_functions

__all__ = ["TURBO_SKIPS", "Emulator", "SavedState"]

TURBO_SKIPS = 3
"""Frames that are not drawn after each that is while the game runs ahead (`Throttle.cs`, `ffSkipRate`)."""


@dataclass(frozen=True, slots=True)
class SavedState:
    """A savestate: the console, the frame count it had, and the script's userdata."""

    name: str
    frame: int
    console: bytes
    userdata: Mapping[str, object] = field(default_factory=dict)


class Emulator:
    """BizHawk with a game loaded.

    Args:
        core: the console; the emulator closes it.
        flavour: the BizHawk that is imitated.
        link: address and port to connect to at start-up, as with BizHawk's socket flags; None without them.
        inputs: who presses the buttons.
        movie: what plays in place of the person: the core is given its buttons.
        userdata: as given with `--userdata`.
        lua_folder: BizHawk's own `Lua` folder, where `require` looks first.
        on_console_line: takes each line that appears in the Lua console.

    Raises:
        NobodyListensError: there is a link, and nobody listens there.

    Attributes:
        frame: frames run, as `emu.framecount()` gives them.
        pressed: buttons that the core was given in the last frame.
        held: buttons that the person held in it: the same unless a movie plays.
        skipped_frames: frames that are not drawn after each that is, as with BizHawk's frame skip.
        turbo: whether the game runs ahead, as `client.isturbo()` returns; three frames of four are not drawn.
        picture_scale: how many times larger screenshots are than the screen.
        console: the Lua console.
        costs: what the script costs.
        screen: what the script draws.
        link: the comm socket, or None.
        keys_down: names of keyboard keys held, for `input.get()`; change it to press hotkeys.
        observers: called at the end of each frame *before* the script, with this emulator.
        exit_requested: the script called `client.exit()`.
        asked_to_end: set from any thread when nothing may stand still any longer.
    """

    def __init__(
        self,
        core: Core,
        *,
        flavour: Flavour = NEWEST,
        link: tuple[str, int] | None = None,
        inputs: Inputs | None = None,
        movie: Inputs | None = None,
        userdata: Mapping[str, object] | None = None,
        lua_folder: Path | None = None,
        on_console_line: Callable[[str], None] | None = None,
    ) -> None:
        self.core = core
        self.flavour: Flavour = flavour
        self.frame = 0
        self.pressed = self.held = 0
        self.skipped_frames = 0
        self.turbo = False
        self.picture_scale = 1
        self.exit_requested = False
        self.asked_to_end = threading.Event()
        self.console = LuaConsole(on_console_line)
        self.costs = Costs()
        self.screen = Screen()
        self.keys_down: set[str] = set()
        self.observers: list[Callable[[Emulator], None]] = []
        self.socket = self._open_link(link)
        self._inputs = inputs or NoInputs()
        self._joypad = JoypadApi(lambda: self.held, lambda: self.pressed)
        self._movie = movie
        self._lua_folder = lua_folder
        self._undrawn = 0
        self._drawn: NDArray[np.uint8] | None = None
        self._userdata = dict(userdata or {})
        self._memory = MemoryApi(gba_domains(core.memories()), self.console.log)
        self._events = Events(self._print_error)
        self._machine: LuaMachine | None = None
        self._marshaller: Marshaller | None = None
        self._script: Script | None = None
        self._script_path: Path | None = None

    @property
    def script_folder(self) -> Path:
        """The folder of the script, where relative paths start."""
        return self._script_path.parent if self._script_path else Path()

    @property
    def script_runs(self) -> bool:
        """Return whether the script's main chunk has neither returned nor failed."""
        return self._script is not None and self._script.running

    def start_script(self, path: Path) -> None:
        """Load a script and let it run to its first yield. One that runs is stopped first.

        A script that a player starts again meets the Lua state that it left, globals and loaded modules included.

        Raises:
            ScriptError: the file is missing or does not compile.
            FrozenError: EmuHawk would stand still.
        """
        self.stop_script()
        self._events.clear()
        self._script_path = path.resolve()
        if self._machine is None:
            self._machine = LuaMachine(self._lua_folder)
            self._install(self._machine)
        self._script = Script(self._machine, self._script_path)
        self._resume(frame_passed=False)
        self.costs.end_startup()

    def run_frame(self) -> None:
        """Run one frame, and the script around it.

        Raises:
            FrozenError: EmuHawk would stand still.
        """
        self._resume(frame_passed=False)
        self._fire("onframestart")
        self.held = self._joypad.apply(self._inputs.pressed(self.frame))
        self.pressed = self._movie.pressed(self.frame) if self._movie else self.held
        self._hold_picture()
        self.core.run_frame(self.pressed)
        self.frame += 1
        self.screen.texts.clear()
        for observer in self.observers:
            observer(self)
        self._end_frame()
        self.costs.end_frame()

    def run_frames(self, count: int) -> None:
        """Run frames one after another.

        Raises:
            FrozenError: EmuHawk would stand still.
        """
        for _ in range(count):
            self.run_frame()

    def save_state(self, name: str = "QuickSave1") -> SavedState:
        """Save a state; fires `onsavestate` with its name, in 2.10 for quick saves only."""
        state = SavedState(name, self.frame, self.core.save_state(), dict(self._userdata))
        if self.flavour not in QUICK_SAVES_ONLY or name.startswith("QuickSave"):
            self._fire("onsavestate", name.encode())
        return state

    def load_state(self, state: SavedState) -> None:
        """Load a state: the frame count jumps, userdata that it carries replace the script's.

        Fires `onloadstate` with the state's name, then a start and an end of the frame that was loaded.
        """
        self.rewind(state)
        if state.userdata:
            self._userdata.clear()
            self._userdata.update(state.userdata)
        self._fire("onloadstate", state.name.encode())
        self._fire("onframestart")
        self._end_frame()

    def rewind(self, state: SavedState) -> None:
        """Go back to an earlier state as rewinding does: the frame count jumps, no event fires."""
        self.core.load_state(state.console)
        self.frame = state.frame

    def reboot(self, *, script_runs_on: bool = False) -> None:
        """Reboot the core: the frame count starts again.

        Args:
            script_runs_on: the script itself asked for it, and is not started again.
        """
        self.core.reset()
        self._swapped(script_runs_on=script_runs_on)

    def change_game(self, core: Core, *, script_runs_on: bool = False) -> None:
        """Put another game in, or none; the frame count starts again.

        Args:
            core: the console with the other game; the old one is closed.
            script_runs_on: the script itself asked for it (`client.openrom`), and is not started again.
        """
        old, self.core = self.core, core
        old.close()
        self._swapped(script_runs_on=script_runs_on)

    def stop_script(self) -> None:
        """Stop the script as a player does: fire `onexit`, then forget its callbacks."""
        if self._script and self._script.running:
            self._script.stop()
            self._fire("onexit")
            self._events.clear()

    def close(self) -> None:
        """Close EmuHawk: fire `onconsoleclose` (not `onexit`); the system closes the connections."""
        if self.socket is None or not self.socket.frozen:
            self._events.fire("onconsoleclose")
        self._drop_machine()
        if self.socket:
            self.socket.close()
        self.core.close()

    def take_screenshot(self) -> bytes:
        """Encode the picture that was drawn last as a PNG, 240 x 160 unless it is scaled."""
        picture = self.core.framebuffer() if self._drawn is None else self._drawn
        if self.picture_scale > 1:
            picture = picture.repeat(self.picture_scale, axis=0).repeat(self.picture_scale, axis=1)
        return png_of(picture)

    def sleep(self, seconds: float) -> None:
        """Stand still, until the emulator is asked to end.

        Raises:
            InterruptedError: it was.
        """
        if self.asked_to_end.wait(seconds):
            raise InterruptedError("the emulator was asked to end")

    def _hold_picture(self) -> None:
        """Keep the picture that is on the screen if the frame to come is not drawn."""
        skipped = TURBO_SKIPS if self.turbo else self.skipped_frames
        if self._undrawn < skipped:
            self._undrawn += 1
            if self._drawn is None:
                self._drawn = self.core.framebuffer().copy()
        else:
            self._undrawn, self._drawn = 0, None

    def _end_frame(self) -> None:
        self._fire("onframeend")
        self._resume(frame_passed=True)

    def _swapped(self, *, script_runs_on: bool) -> None:
        """Start the script again in a new Lua state after a swap (`LuaConsole.Restart`)."""
        self._memory.replace_domains(gba_domains(self.core.memories()))
        self.frame = 0
        self._undrawn, self._drawn = 0, None
        script = self._script_path if self.script_runs and not script_runs_on else None
        if script:
            self.stop_script()
            self._drop_machine()
            self.start_script(script)

    def _drop_machine(self) -> None:
        self._events.clear()
        self._script = None
        if self._machine:
            self._machine.close()
            self._machine = self._marshaller = None

    def _open_link(self, link: tuple[str, int] | None) -> CommSocket | None:
        if link is None:
            return None
        try:
            return CommSocket(*link, self.take_screenshot)
        except OSError as error:
            raise NobodyListensError(*link) from error

    def _install(self, machine: LuaMachine) -> None:
        marshaller = Marshaller(self.costs, machine.make_table, self.flavour)
        self._marshaller = marshaller
        bulk_reads = self.flavour in BULK_READS
        machine.install("memory", self._memory.functions(marshaller, bulk_reads=bulk_reads))
        machine.install("comm", CommApi(self.socket, self.costs, self.console.log).functions(marshaller))
        machine.install("event", self._events.functions(marshaller))
        machine.install(
            "emu", emu_functions(marshaller, machine, lambda: self.core, lambda: self.frame, self.console.log)
        )
        machine.install("joypad", self._joypad.functions(marshaller))
        machine.install("input", input_functions(marshaller, self.keys_down))
        machine.install("gameinfo", gameinfo_functions(marshaller, lambda: self.core))
        machine.install("client", client_functions(marshaller, self))
        machine.install("gui", self.screen.functions(marshaller))
        machine.install("userdata", userdata_functions(marshaller, self._userdata))
        console = self.console.functions(marshaller)
        machine.install("console", console)
        machine.install_function("print", console[b"log"])

    def _resume(self, *, frame_passed: bool) -> None:
        script, marshaller = self._script, self._marshaller
        if script and marshaller and script.running:
            marshaller.in_main = True
            try:
                returned = script.resume(frame_passed=frame_passed)
            except Exception as error:
                self._print_error(error)
                script.detach()
            else:
                if marshaller.poisoned:
                    script.stop()
                    self._print_error(PoisonedError())
                    script.detach()
                elif returned:
                    self._fire("onexit")
                    script.detach()
            finally:
                marshaller.in_main = marshaller.poisoned = False
        self._check_frozen()
        self.console.end_turn()

    def _fire(self, event: str, *args: object) -> None:
        self._events.fire(event, *args)
        self._check_frozen()

    def _print_error(self, error: Exception) -> None:
        self.console.log(f"NLua.Exceptions.LuaScriptException: {describe_error(error)}")

    def _check_frozen(self) -> None:
        # A script's pcall catches any error; a frozen EmuHawk it cannot.
        if self.socket and self.socket.frozen:
            raise FrozenError
