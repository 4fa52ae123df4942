"""Conversion of arguments and results between Lua and BizHawk, with its losses.

Lua strings are bytes. BizHawk's functions take and give .NET strings: going in, bytes are decoded as UTF-8, coming out,
text is encoded as UTF-8, and whatever is not valid UTF-8 is replaced by U+FFFD on the way. Only functions made for
binary data are exempt. Tables cross element by element.

Each function crosses as a Python callable, which Lua sees as userdata: `type(memory.read_u8)` is not `"function"`, in
BizHawk neither. What it throws crosses as a `NetError`; of that and of other objects of .NET a script reads the members
that they show, and nothing else of Python. Sources: NLua's `ObjectTranslator.cs` (`ThrowError`), and what `pcall`
returned inside the releases' own assemblies.
"""

import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Protocol

from lua.headless.costs import Costs, weight_of
from lua.headless.flavours import NEWEST, UNPROTECTED_MAIN, Flavour

__all__ = [
    "LuaCallError",
    "LuaFunction",
    "LuaTable",
    "Marshaller",
    "NetError",
    "NetException",
    "NetObject",
    "PoisonedError",
    "net_text",
    "read_member",
    "zero_indexed",
]

_error_numbers = count(1)


class NetObject:
    """An object whose public members, by their .NET names, Lua can read."""

    members: tuple[str, ...] = ()
    """Names that Lua can read."""


class NetException(NetObject):
    """Exception that was thrown: `InnerException` of the error that Lua catches."""

    members = ("Message",)

    def __init__(self, message: str) -> None:
        self.Message = message.encode("utf-8", "replace")


class NetError(NetObject, Exception):
    """The error that Lua catches when a function of BizHawk's throws.

    Its text lacks the cause, and has another number each time.

    Args:
        cause: what was thrown.
    """

    members = ("InnerException",)

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.InnerException = NetException(str(cause))
        self._number = next(_error_numbers)

    def __str__(self) -> str:
        return f"A .NET exception occured in user-code: {self._number}"

    @property
    def report(self) -> str:
        """The text with its cause, as BizHawk prints it."""
        return f"{self} ---> {self.args[0]}"


def read_member(item: object, name: object, setting: object) -> object:
    """Let Lua read a member, or not.

    Raises:
        AttributeError: Lua sees no such member, or wants to set it.
    """
    text = name.decode() if isinstance(name, bytes) else name
    if setting or not isinstance(item, NetObject) or text not in item.members:
        raise AttributeError("no such member")
    return name


class LuaTable(Protocol):
    """A table of the script, as lupa shows it to Python: of numbers, booleans and bytes."""

    def __getitem__(self, key: object) -> object: ...
    def __setitem__(self, key: object, value: object) -> None: ...
    def __len__(self) -> int: ...
    def values(self) -> Sequence[object]:
        """Return all values, in Lua's own order."""
        ...

    def items(self) -> Sequence[tuple[object, object]]:
        """Return all pairs, in Lua's own order."""
        ...


class LuaFunction(Protocol):
    """A function of the script, as lupa shows it to Python."""

    def __call__(self, *args: object) -> object:
        """Call it; its errors are raised here."""
        ...


class LuaCallError(Exception):
    """Error for wrong arguments, which NLua raises itself, as plain text."""

    def __init__(self) -> None:
        super().__init__("Invalid arguments to method call")


class PoisonedError(Exception):
    """Error of a main chunk that does not protect: without text and cause."""

    def __str__(self) -> str:
        return ""


def net_text(data: bytes) -> str:
    """Decode a Lua string as .NET does: UTF-8, each invalid sequence replaced by U+FFFD."""
    return data.decode("utf-8", "replace")


def zero_indexed(values: Sequence[object]) -> dict[object, object]:
    """Lay a list out as BizHawk's 0-indexed tables."""
    return dict(enumerate(values))


class Marshaller:
    """Wrapper of BizHawk's functions for Lua; it counts and weighs the calls and their data.

    Functions are named as scripts call them, `memory.read_u8`: their weights are looked up by that.

    Args:
        costs: where crossings are counted.
        make_table: makes a Lua table of a mapping, or a 1-indexed one of a sequence.
        flavour: the BizHawk that is imitated.

    Attributes:
        in_main: whether the script's main chunk is running, not a callback; set from outside.
        poisoned: whether something was thrown in a main chunk that does not protect: every further call raises.
    """

    def __init__(self, costs: Costs, make_table: Callable[[object], LuaTable], flavour: Flavour = NEWEST) -> None:
        self.in_main = self.poisoned = False
        self._costs = costs
        self._make_table = make_table
        self._flavour = flavour

    def text(self, name: str, function: Callable[..., object]) -> Callable[..., object]:
        """Wrap a function whose strings are text: it gets and gives `str`."""
        inner = self.binary(name, function)

        def call(*args: object) -> object:
            return inner(*[net_text(arg) if isinstance(arg, bytes) else arg for arg in args])

        return call

    def binary(self, name: str, function: Callable[..., object]) -> Callable[..., object]:
        """Wrap a function that takes its strings as bytes; `bytes` that it returns cross unchanged."""
        costs, weight = self._costs, weight_of(name, self._flavour)
        fixed = weight.call
        least, most = _argument_counts(function)

        def call(*args: object) -> object:
            costs.calls += 1
            costs.microseconds += fixed
            if self.poisoned:
                raise PoisonedError
            if not least <= len(args) <= most:
                raise LuaCallError
            try:
                result = function(*args)
            except Exception as error:
                raise self._thrown(error) from None
            if result.__class__ is int:  # the hot path: a memory read
                return result
            return self._outward(result)

        def call_of_any_size(*args: object) -> object:
            elements, handled = costs.elements, costs.handled
            try:
                return call(*args)
            finally:
                costs.microseconds += weight.element * (costs.elements - elements)
                costs.microseconds += weight.byte * (costs.handled - handled)

        return costs.timed(call_of_any_size if weight.element or weight.byte else call)

    def library(self, name: str, functions: Mapping[str, Callable[..., object]]) -> dict[bytes, Callable[..., object]]:
        """Wrap a whole library of functions whose strings are text."""
        return {key.encode(): self.text(f"{name}.{key}", function) for key, function in functions.items()}

    def count_elements(self, count: int) -> None:
        """Count elements of a table that a function took from Lua."""
        self._costs.elements += count

    def count_hashed(self, count: int) -> None:
        """Count bytes that a function hashed on BizHawk's side."""
        self._costs.hashed += count

    def _thrown(self, error: Exception) -> Exception:
        if self.in_main and self._flavour in UNPROTECTED_MAIN:
            self.poisoned = True
            return PoisonedError()
        return error if isinstance(error, LuaCallError) else NetError(error)

    def _outward(self, result: object) -> object:
        match result:
            case str():
                return result.encode("utf-8", "replace")
            case bytes():
                self._costs.copied += len(result)
                return result
            case dict():
                self._costs.elements += len(result)
                return self._make_table({_key(key): self._outward(value) for key, value in result.items()})
            case list():
                self._costs.elements += len(result)
                return self._make_table(result)
            case _:
                return result


def _argument_counts(function: Callable[..., object]) -> tuple[int, int]:
    """Return how many arguments a function takes, at least and at most."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:  # some functions written in C have no signature
        return 0, sys.maxsize
    if any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters):
        return 0, sys.maxsize
    return sum(parameter.default is parameter.empty for parameter in parameters), len(parameters)


def _key(key: object) -> object:
    return key.encode("utf-8", "replace") if isinstance(key, str) else key
