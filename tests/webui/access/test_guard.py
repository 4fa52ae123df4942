from time import time

import pytest
from flask import Flask

from protocol.bus.page_secret import PageSecret
from webui.access.auth import COOKIE_LIFETIME, Auth
from webui.access.guard import LOGIN, MAX_BODY, Guard, harden, is_own_host, is_own_origin, is_remote


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
    ],
)
def test_this_machine_is_answered(host: str) -> None:
    assert is_own_host(host, "den")


@pytest.mark.parametrize("host", ["den.fritz.box", "Den.Fritz.Box:5000", "den", "den.local"])
def test_a_machine_whose_name_has_a_domain_is_answered_with_and_without_it(host: str) -> None:
    assert is_own_host(host, "den.fritz.box")
    assert not is_own_host("den.fritz.box.evil.example", "den.fritz.box")


@pytest.mark.parametrize(
    "host",
    [
        *(
            "",
            "evil.example",
            "evil.example:5000",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "[broken",
            "dent",
        ),
        *(
            "den.evil.example",
            "den.local.evil.example",
            "den.fritz.box",
            "den.",
            "den@evil.example",
            "evil.example@den",
        ),
        *("127.0.0.1:5000,evil.example", "127.0.0.1,127.0.0.1", "den:80,evil.example", "den evil.example", "den:x"),
        *("[::1", "::1", "[::1]evil.example", "[den]", "den/evil.example", "den\n"),
    ],
)
def test_somebody_elses_name_is_not(host: str) -> None:
    assert not is_own_host(host, "den")


def test_a_machine_without_a_name_takes_no_name() -> None:
    assert not is_own_host("evil", "")
    assert not is_own_host("", "")


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("http://127.0.0.1:5000", "127.0.0.1:5000", True),
        ("https://den.local", "Den.local", True),
        ("http://127.0.0.1:5001", "127.0.0.1:5000", False),
        ("http://localhost:5000", "127.0.0.1:5000", False),
        ("null", "127.0.0.1:5000", False),
        ("file://127.0.0.1:5000", "127.0.0.1:5000", False),
        ("", "", False),
    ],
)
def test_the_origin_is_ours_only_if_it_is_the_host_that_was_asked(origin: str, host: str, own: bool) -> None:
    assert is_own_origin(origin, host) is own


@pytest.mark.parametrize(
    ("environ", "beyond"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, False),
        ({"REMOTE_ADDR": "127.9.9.9"}, False),
        ({"REMOTE_ADDR": "::1"}, False),
        ({"REMOTE_ADDR": "192.168.1.7"}, True),
        ({"REMOTE_ADDR": ""}, True),
        ({}, True),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, True),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=203.0.113.7"}, True),
    ],
)
def test_who_is_on_this_machine(environ: dict[str, str], beyond: bool) -> None:
    assert is_remote(environ) is beyond


@pytest.fixture
def auth() -> Auth:
    return Auth(PageSecret(key=bytes(32)), lambda: "invitation", lambda _token: None)


@pytest.fixture
def app(auth: Auth) -> Flask:
    app = Flask(__name__, static_folder=None)
    harden(app)
    app.add_url_rule("/", view_func=lambda: "page", methods=["GET", "POST"])
    app.add_url_rule(LOGIN, "login", view_func=lambda: "login")
    app.wsgi_app = Guard(app.wsgi_app, auth)  # type: ignore[method-assign]
    return app


def test_a_page_of_another_site_is_turned_away_before_anything_else(app: Flask) -> None:
    answer = app.test_client().get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 421
    assert "address or name" in answer.text
    assert app.test_client().get("/").text == "page"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:81"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_no_other_site_changes_anything(app: Flask, headers: dict[str, str]) -> None:
    answer = app.test_client().post("/", headers=headers)
    assert answer.status_code == 403
    assert answer.headers["Content-Security-Policy"]
    assert app.test_client().post("/", headers={"Origin": "http://localhost"}).text == "page"
    assert app.test_client().post("/").text == "page", "a program, not a browser"


BEYOND = {"REMOTE_ADDR": "192.168.1.7"}


def test_a_browser_from_beyond_is_sent_to_the_login(app: Flask) -> None:
    client = app.test_client()
    answer = client.get("/", headers={"Accept": "text/html"}, environ_overrides=BEYOND)
    assert (answer.status_code, answer.location) == (303, LOGIN)
    assert client.get(LOGIN, environ_overrides=BEYOND).text == "login"


@pytest.mark.parametrize(
    "path", ["/", "/login/", "/login/../", "//login", "/static/style/main.css", "/static/login/../app.js", "/nothing"]
)
def test_nothing_else_is_answered_from_beyond_without_a_cookie(app: Flask, path: str) -> None:
    answer = app.test_client().get("/", environ_overrides={**BEYOND, "PATH_INFO": path})
    assert (answer.status_code, answer.text) == (401, "Log in first.\n")


def test_a_session_cookie_lets_in(app: Flask, auth: Auth) -> None:
    client = app.test_client()
    client.set_cookie("gbatrace", auth.create_cookie(time()))
    assert client.get("/", environ_overrides=BEYOND).text == "page"
    client.set_cookie("gbatrace", auth.create_cookie(time() - 2 * COOKIE_LIFETIME))
    assert client.get("/", environ_overrides=BEYOND).status_code == 401


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
