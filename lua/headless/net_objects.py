"""Objects of .NET that a script can hold, with their visible members only. Pure.

Source: NLua's `ObjectTranslator.cs` (`ThrowError`), and what `pcall` gave inside the releases' own assemblies.
"""

from itertools import count

__all__ = ["NetError", "NetException", "NetObject", "member"]

_numbers = count(1)


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

    Its text does not tell the cause, and has another number each time.

    Args:
        cause: what was thrown.
    """

    members = ("InnerException",)

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.InnerException = NetException(str(cause))
        self._number = next(_numbers)

    def __str__(self) -> str:
        return f"A .NET exception occured in user-code: {self._number}"

    @property
    def report(self) -> str:
        """The text with its cause, as BizHawk prints it."""
        return f"{self} ---> {self.args[0]}"


def member(item: object, name: object, setting: object) -> object:
    """Let Lua read a member, or not.

    Raises:
        AttributeError: Lua sees no such member, or wants to set it.
    """
    text = name.decode() if isinstance(name, bytes) else name
    if setting or not isinstance(item, NetObject) or text not in item.members:
        raise AttributeError("no such member")
    return name
