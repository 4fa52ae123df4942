"""The stand-in emulator: a console, one script, and BizHawk's order of doing things.

Each frame goes as in BizHawk: scripts that yielded are resumed; `onframestart`; the console runs; `onframeend`; all
scripts are resumed. Sources: `LuaConsole.cs` (`ResumeScripts`, `UpdateAfter`, `DisableLuaScript`, `Restart`),
`LuaLibraries.cs`.

Several emulators can live in one process: they share nothing. An emulator belongs to the thread that made it.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lua.headless.border import Border
from lua.headless.client_api import client_functions
from lua.headless.comm_api import CommApi
from lua.headless.comm_socket import CommSocket
from lua.headless.core import Core
from lua.headless.costs import Costs
from lua.headless.domains import gba_domains
from lua.headless.emu_api import emu_functions
from lua.headless.errors import FrozenError, NobodyListensError
from lua.headless.event_api import Events
from lua.headless.flavours import BULK_READS, NEWEST, Flavour
from lua.headless.host_apis import Screen, gameinfo_functions, input_functions, userdata_functions
from lua.headless.inputs import Inputs, NoInputs
from lua.headless.joypad_api import joypad_functions
from lua.headless.joypad_overrides import JoypadOverrides
from lua.headless.lua_console import LuaConsole
from lua.headless.memory_api import MemoryApi
from lua.headless.picture import png_of
from lua.headless.script import LuaMachine, Script, describe_error

__all__ = ["Emulator", "SavedState"]


@dataclass(frozen=True, slots=True)
class SavedState:
    """A savestate: the console, and the frame count it had."""

    name: str
    frame: int
    console: bytes


class Emulator:
    """BizHawk with a game loaded.

    Args:
        core: the console; the emulator closes it.
        flavour: the BizHawk that is imitated.
        link: address and port to connect to at start-up, as with BizHawk's socket flags; None without them.
        inputs: who presses the buttons.
        userdata: as given with `--userdata`.
        on_console_line: takes each line that appears in the Lua console.

    Raises:
        NobodyListensError: there is a link, and nobody listens there.

    Attributes:
        frame: frames run, as `emu.framecount()` gives them.
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
        userdata: Mapping[str, object] | None = None,
        on_console_line: Callable[[str], None] | None = None,
    ) -> None:
        self.core = core
        self.flavour: Flavour = flavour
        self.frame = 0
        self.pressed = 0
        self.exit_requested = False
        self.asked_to_end = threading.Event()
        self.console = LuaConsole(on_console_line)
        self.costs = Costs()
        self.screen = Screen()
        self.keys_down: set[str] = set()
        self.observers: list[Callable[[Emulator], None]] = []
        self.link = self._open_link(link)
        self._inputs = inputs or NoInputs()
        self._overrides = JoypadOverrides()
        self._userdata = dict(userdata or {})
        self._memory = MemoryApi(gba_domains(core.memories()), self.console.log)
        self._events = Events(self._print_error)
        self._machine: LuaMachine | None = None
        self._script: Script | None = None
        self._script_path: Path | None = None

    @property
    def script_runs(self) -> bool:
        """Whether the script's main chunk has neither returned nor failed."""
        return self._script is not None and self._script.running

    def start_script(self, path: Path) -> None:
        """Load a script and let it run to its first yield. One that runs is stopped first.

        A script that is started again meets the Lua state that it left, globals and loaded modules included.

        Raises:
            ScriptError: the file is missing or does not compile.
            FrozenError: EmuHawk would stand still.
        """
        self.stop_script()
        self._events.clear()
        self._script_path = path.resolve()
        if self._machine is None:
            self._machine = LuaMachine()
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
        self.pressed = self._overrides.apply(self._inputs.pressed(self.frame))
        self.core.run_frame(self.pressed)
        self.frame += 1
        self.screen.texts.clear()
        for observer in self.observers:
            observer(self)
        self._fire("onframeend")
        self._resume(frame_passed=True)
        self.costs.end_frame()

    def run_frames(self, count: int) -> None:
        """Run frames one after another.

        Raises:
            FrozenError: EmuHawk would stand still.
        """
        for _ in range(count):
            self.run_frame()

    def save_state(self, name: str = "QuickSave1") -> SavedState:
        """Save a state; fires `onsavestate` with its name."""
        state = SavedState(name, self.frame, self.core.save_state())
        self._fire("onsavestate", name.encode())
        return state

    def load_state(self, state: SavedState) -> None:
        """Load a state; the frame count jumps to what it was, then `onloadstate` is fired with the state's name."""
        self.rewind(state)
        self._fire("onloadstate", state.name.encode())

    def rewind(self, state: SavedState) -> None:
        """Go back to an earlier state as rewinding does: the frame count jumps, and no event tells."""
        self.core.load_state(state.console)
        self.frame = state.frame

    def reset(self) -> None:
        """Reset the console: the frame count starts again, and no event tells."""
        self.core.reset()
        self._memory.plug(gba_domains(self.core.memories()))
        self.frame = 0

    def change_game(self, core: Core, *, restart_script: bool = False) -> None:
        """Put another game in; the frame count starts again, and no event tells.

        Args:
            core: the console with the other game; the old one is closed.
            restart_script: stop the script and start it in a new Lua state (`LuaConsole.Restart`), instead of letting
                it run on.
        """
        script = self._script_path if restart_script and self.script_runs else None
        if script:
            self.stop_script()
            self._drop_machine()
        old, self.core = self.core, core
        old.close()
        self._memory.plug(gba_domains(core.memories()))
        self.frame = 0
        if script:
            self.start_script(script)

    def stop_script(self) -> None:
        """Stop the script as a player does in the Lua console: fire `onexit`, then forget its callbacks."""
        if self._script and self._script.running:
            self._script.stop()
            self._fire("onexit")
            self._events.clear()

    def close(self) -> None:
        """Close EmuHawk: `onconsoleclose` is fired (not `onexit`), and the system closes the connections."""
        if self.link is None or not self.link.frozen:
            self._events.fire("onconsoleclose")
        self._drop_machine()
        if self.link:
            self.link.close()
        self.core.close()

    def take_screenshot(self) -> bytes:
        """Encode the current picture as a PNG, 240 x 160."""
        return png_of(self.core.framebuffer())

    def _drop_machine(self) -> None:
        self._events.clear()
        self._script = None
        if self._machine:
            self._machine.close()
            self._machine = None

    def _open_link(self, link: tuple[str, int] | None) -> CommSocket | None:
        if link is None:
            return None
        try:
            return CommSocket(*link, self.take_screenshot)
        except OSError as error:
            raise NobodyListensError(*link) from error

    def _install(self, machine: LuaMachine) -> None:
        border = Border(self.costs, machine.make_table, self.flavour)
        bulk_reads = self.flavour in BULK_READS
        machine.install("memory", self._memory.functions(border, bulk_reads=bulk_reads))
        machine.install("comm", CommApi(self.link, self.costs, self.console.log).functions(border))
        machine.install("event", self._events.functions(border))
        machine.install("emu", emu_functions(border, machine, lambda: self.core, lambda: self.frame))
        machine.install("joypad", joypad_functions(border, lambda: self.pressed, self._overrides.set))
        machine.install("input", input_functions(border, self.keys_down))
        machine.install("gameinfo", gameinfo_functions(border, lambda: self.core))
        machine.install(
            "client",
            client_functions(
                border, self.flavour, self._script_folder, self.take_screenshot, self._request_exit, self._sleep
            ),
        )
        machine.install("gui", self.screen.functions(border))
        machine.install("userdata", userdata_functions(border, self._userdata))
        console = self.console.functions(border)
        machine.install("console", console)
        machine.install_function("print", console[b"log"])

    def _resume(self, *, frame_passed: bool) -> None:
        script = self._script
        if script and script.running:
            try:
                returned = script.resume(frame_passed=frame_passed)
            except Exception as error:
                self._print_error(error)
                script.detach()
            else:
                if returned:
                    self._fire("onexit")
                    script.detach()
        self._check_frozen()
        self.console.end_turn()

    def _fire(self, event: str, *args: object) -> None:
        self._events.fire(event, *args)
        self._check_frozen()

    def _print_error(self, error: Exception) -> None:
        self.console.log(f"NLua.Exceptions.LuaScriptException: {describe_error(error)}")

    def _check_frozen(self) -> None:
        # A script's pcall catches any error; a frozen EmuHawk it can not.
        if self.link and self.link.frozen:
            raise FrozenError

    def _script_folder(self) -> Path:
        return self._script_path.parent if self._script_path else Path()

    def _sleep(self, seconds: float) -> None:
        if self.asked_to_end.wait(seconds):
            raise InterruptedError("the emulator was asked to end")

    def _request_exit(self) -> None:
        self.exit_requested = True
