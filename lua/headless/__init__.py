"""Stand-in emulator: real Lua 5.4 around a real mGBA core, for unmodified BizHawk scripts.

It behaves as BizHawk really does, faults included, so that a script that works here works there. Reading order:

* `flavours`, `inputs`, `pacing`, `picture`, `domains`, `costs`: pure.
* `core` (interface of a console); `libretro_core` with `drivers`, `shared_library`, `rom` (a real core); `tape_core`
  over `tape` (the recording of one); `console_choice` with `core_search` (which of them plays).
* `marshalling` (between Lua and BizHawk), `script` with `prelude.lua` (the Lua state and the script's coroutine).
* `memory_api`, `comm_api` over `comm_socket`, `event_api`, `emu_api`, `joypad_api`, `client_api`, `small_apis`,
  `lua_console`: BizHawk's libraries.
* `emulator` (all of it together), `player` (plays a game unattended).

Flavour: the BizHawk version that is imitated, 2.10, 2.11 or 2.11.1. Console: the Game Boy Advance. Lua console: the
window that a script writes to.
"""

import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

__all__: list[str] = []


@contextmanager
def signatures_of_structures() -> Iterator[None]:
    """Let `inspect.signature` answer with an empty text where there is no signature."""
    original = inspect.signature

    def forgiving(of: Any, **options: Any) -> Any:
        try:
            return original(of, **options)
        except ValueError:
            return ""

    inspect.signature = forgiving  # type: ignore[assignment]
    try:
        yield
    finally:
        inspect.signature = original


# libretro.py makes dataclasses of ctypes structures. Those have no signature to put into a docstring, and dataclass()
# failed for that in early releases of Python 3.11, that of Debian 12 (3.11.2) among them; in 3.11.7 it does not.
if sys.version_info < (3, 11, 7):
    with suppress(ImportError), signatures_of_structures():
        import libretro  # type: ignore[import-untyped]  # noqa: F401
