"""Somebody on this machine, or a page that its browser has open, tries everything, and gets nothing and stops nothing.

A recording goes on all the while; the fixture `target` looks after each attempt whether it and the page are well.
"""

import contextlib
import http.client
import json
import re
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import msgpack
import pytest
from playwright.sync_api import ConsoleMessage, sync_playwright
from websocket import WebSocketBadStatusException

from protocol.bus.messages import Request, pack_request, unpack_answer
from protocol.bus.page_secret import PageSecret
from protocol.link.codec import decode, encode
from protocol.link.framing import PNG_SIGNATURE, prefix
from protocol.link.messages import Event, Frame, SetEnd, Welcome
from protocol.session.layout import session_folder
from tests.browser.chromium import FLAGS, find_chromium
from tests.fakes.game import greeting
from tests.fakes.patience import PATIENCE
from tests.integration.conftest import CROWN_JEWELS
from tests.integration.target import BEYOND, PASSWORD, Target, read_to_end
from tests.integration.visitors import CONNECT, EVENT, socketio_packet
from webui.access.auth import FREE_FAILURES, Auth
from webui.app import PageServer
from webui.settings import Settings

MARKUP = "<script>pwned=1</script><img src=x onerror=pwned=1>'\"&{{7*7}}${7*7}"


class TestAnotherSite:
    """A page that the user has open elsewhere, or that made its name point here."""

    ORIGINS = (
        "http://evil.example",
        "null",
        "https://127.0.0.1",
        "http://127.0.0.1:1",
        "http://localhost.evil.example",
    )
    HOSTS = (
        "evil.example",
        "evil.example:80",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "",
        "[",
        "127.0.0.1@evil.example.",
        f"{socket.gethostname().partition('.')[0]}.evil.example",
        "127.0.0.1, evil.example",
    )

    @pytest.mark.parametrize("host", HOSTS)
    @pytest.mark.parametrize(
        "path", ["/", "/api/state", "/login", "/static/app.js", "/socket.io/?EIO=4&transport=polling"]
    )
    def test_a_foreign_host_is_not_answered(self, target: Target, host: str, path: str) -> None:
        answer = target.ask(path, headers={"Host": host})
        assert answer.status in {400, 421}
        assert b"gbatrace" not in answer.body

    @pytest.mark.parametrize("second", ["evil.example", "127.0.0.1", ""])
    def test_two_hosts_are_not_answered(self, target: Target, second: str) -> None:
        for hosts in (("127.0.0.1:5000", second), (second, "127.0.0.1:5000")):
            with target.connect(target.page_port) as line:
                head = "".join(f"Host: {host}\r\n" for host in hosts)
                line.sendall(f"GET /api/state HTTP/1.1\r\n{head}Connection: close\r\n\r\n".encode())
                assert read_to_end(line).split()[1] in {b"400", b"421"}

    @pytest.mark.parametrize("origin", ORIGINS)
    @pytest.mark.parametrize(
        ("method", "path"), [("GET", "/api/state"), ("POST", "/login"), ("DELETE", "/"), ("OPTIONS", "/")]
    )
    def test_a_foreign_origin_is_not_answered(self, target: Target, origin: str, method: str, path: str) -> None:
        answer = target.ask(path, method, {"Origin": origin})
        assert answer.status == 403
        assert "Access-Control-Allow-Origin" not in answer.headers

    @pytest.mark.parametrize("site", ["cross-site", "same-site", "same-origin"])
    def test_a_form_without_an_origin_changes_nothing(self, target: Target, site: str) -> None:
        assert target.ask("/login", "POST", {"Sec-Fetch-Site": site}, body="password=x").status == 403

    @pytest.mark.parametrize("origin", ORIGINS)
    def test_it_opens_no_websocket(self, target: Target, origin: str) -> None:
        with pytest.raises(WebSocketBadStatusException) as refusal:
            target.open_websocket(origin=origin)
        assert refusal.value.status_code == 403

    @pytest.mark.parametrize("ones", [600, 601])
    def test_a_request_to_the_ports_of_the_bus_labels_nothing(self, target: Target, ones: int) -> None:
        """ZeroMQ would take the body for frames of ZMTP 1.0, were such peers let in; the secret is even right."""
        wish = {"session": target.session, "first": 0, "last": 9, "labels": {"context": "evil"}, "who": "evil"}
        request = pack_request(Request(1, "label", {**wish, "origin": "page"}, target.bus_secret))
        frames = b"\x01" * ones + b"\xff" + (len(request) + 1).to_bytes(8, "big") + b"\0" + request
        for port in (target.command_port, target.bus_port):
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            with contextlib.suppress(http.client.HTTPException, OSError):
                line.request("POST", "/x", frames, {"Origin": "http://evil.example"})
                line.getresponse()
            line.close()
        target.must_be_well()
        assert not session_folder(target.data_folder, target.session).annotation_history.exists()

    def test_no_answer_may_be_framed_or_run_foreign_code(self, target: Target) -> None:
        for path in ("/", "/login", "/api/state", "/api/nothing", "/static/app.js"):
            headers = target.ask(path).headers
            policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
            assert (
                policy["default-src"]
                == policy["frame-ancestors"]
                == policy["base-uri"]
                == policy["form-action"]
                == "'none'"
            )
            assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["X-Frame-Options"] == "DENY"

    @pytest.mark.parametrize("path", ["/", "/login"])
    def test_the_pages_themselves_obey_the_policy(self, target: Target, path: str) -> None:
        page = target.ask(path).body.decode()
        assert "<script>" not in page
        assert "style=" not in page
        assert "onclick" not in page.lower()
        assert "://" not in page


