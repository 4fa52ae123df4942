"""Keys and tokens for access from other machines. Shell.

::

    .keys/
        link.token                in the HELLO of an emulator on another machine
        bus.secret                in every command on the bus
        bus/
            server.key            the bus's public key
            server.key_secret     its secret key
            allowed/<name>.key    whose programs may connect
            <name>/               to be copied to the machine of that name: server.key, <name>.key_secret, bus.secret

No session can be called `.keys`, so nothing here is ever served, listed or exported. Only the owner may read it.
"""

import secrets
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import zmq.auth

from daemon.disk.files import is_full, map_os_errors
from daemon.disk.private_files import make_private, private_folder, write_private
from protocol.bus.page_secret import KEY_BYTES, PageSecret
from protocol.disk import retry_while_held
from protocol.errors import SettingsError
from protocol.session.layout import session_id

__all__ = ["CurveKeys", "bus_keys", "bus_secret", "default_bus_keys", "link_token", "make_client", "new_page_secret"]

_SERVER = "server"
_ALLOWED = "allowed"
_BUS_SECRET = "bus.secret"  # noqa: S105 - the name of a file


@dataclass(frozen=True, slots=True)
class CurveKeys:
    """Keys with which the bus is opened to other machines.

    Args:
        public: the bus's public key.
        secret: its secret key.
        allowed: folder with the public keys of those who may connect.
    """

    public: bytes
    secret: bytes = field(repr=False)
    allowed: Path


def default_bus_keys(data_folder: Path) -> Path:
    """Return where a data folder keeps the keys of the bus."""
    return data_folder / ".keys" / "bus"


def link_token(data_folder: Path) -> str:
    """Return the token of the link, the same at every start; made at the first.

    Raises:
        SettingsError: the file is damaged.
        StoreError: it cannot be read or written.
    """
    return _stored_secret(data_folder / ".keys" / "link.token")


def bus_secret(data_folder: Path) -> str:
    """Return the secret of the bus, the same at every start; made at the first.

    Raises:
        SettingsError: the file is damaged.
        StoreError: it cannot be read or written.
    """
    return _stored_secret(data_folder / ".keys" / _BUS_SECRET)


def new_page_secret(password: str = "") -> PageSecret:
    """Make the secret of the live page, with a key drawn by chance at every start.

    Args:
        password: opens the page; empty where only invitations do.

    Raises:
        SettingsError: the password is too short.
    """
    return PageSecret(secrets.token_bytes(KEY_BYTES), password)


def bus_keys(folder: Path) -> CurveKeys:
    """Read the keys of the bus.

    Raises:
        SettingsError: there are none yet.
    """
    try:
        public, secret = zmq.auth.load_certificate(folder / f"{_SERVER}.key_secret")
    except (OSError, ValueError):
        secret = None
    if secret is None or not any((folder / _ALLOWED).glob("*.key")):
        raise SettingsError(
            f"The bus is opened to other machines only with keys, and {folder} has none: "
            "make some with `gbatrace keys NAME`, NAME being the machine that may connect."
        )
    return CurveKeys(public, secret, folder / _ALLOWED)


def make_client(folder: Path, name: str, data_folder: Path) -> Path:
    """Make the bus's keys for another machine, and its own where there are none.

    Args:
        folder: the keys of the bus.
        name: of the machine.
        data_folder: whose bus it is.

    Returns:
        The folder to copy to that machine.

    Raises:
        LayoutError: the name cannot be a file's.
        SettingsError: that machine has its keys.
        StoreError: the disk refused.
    """
    client = folder / session_id(name)
    allowed = folder / _ALLOWED
    if client.exists() or name in {_SERVER, _ALLOWED}:
        raise SettingsError(f"{client} is there already: choose another name, or delete it to make new keys.")
    secret = bus_secret(data_folder)
    server = folder / f"{_SERVER}.key"
    with map_os_errors(folder):
        for place in (folder, allowed):
            private_folder(place)
        if not server.exists():
            _make_pair(folder, _SERVER)
        private_folder(client)
        _make_pair(client, name)
        retry_while_held(lambda: (client / f"{name}.key").replace(allowed / f"{name}.key"))
        write_private(client / server.name, server.read_bytes())
        write_private(client / _BUS_SECRET, _line(secret))
    return client


def _stored_secret(path: Path) -> str:
    """Read a stored secret, or draw one by chance. On a full disk it lasts for this run only."""
    with map_os_errors(path):
        try:
            make_private(path.parent)
            make_private(path)
            secret = path.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            secret = secrets.token_urlsafe(24)
            try:
                private_folder(path.parent)
                write_private(path, _line(secret))
            except OSError as error:
                if not is_full(error):
                    raise
        except ValueError:
            secret = ""
    if not secret:
        raise SettingsError(f"{path} holds no secret: delete it, and a new one is made at the next start.")
    return secret


def _line(secret: str) -> bytes:
    return f"{secret}\n".encode("ascii")


def _make_pair(folder: Path, name: str) -> None:
    # The library writes before anybody can say who may read: in a folder of its own nobody else sees that.
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder) as private:
        for written in map(Path, zmq.auth.create_certificates(private, name)):
            make_private(written)
            written.replace(folder / written.name)
