"""The attacker tries the interface for programs, and pictures that are none: every address, every kind of body.

A recording goes on all the while; the fixture `target` looks after each attempt whether it and the page are well.
"""

import gzip
import io
import json
import re
import struct
import time
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from PIL import Image

from protocol.link.codec import encode
from protocol.link.framing import PNG_SIGNATURE, prefix
from protocol.link.messages import Frame, SetEnd
from protocol.session.screenshots import MAX_SIDE
from tests.fakes.game import greeting
from tests.fakes.patience import PATIENCE
from tests.integration.target import BEYOND, Target
from webui.access.guard import MAX_BODY
from webui.api.parameters import MAX_LIMIT
from webui.app import PageServer
from webui.settings import Settings

COMMANDS = ("labels", "latch", "undo", "redo")

MARKUP = "<script>pwned=1</script>"

UPLOAD = b'--x\r\nContent-Disposition: form-data; name="f"; filename="../x"\r\n\r\nx\r\n--x--\r\n'


def zipped() -> bytes:
    """An archive that climbs out of the folder into which it is unpacked."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../secret.txt", b"0" * (1 << 20))
    return data.getvalue()


def page() -> bytes:
    return f"<!doctype html><html><body>{MARKUP}".encode()


def bomb() -> bytes:
    """A MiB of nothing but brackets, small on its way."""
    return gzip.compress(b"[" * (64 << 20))


def addresses(session: str) -> Iterator[tuple[str, str]]:
    """Method and address of everything that the page answers."""
    for rule in PageServer(Settings()).app.url_map.iter_rules():
        path = rule.rule.replace("<session>", session).replace("<number>", "0").replace("<path:filename>", "app.js")
        path = re.sub(r"<any\((\w+)[^>]*>", r"\1", path)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, path


class TestEveryAddress:
    def test_there_are_many(self) -> None:
        assert len(list(addresses("run"))) >= 18

    def test_a_foreign_origin_is_answered_by_none(self, target: Target) -> None:
        for method, path in addresses(target.session):
            answer = target.ask(path, method, {"Origin": "http://evil.example"})
            assert answer.status == 403, path
            assert "Access-Control-Allow-Origin" not in answer.headers

    def test_a_foreign_host_is_answered_by_none(self, target: Target) -> None:
        for method, path in addresses(target.session):
            assert target.ask(path, method, {"Host": "evil.example"}).status == 421, path

    def test_without_a_pass_another_machine_is_answered_by_none_but_the_login(self, target: Target) -> None:
        for method, path in addresses(target.session):
            if path != "/login":
                assert target.ask(path, method, BEYOND).status == 401, path

    def test_no_answer_can_be_taken_for_a_page_or_be_framed(self, target: Target) -> None:
        for method, path in addresses(target.session):
            headers = target.ask(path, method).headers
            assert headers["X-Content-Type-Options"] == "nosniff", path
            assert headers["X-Frame-Options"] == "DENY", path
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path
            if path.startswith("/api/"):
                assert not headers["Content-Type"].startswith("text/html"), path


class TestBodies:
    @pytest.mark.parametrize("command", COMMANDS)
    @pytest.mark.parametrize(
        ("kind", "body"),
        [
            ("application/zip", zipped()),
            ("text/html", page()),
            ("application/json", zipped()),
            ("application/json", page()),
            ("application/json", b""),
            ("application/json", b"null"),
            ("application/json", b"[" * 100_000),
            ("application/json", b'{"labels":' * 50_000),
            ("application/json", b'{"first":' + b"9" * 5000 + b',"last":1,"labels":{"note":"x"}}'),
            ("application/json", b'{"labels":{"note":"\\ud800"},"first":0,"last":0}'),
            ("application/json", b"\xff\xfe" + "{}".encode("utf-16-le")),
            ("application/x-www-form-urlencoded", b"labels=x&first=0&last=9"),
            ("multipart/form-data; boundary=x", UPLOAD),
            ("text/plain", b'{"labels":{"note":"x"},"first":0,"last":0}'),
        ],
        ids=[
            *("zip", "HTML", "zip as JSON", "HTML as JSON", "nothing", "null", "brackets", "nested", "huge number"),
            *("half a sign", "UTF-16", "form", "upload", "plain text"),
        ],
    )  # fmt: skip
    def test_one_that_is_no_command_changes_nothing(self, target: Target, command: str, kind: str, body: bytes) -> None:
        answer = target.ask(f"/api/sessions/{target.session}/{command}", "POST", {"Content-Type": kind}, body)
        assert answer.status == 400, answer.body[:200]
        assert answer.headers["Content-Type"] == "application/json"
        assert "Traceback" not in answer.body.decode()

    def test_one_that_would_unpack_to_more_is_not_unpacked(self, target: Target) -> None:
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        assert target.ask(f"/api/sessions/{target.session}/labels", "POST", headers, bomb()).status == 400

    @pytest.mark.parametrize("command", COMMANDS)
    def test_one_that_is_too_long_is_refused(self, target: Target, command: str) -> None:
        headers = {"Content-Type": "application/json"}
        answer = target.ask(f"/api/sessions/{target.session}/{command}", "POST", headers, b" " * (MAX_BODY + 1))
        assert answer.status == 413

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    def test_a_form_of_another_site_labels_nothing(self, target: Target, site: str) -> None:
        body = json.dumps({"labels": {"note": "x"}, "first": 0, "last": 0})
        headers = {"Content-Type": "text/plain", "Sec-Fetch-Site": site}
        assert target.ask(f"/api/sessions/{target.session}/labels", "POST", headers, body).status == 403

    @pytest.mark.parametrize(
        "wish",
        [
            {"first": -1, "last": 0},
            {"first": 9, "last": True},
            {"frame_sets": []},
            {"frame_sets": [0, "1"]},
            {"frame_sets": [[0]]},
            {"ranges": [[5]]},
            {"seconds": "NaN", "until": 0},
            {"seconds": -1, "until": 0},
            {"parts": []},
            {"parts": [{}] * 65},
            {"parts": [7]},
            {"session": "../secret"},
            {"nobody": "knows"},
        ],
    )
    def test_one_that_names_what_cannot_be_is_refused(self, target: Target, wish: dict[str, Any]) -> None:
        body = json.dumps({"labels": {"description": "x"}, **wish})
        headers = {"Content-Type": "application/json"}
        answer = target.ask(f"/api/sessions/{target.session}/labels", "POST", headers, body)
        assert answer.status == 400, (wish, answer.body)

    @pytest.mark.parametrize(
        "everything",
        [
            {"first": 0, "last": 2**32 - 1},
            {"first": 0, "last": 2**63},
            {"ranges": [[0, 2**32 - 1], [0, 2**32 - 1]]},
            {"ranges": [[number, 2**32 - 1] for number in range(5000)]},
        ],
        ids=lambda everything: str(everything)[:40],
    )
    def test_one_that_labels_everything_there_ever_will_be_does_not_stop_anybody(
        self, target: Target, everything: dict[str, Any]
    ) -> None:
        body = json.dumps({"labels": {"description": MARKUP}, **everything})
        headers = {"Content-Type": "application/json"}
        answer = target.ask(f"/api/sessions/{target.session}/labels", "POST", headers, body)
        assert answer.status == 200, answer.body
        shown = target.ask(f"/api/sessions/{target.session}/frame_sets?limit=1")
        assert shown.headers["Content-Type"] == "application/json"

    def test_words_that_are_markup_are_text(self, target: Target) -> None:
        assert MARKUP.encode() not in target.ask("/").body


class TestQueries:
    @pytest.mark.parametrize(
        "query",
        [
            f"limit={MAX_LIMIT + 1}", "limit=0", "limit=-1", "limit=1e3", "limit=" + "9" * 400, "first=-1", "last=x",
            "cursor=../secret", "marked=yes", "unknown=1", "first=%F0%9D%9F%98", "limit=%00",
        ],
    )  # fmt: skip
    def test_one_that_asks_for_too_much_is_refused(self, target: Target, query: str) -> None:
        answer = target.ask(f"/api/sessions/{target.session}/frame_sets?{query}")
        assert answer.status == 400, answer.body
        assert answer.headers["Content-Type"] == "application/json"

    @pytest.mark.parametrize(
        "text", ["'; DROP TABLE frame_sets; --", '"', "%", "*", "NEAR(", "a" * 5000, "🎮" * 500, '" OR 1=1 --']
    )
    @pytest.mark.parametrize("name", ["text", "scene", "tags", "status"])
    def test_one_that_is_a_query_of_its_own_finds_nothing_else(self, target: Target, name: str, text: str) -> None:
        answer = target.ask(f"/api/sessions/{target.session}/frame_sets?{name}={quote(text)}")
        assert answer.status in {200, 400}
        if answer.status == 200:
            assert answer.json()["frame_sets"] == []
        assert target.ask(f"/api/sessions/{target.session}/frame_sets?limit=1").json()["frame_sets"]


def png(width: int, height: int, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG with such a head, whatever its pixels are."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    written = [(b"IHDR", head), *chunks, (b"IEND", b"")]
    return PNG_SIGNATURE + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in written
    )


PICTURES = {
    "an archive behind a signature": PNG_SIGNATURE + zipped(),
    "a page behind a signature": PNG_SIGNATURE + page(),
    "a picture that is far too large": png(60_000, 60_000, (b"IDAT", zlib.compress(bytes(1 << 20)))),
    "a picture with a text that unpacks to much": png(
        1, 1, (b"zTXt", b"Comment\0\0" + zlib.compress(bytes(64 << 20))), (b"IDAT", zlib.compress(bytes(4)))
    ),
    "a picture whose pixels unpack to much": png(240, 160, (b"IDAT", zlib.compress(bytes(256 << 20)))),
    "a picture that ends at once": PNG_SIGNATURE,
    "a picture with chunks without end": png(240, 160, *[(b"tEXt", b"a\0b")] * 20_000),
}


class TestPictures:
    @pytest.mark.parametrize("name", PICTURES)
    def test_one_that_is_none_is_a_flaw_and_no_more(self, target: Target, name: str) -> None:
        picture = PICTURES[name]
        with target.connect(target.link_port) as line:
            line.sendall(prefix(encode(greeting(client=name), 0)))
            assert line.recv(65536)
            line.sendall(prefix(encode(Frame(0, 0, 1, 1, 1, 0, ()), 1)) + prefix(encode(SetEnd(0, "reset", True), 2)))
            line.sendall(prefix(picture))
            session, deadline = "", time.monotonic() + PATIENCE
            while not session:
                assert time.monotonic() < deadline
                time.sleep(0.05)
                for told in target.ask("/api/state").json()["sessions"]:
                    if told["client"] == name and told["frame_sets"]:
                        session = told["session_id"]
        for what in ("image", "thumbnail"):
            answer = target.ask(f"/api/sessions/{session}/frame_sets/0/{what}")
            assert answer.headers["Content-Type"] in {"image/png", "image/webp", "application/json"}
            if answer.status == 200:
                with Image.open(io.BytesIO(answer.body)) as shown:
                    assert max(shown.size) <= MAX_SIDE
            assert "Traceback" not in answer.body.decode("latin-1")
