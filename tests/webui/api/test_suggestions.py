"""Routes for suggested labels: what is asked of the daemon."""

from flask.testing import FlaskClient

from tests.webui.api.test_memory import Daemon, daemon
from tests.webui.api.test_routes import asked, client, server

__all__ = ["asked", "client", "daemon", "server"]

BASE = "/api/sessions/meadow/suggestions"


def test_suggestions_are_asked_as_the_query_says(client: FlaskClient, daemon: Daemon) -> None:
    daemon.answers = [{"suggestions": []}, {"suggestions": []}]
    assert client.get(f"{BASE}?field=scene").get_json() == {"suggestions": []}
    client.get(BASE)
    assert daemon.asked == [
        ("suggestions", {"session": "meadow", "field": "scene"}),
        ("suggestions", {"session": "meadow"}),
    ]


def test_another_parameter_is_refused(client: FlaskClient, daemon: Daemon) -> None:
    assert client.get(f"{BASE}?colour=red").status_code == 400
    assert daemon.asked == []