class TestAnotherMachine:
    """Somebody in the same network, while the page is shared."""

    EVERYTHING = (
        "/",
        "/pad",
        "/api/state",
        "/api/keys",
        "/static/app.js",
        "/static/login/../app.js",
        "/nothing",
        "/login/",
    )

    @pytest.mark.parametrize("path", EVERYTHING)
    @pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH"])
    def test_without_a_cookie_nothing_is_answered(self, target: Target, path: str, method: str) -> None:
        answer = target.ask(path, method, BEYOND)
        assert (answer.status, answer.body) in {(401, b"Log in first.\n"), (401, b"")}

    def forged_passes(self) -> Iterator[str]:
        other = Auth(PageSecret(bytes(range(32))), lambda: "", lambda _token: None)
        good = other.create_cookie(time.time())
        yield from (
            "",
            "1",
            good,
            good.split(".")[0],
            f"{good.split('.')[0]}.",
            "9" * 4000,
            "=",
            "gbatrace",
            "../../x",
            "\xff",
        )
        yield Auth(PageSecret(key=bytes(32)), lambda: "", lambda _token: None).create_cookie(time.time())
        yield Auth(PageSecret(key=b""), lambda: "", lambda _token: None).create_cookie(time.time())

    def test_a_forged_cookie_is_none(self, target: Target) -> None:
        for text in self.forged_passes():
            for cookie in (f"gbatrace={text}", f"session={text}; gbatrace={text}", f"gbatrace={text}; gbatrace={text}"):
                assert target.ask("/api/state", headers={**BEYOND, "Cookie": cookie}).status == 401, cookie

    @pytest.mark.parametrize("header", [{}, {"Cookie": "gbatrace=1795424187.qLzJgYfuTrCRk-SgbM8T2wP"}])
    def test_without_a_cookie_no_websocket_opens(self, target: Target, header: dict[str, str]) -> None:
        with pytest.raises(WebSocketBadStatusException) as refusal:
            target.open_websocket(header={**BEYOND, **header})
        assert refusal.value.status_code == 401

    @pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded"])
    @pytest.mark.parametrize("said", ["127.0.0.1", "::1", "localhost", ""])
    def test_nobody_talks_himself_onto_this_machine(self, target: Target, header: str, said: str) -> None:
        assert target.ask("/api/state", headers={header: said}).status == 401

    @pytest.mark.parametrize(
        "claim", ["{}", "[]", "null", "7", "{", "", '{"password": 1}', '{"invitation": null}', "\xff", '"x"']
    )
    def test_a_claim_that_is_none_is_reported(self, target: Target, claim: str) -> None:
        answer = target.ask("/login", "POST", BEYOND, claim.encode("latin-1"))
        assert (answer.status, answer.json()) == (400, {"error": "A login is a password or an invitation."})

    def test_whoever_guesses_must_wait_and_then_has_no_luck(self, target: Target) -> None:
        statuses = [
            target.ask("/login", "POST", BEYOND, json.dumps({key: f"guess {number}"})).status
            for number, key in enumerate(["password", "invitation"] * FREE_FAILURES)
        ]
        assert statuses[:FREE_FAILURES] == [401] * FREE_FAILURES
        assert set(statuses[FREE_FAILURES:]) == {429}
        answer = target.ask("/login", "POST", BEYOND, json.dumps({"password": PASSWORD}))
        assert answer.status == 429, "not even the right one, for a while"
        assert "Set-Cookie" not in answer.headers
        assert int(answer.headers["Retry-After"]) >= 1

    def test_the_password_opens_when_the_wait_is_over(self, target: Target) -> None:
        deadline = time.monotonic() + PATIENCE
        while (answer := target.ask("/login", "POST", BEYOND, json.dumps({"password": PASSWORD}))).status == 429:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        cookie = answer.headers["Set-Cookie"]
        assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
        held = {**BEYOND, "Cookie": cookie.split(";")[0]}
        assert target.ask("/api/state", headers=held).status == 200
        assert target.ask("/api/state", headers={**held, "Origin": "http://evil.example"}).status == 403
        target.open_websocket(header=held).close()


