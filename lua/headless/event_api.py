"""BizHawk's `event` library.

Sources: `EventsLuaLibrary.cs`, `LuaLibraries.cs`, `LuaSandbox.cs`.

An error in a callback is caught, printed to the Lua console, and the callback stays registered: the same error comes
again at the next frame. Memory callbacks are left out: on the GBA core they crash or get lost, nothing may rest on
them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid5

from lua.headless.marshalling import LuaCallError, LuaFunction, Marshaller

__all__ = ["Events"]

_EVENTS = ("onframestart", "onframeend", "onexit", "onconsoleclose", "onloadstate", "onsavestate")
_NAMESPACE = UUID("8f1c6a52-5f0e-4a39-9f43-6a1a1d7d9b40")
"""Ids are made from a running number, so that two runs of a script are the same."""


@dataclass(frozen=True, slots=True)
class _Registered:
    guid: str
    event: str
    name: str
    function: LuaFunction


class Events:
    """The callbacks of a script.

    Args:
        print_error: prints an error that a callback raised.
    """

    def __init__(self, print_error: Callable[[Exception], None]) -> None:
        self._print_error = print_error
        self._registered: list[_Registered] = []
        self._count = 0

    def functions(self, marshaller: Marshaller) -> dict[bytes, Callable[..., object]]:
        """Return the library's functions as Lua gets them."""
        library: dict[str, Callable[..., object]] = {name: self._registrar(name) for name in _EVENTS}
        library["unregisterbyid"] = lambda guid: self._unregister(lambda entry: entry.guid == guid)
        library["unregisterbyname"] = lambda name: self._unregister(lambda entry: entry.name == name)
        return marshaller.library("event", library)

    def fire(self, event: str, *args: object) -> None:
        """Call the callbacks of an event in the order of registration; print their errors."""
        for entry in [entry for entry in self._registered if entry.event == event]:
            try:
                entry.function(*args)
            except Exception as error:
                self._print_error(error)

    def clear(self) -> None:
        """Forget all callbacks, as BizHawk does when a script is stopped."""
        self._registered.clear()

    def _registrar(self, event: str) -> Callable[..., object]:
        def register(function: LuaFunction, name: str | None = None) -> str:
            if not callable(function):
                raise LuaCallError
            self._count += 1
            guid = str(uuid5(_NAMESPACE, str(self._count)))
            self._registered.append(_Registered(guid, event, name or "Anonymous", function))
            return guid

        return register

    def _unregister(self, matches: Callable[[_Registered], bool]) -> bool:
        for entry in self._registered:
            if matches(entry):
                self._registered.remove(entry)
                return True
        return False
