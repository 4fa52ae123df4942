"""BizHawk's `comm` library: the functions of its socket. Source: `CommLuaLibrary.cs`.

Started without socket flags there is no socket: sending gives -1, a question about the connection throws .NET's null
reference, the others give nil.
"""

from collections.abc import Callable
from typing import TypeVar

from lua.headless.comm_socket import CommSocket
from lua.headless.costs import Costs
from lua.headless.marshalling import LuaCallError, LuaTable, Marshaller

__all__ = ["CommApi"]

_Sent = TypeVar("_Sent", int, bool)

_NO_SOCKET = "Socket server was not initialized, please initialize it via the command line"
_NULL_REFERENCE = "Object reference not set to an instance of an object."


class CommApi:
    """The socket as a script sees it.

    Args:
        link: the socket, or None without socket flags.
        costs: where sent bytes are counted.
        log: takes a line for the Lua console.
    """

    def __init__(self, link: CommSocket | None, costs: Costs, log: Callable[[str], None]) -> None:
        self._link = link
        self._costs = costs
        self._log = log

    def functions(self, marshaller: Marshaller) -> dict[bytes, Callable[..., object]]:
        """Return the library's functions as Lua gets them."""
        return marshaller.library(
            "comm",
            {
                "socketServerIsConnected": lambda: self._demand().connected,
                "socketServerSend": self._send,
                "socketServerSendBytes": lambda table: self._send_bytes(marshaller, table),
                "socketServerScreenShot": self._screenshot,
                "socketServerScreenShotResponse": self._screenshot_response,
                "socketServerResponse": self._response,
                "socketServerSuccessful": self._successful,
                "socketServerSetTimeout": self._set_timeout,
                "socketServerSetIp": self._set_ip,
                "socketServerSetPort": self._set_port,
                "socketServerGetIp": lambda: self._link.host if self._link else None,
                "socketServerGetPort": lambda: self._link.port if self._link else None,
                "socketServerGetInfo": self._info,
            },
        )

    def _check(self) -> CommSocket | None:
        if self._link is None:
            self._log(_NO_SOCKET)
        return self._link

    def _demand(self) -> CommSocket:
        if self._link is None:
            raise AttributeError(_NULL_REFERENCE)
        return self._link

    def _send(self, text: object) -> int:
        if not isinstance(text, str | int | float):
            raise LuaCallError
        link = self._check()
        return self._counted(link, lambda: link.send_string(str(text))) if link else -1

    def _send_bytes(self, marshaller: Marshaller, table: LuaTable) -> int:
        link = self._check()
        if link is None:
            return -1
        values = table.values()
        marshaller.count_elements(len(table))
        data = bytes(_byte(value) for value in values)
        return self._counted(link, lambda: link.send_bytes(data))

    def _screenshot(self) -> str | None:
        link = self._check()
        if link is None:
            return None
        sent = self._counted(link, link.send_screenshot)
        return "Screenshot was sent" if sent else "Screenshot could not be sent"

    def _screenshot_response(self) -> str | None:
        link = self._check()
        if link is None:
            return None
        self._counted(link, link.send_screenshot)
        return link.receive_string() or "Failed to get a response"

    def _response(self) -> str | None:
        link = self._check()
        return link.receive_string() if link else None

    def _successful(self) -> bool:
        link = self._check()
        return link.successful if link else False

    def _info(self) -> str:
        link = self._check()
        return f"{link.host}:{link.port}" if link else ""

    def _set_timeout(self, milliseconds: float) -> None:
        link = self._check()
        if link:
            link.set_timeout(int(milliseconds))

    def _set_ip(self, host: str) -> None:
        self._check()
        self._demand().host = host

    def _set_port(self, port: float) -> None:
        self._check()
        if not 0 <= port <= 0xFFFF:
            raise LuaCallError
        self._demand().port = int(port)

    def _counted(self, link: CommSocket, send: Callable[[], _Sent]) -> _Sent:
        before = link.sent
        try:
            return send()
        finally:
            self._costs.sent += link.sent - before


def _byte(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("Unable to cast object to type 'System.Int64'.")
    return value & 0xFF