def assert_nothing_lies_about(target: Target) -> None:
    """No file was made beside the data folder, and only session folders in it."""
    assert {path.name for path in target.data_folder.parent.iterdir()} == {"data", "secret.txt", "secret.png"}
    names = {path.name for path in target.data_folder.iterdir()}
    assert all(name.startswith((".", target.session[:8], "index.")) for name in names - {"names"}), names
    books = {path.name for path in target.data_folder.glob("names/*") if not path.name.startswith(".")}
    assert all(re.fullmatch(r"[0-9a-z-]+\.json", name) for name in books), books


def good_part(place: str, session: str) -> str:
    """Return a valid part of an address: `<session>`, `<number>`, `<any(one, other):word>`."""
    if choices := re.match(r"<any\((\w+)", place):
        return choices[1]
    return session if "session" in place else "0"


class TestPaths:
    """Every part of every address, climbing out of its folder."""

    CLIMBS = (
        "..", "../secret", "..%2fsecret", "%2e%2e%2fsecret", "..%5csecret", "..\\secret", "....//secret",
        "%252e%252e%252fsecret", "/etc/passwd", "%2fetc%2fpasswd", "C:%5cWindows%5cwin.ini", "\\\\server\\share",
        ".keys", ".keys%2flink.token", "..;/secret", "secret%00", "%00", "con", "nul.txt", "aux", ".",
        "%c0%ae%c0%ae%2fsecret", "\u2025%2fsecret", "~", "-", "a" * 300, "%", "%ff",
    )  # fmt: skip

    @staticmethod
    def addresses(climb: str, session: str) -> Iterator[tuple[str, str]]:
        """Method and path of every address of the page, with the climb in each of its parts, and in all of them."""
        for rule in PageServer(Settings()).app.url_map.iter_rules():
            method = next(method for method in ("GET", "POST", "DELETE") if method in (rule.methods or ()))
            places = re.findall(r"<[^<>]+>", rule.rule)
            for parts in product((climb, None), repeat=len(places)):
                path = rule.rule
                for place, part in zip(places, parts, strict=True):
                    path = path.replace(place, part or good_part(place, session), 1)
                if climb in parts:
                    yield method, path

    @pytest.mark.parametrize("climb", CLIMBS)
    def test_no_address_leads_out_of_the_data_folder(self, target: Target, climb: str) -> None:
        addresses = list(self.addresses(climb, target.session))
        assert len(addresses) >= 8
        for method, path in addresses:
            with target.connect(target.page_port) as line:
                head = (
                    f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{{}}"
                )
                line.sendall(head.encode())
                answer = read_to_end(line)
            assert answer.split()[1] in {b"400", b"404", b"308"}, (path, answer[:200])
            for secret in (CROWN_JEWELS, str(target.data_folder), "Traceback"):
                assert secret.encode() not in answer

    @pytest.mark.parametrize("climb", ["..", "../..", ".keys", "/etc", "C:\\", "a/b", "", "\0", "con", "x" * 5000])
    def test_no_name_on_the_socket_or_the_bus_does(self, target: Target, climb: str) -> None:
        line = target.open_websocket()
        line.send_binary(socketio_packet(CONNECT))
        line.send_binary(socketio_packet(EVENT, data=["watch", {"session": climb}], id=0))
        while not (isinstance(packet := line.recv(), bytes) and (answer := msgpack.unpackb(packet)).get("id") == 0):
            pass
        line.close()
        assert answer["data"][0]["ok"] is False
        for command in ("label", "latch", "undo", "redo"):
            arguments = {"session": climb, "frame_sets": [0], "labels": {"note": "x"}, "who": climb, "origin": climb}
            refusal = target.ask_bus(pack_request(Request(1, command, arguments, target.bus_secret)))
            assert refusal is not None
            assert unpack_answer(refusal).error is not None
        assert_nothing_lies_about(target)


