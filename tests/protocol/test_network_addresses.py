"""This machine's own addresses, and their written form."""

import socket

import pytest

from protocol.errors import SettingsError
from protocol.network_addresses import EVERYWHERE, is_loopback, socket_address, url_host


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.1.2.3", True), ("localhost", True), ("::1", True), (EVERYWHERE, False), ("den", False)],
)
def test_what_only_this_machine_reaches(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_an_ipv6_address_stands_in_brackets() -> None:
    assert [url_host(host) for host in ("127.0.0.1", "::1", "den")] == ["127.0.0.1", "[::1]", "den"]


@pytest.mark.parametrize(
    ("host", "family", "address"),
    [
        ("127.0.0.1", socket.AF_INET, "127.0.0.1"),
        ("::1", socket.AF_INET6, "::1"),
        ("localhost", socket.AF_INET, "127.0.0.1"),
    ],
)
def test_what_a_host_is_bound_as(host: str, family: int, address: str) -> None:
    found, place = socket_address(host, 7, "--host", socket.getaddrinfo)
    assert (found, place[:2]) == (family, (address, 7))


@pytest.mark.parametrize("host", ["no such name", "none.invalid", "1.2.3.4.5", "::g", "a" * 300])
def test_a_name_that_nobody_has_is_said(host: str) -> None:
    with pytest.raises(SettingsError, match=r"No machine is called .* with --web-host"):
        socket_address(host, 7, "--web-host", socket.getaddrinfo)
