import pytest
from flask import Flask

from webui.guard import MAX_BODY, HostGuard, harden, is_own_host


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.1:5000",
        "localhost:5000",
        "LOCALHOST",
        "192.168.1.20:5000",
        "[::1]:5000",
        "den",
        "den.local:5000",
        "Den.fritz.box",
    ],
)
def test_this_machine_is_answered(host: str) -> None:
    assert is_own_host(host, "den")


@pytest.mark.parametrize(
    "host",
    ["", "evil.example", "evil.example:5000", "127.0.0.1.evil.example", "localhost.evil.example", "[broken", "dent"],
)
def test_somebody_elses_name_is_not(host: str) -> None:
    assert not is_own_host(host, "den")


def test_a_machine_without_a_name_takes_no_name() -> None:
    assert not is_own_host("evil", "")
    assert not is_own_host("", "")


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    harden(app)
    app.add_url_rule("/", view_func=lambda: "page")
    return app


def test_a_page_of_another_site_is_turned_away_before_anything_else(app: Flask) -> None:
    app.wsgi_app = HostGuard(app.wsgi_app)  # type: ignore[method-assign]
    answer = app.test_client().get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 421
    assert "address or name" in answer.text
    assert app.test_client().get("/").text == "page"


def test_every_answer_forbids_foreign_code(app: Flask) -> None:
    headers = app.test_client().get("/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in headers


def test_bodies_have_a_limit(app: Flask) -> None:
    assert app.config["MAX_CONTENT_LENGTH"] == MAX_BODY