class TestMarkup:
    """Texts that would like to be a part of the page."""

    def test_a_greeting_full_of_it_is_only_text(self, target: Target) -> None:
        texts = dict.fromkeys(
            ("script", "client", "system", "rom_name", "rom_hash", "reader", "resume", "token"), MARKUP
        )
        with target.connect(target.link_port) as line:
            line.sendall(prefix(encode(greeting(**texts, buttons=(MARKUP,)), 0)))
            event = Event(1, 1, MARKUP, {MARKUP: MARKUP})
            line.sendall(prefix(encode(event, 1)) + prefix(encode(Frame(0, 0, 1, 1, 1, 0, ()), 2)))
            line.sendall(prefix(encode(SetEnd(0, "reset", True), 3)) + prefix(PNG_SIGNATURE + MARKUP.encode()))
            assert line.recv(65536)
            deadline = time.monotonic() + PATIENCE
            while MARKUP not in [session["client"] for session in target.ask("/api/state").json()["sessions"]]:
                assert time.monotonic() < deadline
        assert target.ask("/api/state").headers["Content-Type"] == "application/json"
        assert MARKUP.encode() not in target.ask("/").body
        assert_nothing_lies_about(target)

    @pytest.mark.browser
    def test_a_browser_shows_it_and_runs_none_of_it(self, target: Target) -> None:
        program = find_chromium()
        if program is None:
            pytest.skip("no Chromium, Chrome or Edge on this machine")
        violations: list[str] = []

        def note(message: ConsoleMessage) -> None:
            if "Content Security" in message.text:
                violations.append(message.text)

        with sync_playwright() as run, run.chromium.launch(executable_path=program, args=list(FLAGS)) as browser:
            page = browser.new_page()
            page.on("console", note)
            page.goto(f"http://127.0.0.1:{target.page_port}/")
            page.get_by_text(MARKUP[:24]).first.wait_for(state="attached")
            assert page.evaluate("typeof pwned") == "undefined"
            assert page.locator("img[src=x]").count() == 0
        assert violations == []

    def test_addresses_full_of_it_come_back_as_json(self, target: Target) -> None:
        for path in (
            "/api/%3Cscript%3E",
            "/sessions/%3Cscript%3E/0.png",
            "/api/sessions/%3Cimg%20src=x%3E/frame_sets/0",
        ):
            answer = target.ask(path)
            assert answer.status == 404
            assert answer.headers["Content-Type"] == "application/json"


def test_whoever_goes_on_with_a_session_without_its_token_gets_another(target: Target) -> None:
    with target.connect(target.link_port) as line:
        line.sendall(prefix(encode(replace(greeting(), resume="guess"), 0)))
        _, reply = decode(line.recv(65536).split(b" ", 1)[1])
    assert isinstance(reply, Welcome)
    assert reply.session != target.session
