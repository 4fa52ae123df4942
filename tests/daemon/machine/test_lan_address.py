import socket
from ipaddress import ip_address

import pytest

from daemon.machine.lan_address import lan_address
from protocol.network_addresses import LOOPBACK


def test_this_machine_is_known_by_an_address_that_it_can_listen_on() -> None:
    address = lan_address()
    assert ip_address(address).version == 4
    with socket.socket() as listener:
        listener.bind((address, 0))


def test_a_machine_in_no_network_knows_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    class Cut(socket.socket):
        def connect(self, _address: object) -> None:
            raise OSError("Network is unreachable")

    monkeypatch.setattr(socket, "socket", Cut)
    assert lan_address() == LOOPBACK
