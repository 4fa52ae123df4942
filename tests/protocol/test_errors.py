"""The tree of errors."""

import copy
import errno
import pickle
import re

import pytest

from protocol import errors
from protocol.errors import GbatraceError, PortInUseError, cannot_listen


def drawn_tree() -> dict[str, str | None]:
    """Read the tree at the head of the module: the parent of each class."""
    parents: dict[str, str | None] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        drawn = re.fullmatch(r"    ([│├└─ ]*)(\w+Error)( .*)?", line)
        if drawn:
            depth = len(drawn[1]) // 4
            del path[depth:]
            parents[drawn[2]] = path[-1] if path else None
            path.append(drawn[2])
    return parents


def test_the_tree_is_drawn_as_it_is() -> None:
    classes: list[type[GbatraceError]] = [getattr(errors, name) for name in errors.__all__ if name[0].isupper()]
    grown = {GbatraceError.__name__: None} | {
        child.__name__: parent.__name__
        for parent in classes
        for child in parent.__subclasses__()
        if child.__module__ == errors.__name__
    }
    assert drawn_tree() == grown
    assert [*sorted(grown), "cannot_listen"] == errors.__all__


def test_a_port_in_use_says_what_to_do() -> None:
    error = PortInUseError("emulators connect to it", "127.0.0.1", 9999, "--link-port")
    assert str(error) == (
        "Port 9999 on 127.0.0.1 (emulators connect to it) is in use, perhaps by another gbatrace: "
        "stop that program or choose another port with --link-port."
    )
    assert (error.purpose, error.host, error.port, error.option) == error.args


@pytest.mark.parametrize("copied", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))])
def test_an_error_can_travel(copied: object) -> None:
    assert callable(copied)
    error = PortInUseError("the bus", "127.0.0.1", 9990, "--bus-port")
    assert str(copied(error)) == str(error)


@pytest.mark.parametrize(
    ("number", "port", "sentence"),
    [
        (errno.EADDRINUSE, 9999, "Port 9999 on 10.9.8.7 (testing) is in use"),
        (errno.EACCES, 9999, "Port 9999 on 10.9.8.7 (testing) is in use"),
        (errno.EACCES, 80, "Port 80 (testing) is reserved for the system: choose one above 1023 with --port."),
        (errno.EADDRNOTAVAIL, 9999, "This machine has no address 10.9.8.7: choose one of its own with --host."),
    ],
)
def test_an_address_that_cannot_be_had_is_named_for_what_it_is(
    number: int, port: int, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errors, "_ON_WINDOWS", False)
    assert str(cannot_listen(number, "testing", "10.9.8.7", port, "--port", "--host")).startswith(sentence)


def test_on_macos_airplay_may_have_the_pages_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "_ON_MACOS", True)
    for port, by in ((5000, "AirPlay Receiver"), (9999, "another gbatrace")):
        sentence = str(cannot_listen(errno.EADDRINUSE, "testing", "127.0.0.1", port, "--port", "--host"))
        assert f"in use, perhaps by {by}: stop that program or choose another port with --port." in sentence


def test_a_port_that_windows_keeps_is_said_to_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "_ON_WINDOWS", True)
    sentence = str(cannot_listen(errno.EACCES, "testing", "127.0.0.1", 9999, "--port", "--host"))
    assert sentence.startswith(
        "Windows lets no program listen on port 9999 (testing): it is reserved, for Hyper-V or WSL"
    )
    assert "`netsh interface ipv4 show excludedportrange protocol=tcp`" in sentence
    assert "Choose another with --port" in sentence
