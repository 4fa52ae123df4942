"""The link for another device, and its QR code."""

import io

import pytest
from rich.console import Console

from daemon.access import invitation_printer
from daemon.access.invitation_printer import InvitationPrinter, firewall_hint, invitation_link, qr_lines
from daemon.console.terminal import Terminal
from protocol.network_addresses import EVERYWHERE, LOOPBACK

TOKEN = "b18VZWR_d3OxthgDzN7U9Q"


def shown(*, is_terminal: bool = False, encoding: str = "utf-8") -> tuple[Terminal, io.TextIOWrapper]:
    screen = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    return Terminal(Console(file=screen, width=200, force_terminal=is_terminal)), screen


def text_of(screen: io.TextIOWrapper) -> str:
    screen.flush()
    buffer = screen.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode(screen.encoding)


def test_the_token_stands_where_no_browser_sends_it() -> None:
    assert invitation_link("192.168.1.20", 5000, TOKEN) == f"http://192.168.1.20:5000/login#{TOKEN}"


def test_the_code_has_its_quiet_border_and_its_three_corners() -> None:
    lines = qr_lines(invitation_link("192.168.178.123", 5000, TOKEN))
    assert len({len(line) for line in lines}) == 1
    assert set(lines[0]) == {"█"}
    rows = [half for line in lines for half in _halves(line)]
    size = len(lines[0]) - 4
    finder = [0, 0, 1, 1, 1, 1, 1, 1, 1, 0]
    assert rows[0] == rows[1] == [0] * (size + 4)
    assert rows[2][:10] == finder
    assert rows[2][-10:] == finder[::-1]


def _halves(line: str) -> tuple[list[int], list[int]]:
    return [int(sign in " ▄") for sign in line], [int(sign in " ▀") for sign in line]


def test_it_fits_a_small_terminal() -> None:
    lines = qr_lines(invitation_link("192.168.178.123", 65535, TOKEN))
    assert len(lines) <= 22
    assert len(lines[0]) <= 78


def test_an_invitation_waits_for_the_address_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitation_printer, "lan_address", lambda: "192.168.1.20")
    terminal, screen = shown()
    invitations = InvitationPrinter(terminal, EVERYWHERE)
    invitations.print_invitation(TOKEN)
    assert text_of(screen) == ""
    invitations.set_page_address("http://127.0.0.1:5000")
    assert f"  http://192.168.1.20:5000/login#{TOKEN}\n" in text_of(screen)
    invitations.print_invitation("another")
    assert "/login#another\n" in text_of(screen)


def test_a_chosen_address_is_the_one_in_the_link() -> None:
    terminal, screen = shown()
    invitations = InvitationPrinter(terminal, "192.168.7.7")
    invitations.set_page_address("http://192.168.7.7:5001")
    invitations.print_invitation(TOKEN)
    assert f"http://192.168.7.7:5001/login#{TOKEN}" in text_of(screen)


def test_without_a_network_there_is_nobody_to_invite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitation_printer, "lan_address", lambda: LOOPBACK)
    terminal, screen = shown()
    invitations = InvitationPrinter(terminal, EVERYWHERE)
    invitations.set_page_address("http://127.0.0.1:5000")
    invitations.print_invitation(TOKEN)
    assert "no network" in text_of(screen)
    assert TOKEN not in text_of(screen)


@pytest.mark.parametrize(
    ("is_terminal", "encoding", "drawn"), [(True, "utf-8", True), (False, "utf-8", False), (True, "cp1252", False)]
)
def test_the_code_is_drawn_where_it_can_be_seen(is_terminal: bool, encoding: str, drawn: bool) -> None:
    terminal, screen = shown(is_terminal=is_terminal, encoding=encoding)
    terminal.picture(["▀▄"])
    assert ("▀▄" in text_of(screen)) is drawn


def test_on_windows_the_firewall_is_named_with_the_real_port_and_address() -> None:
    hint = firewall_hint("192.168.1.20", 5123, windows=True)
    assert "private networks (TCP port 5123)" in hint
    assert "with `ipconfig` that 192.168.1.20 is this machine's address" in hint


def test_elsewhere_the_port_is_enough() -> None:
    hint = firewall_hint("192.168.1.20", 5123, windows=False)
    assert "firewall pass TCP port 5123" in hint
    assert "ipconfig" not in hint


def test_what_a_firewall_may_do_is_reported_once() -> None:
    terminal, screen = shown()
    invitations = InvitationPrinter(terminal, "192.168.1.20")
    invitations.set_page_address("http://192.168.1.20:5000")
    invitations.print_invitation("first")
    invitations.print_invitation("second")
    assert text_of(screen).count("If it does not open there") == 1
