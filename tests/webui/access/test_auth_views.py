from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient

from protocol.bus.page_secret import PageSecret
from webui.access.auth import FREE_FAILURES, Auth
from webui.access.auth_views import MAX_LOGIN, create_auth_views
from webui.access.guard import LOGIN

PASSWORD = "correct horse"


def client_of(auth: Auth) -> FlaskClient:
    app = Flask("webui", template_folder="templates")
    app.register_blueprint(create_auth_views(auth))
    return app.test_client()


def auth(password: str = PASSWORD) -> Auth:
    tokens = (f"token {number}" for number in count())
    return Auth(PageSecret(bytes(32), password), lambda: next(tokens), lambda _token: None)


def test_the_right_password_is_answered_with_a_cookie_that_no_script_reads() -> None:
    answer = client_of(auth()).post(LOGIN, json={"password": PASSWORD})
    assert answer.status_code == 204
    assert "HttpOnly" in answer.headers["Set-Cookie"]


def test_an_invitation_is_answered_with_a_cookie_once() -> None:
    asked = auth(password="")
    asked.open_invitation()
    first, again = (client_of(asked).post(LOGIN, json={"invitation": "token 0"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (204, 401)
    assert "Set-Cookie" in first.headers
    assert "Set-Cookie" not in again.headers


def test_a_wrong_password_is_reported_and_gives_nothing() -> None:
    answer = client_of(auth()).post(LOGIN, json={"password": "guess"})
    assert (answer.status_code, answer.get_json()) == (401, {"error": "That is not the password."})
    assert "Set-Cookie" not in answer.headers


def test_guesses_are_refused_with_how_long_to_wait() -> None:
    client = client_of(auth())
    for _ in range(FREE_FAILURES):
        client.post(LOGIN, json={"password": "guess"})
    answer = client.post(LOGIN, json={"password": PASSWORD})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"password": 1}', b'{"user": "root"}'])
def test_what_is_no_login_is_refused(body: bytes) -> None:
    assert client_of(auth()).post(LOGIN, data=body).status_code == 400


def test_a_login_has_a_longest_length() -> None:
    assert client_of(auth()).post(LOGIN, data=b" " * (MAX_LOGIN + 1)).status_code == 413


def test_the_page_asks_for_a_password_where_there_is_one_and_nobody_keeps_it() -> None:
    answers = [client_of(auth(password)).get(LOGIN) for password in (PASSWORD, "")]
    assert all(answer.headers["Cache-Control"] == "no-store" for answer in answers)
    assert ['type="password"' in answer.text for answer in answers] == [True, False]
