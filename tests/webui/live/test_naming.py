from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_socketio import SocketIO, SocketIOTestClient

from webui.errors import BusError, CommandError
from webui.live.naming import Naming


def test_a_browser_is_told_what_came_of_it() -> None:
    asked: list[tuple[str, Mapping[str, Any]]] = []
    errors: list[Exception] = []

    def ask(command: str, arguments: Mapping[str, Any], _patience: float) -> Any:
        asked.append((command, arguments))
        if errors:
            raise errors.pop()
        return {"book": "fern"}

    app = Flask(__name__)
    socketio = SocketIO(app, async_mode="gevent", async_handlers=False)
    Naming(ask).listen(socketio)
    client: SocketIOTestClient = socketio.test_client(app)
    for command in ("names", "name", "remove_name", "import_names", "export_names"):
        answer = client.emit(command, {"session": "meadow"}, callback=True)
        assert answer == {"ok": True, "result": {"book": "fern"}}
        assert asked[-1] == (command, {"session": "meadow"})
    errors.append(BusError("The daemon does not answer."))
    assert client.emit("name", {}, callback=True)["again"] is True
    errors.append(CommandError("NamesError", "There is no name 'x'."))
    answer = client.emit("remove_name", {}, callback=True)
    assert answer == {"ok": False, "again": False, "message": "There is no name 'x'."}
    rubbish: Any
    for rubbish in (None, 7, "label", [{}]):
        assert client.emit("names", rubbish, callback=True)["ok"] is False
    SocketIOTestClient.clients.clear()
