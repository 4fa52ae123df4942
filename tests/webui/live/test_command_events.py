from flask import Flask
from flask_socketio import SocketIO, SocketIOTestClient

from webui.errors import CommandError
from webui.live.command_events import answer_events


def test_an_event_without_arguments_is_no_command() -> None:
    app = Flask(__name__)
    socketio = SocketIO(app, async_mode="gevent", async_handlers=False)
    answer_events(socketio, ["echo"], lambda command, arguments: [command, arguments])
    client: SocketIOTestClient = socketio.test_client(app)
    assert client.emit("echo", {"a": 1}, callback=True) == {"ok": True, "result": ["echo", {"a": 1}]}
    assert client.emit("echo", callback=True) == {"ok": False, "again": False, "message": "A command is an object."}
    SocketIOTestClient.clients.clear()


def test_a_command_that_came_while_the_daemon_was_busy_may_be_sent_again() -> None:
    def refuse(command: str, _: object) -> None:
        raise CommandError(command, "Not now.")

    app = Flask(__name__)
    socketio = SocketIO(app, async_mode="gevent", async_handlers=False)
    answer_events(socketio, ["BusyError", "LabelError"], refuse)
    client: SocketIOTestClient = socketio.test_client(app)
    assert client.emit("BusyError", {}, callback=True) == {"ok": False, "again": True, "message": "Not now."}
    assert client.emit("LabelError", {}, callback=True) == {"ok": False, "again": False, "message": "Not now."}
    SocketIOTestClient.clients.clear()
