"""The keys of a data folder: what lets emulators and programs of other machines in. Shell.

::

    .keys/
        link.token                what an emulator on another machine says in its HELLO
        bus/
            server.key            the bus's public key
            server.key_secret     its secret key
            allowed/<name>.key    whose programs may connect
            <name>/               to be copied to the machine of that name: server.key, <name>.key_secret

No session can be called `.keys`, so nothing here is ever served, listed or exported.
"""

import secrets
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import zmq.auth

from protocol.errors import SettingsError
from protocol.layout import session_id

__all__ = ["CurveKeys", "bus_keys", "default_bus_keys", "link_token", "make_client"]

_SERVER = "server"
_ALLOWED = "allowed"
_PRIVATE = 0o700


@dataclass(frozen=True, slots=True)
class CurveKeys:
    """What the bus needs to be opened to other machines.

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
    """
    path = data_folder / ".keys" / "link.token"
    try:
        token = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        token = secrets.token_urlsafe(24)
        path.parent.mkdir(_PRIVATE, parents=True, exist_ok=True)
        path.touch(0o600)
        path.write_text(f"{token}\n", encoding="ascii", newline="\n")
    except ValueError:
        token = ""
    if not token:
        raise SettingsError(f"{path} holds no token: delete it, and a new one is made at the next start.")
    return token


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


def make_client(folder: Path, name: str) -> Path:
    """Make keys for a machine whose programs may connect to the bus, and the bus's own where there are none.

    Args:
        folder: the keys of the bus.
        name: of the machine.

    Returns:
        The folder to copy to that machine.

    Raises:
        LayoutError: the name can not be a file's.
        SettingsError: that machine has its keys.
    """
    client = folder / session_id(name)
    allowed = folder / _ALLOWED
    if client.exists() or name in {_SERVER, _ALLOWED}:
        raise SettingsError(f"{client} is there already: choose another name, or delete it to make new keys.")
    allowed.mkdir(_PRIVATE, parents=True, exist_ok=True)
    server = folder / f"{_SERVER}.key"
    if not server.exists():
        _make_pair(folder, _SERVER)
    client.mkdir(_PRIVATE)
    _make_pair(client, name)
    (client / f"{name}.key").replace(allowed / f"{name}.key")
    shutil.copyfile(server, client / server.name)
    return client


def _make_pair(folder: Path, name: str) -> None:
    _, secret = zmq.auth.create_certificates(folder, name)
    Path(secret).chmod(0o600)
