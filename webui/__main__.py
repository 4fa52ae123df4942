"""`python -m webui`: the live page as a process of its own."""

import argparse
import os
import secrets
import signal
import sys
import threading
from types import FrameType

import gevent

from protocol.bus.page_secret import KEY_BYTES, PASSWORD_VARIABLE, PageSecret
from protocol.errors import UserError
from protocol.network_addresses import is_loopback
from protocol.output import open_outputs
from webui.app import PageServer
from webui.settings import Settings

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Serve the page until it is stopped.

    Args:
        arguments: of the command line, without the program's name; those of this process by default.

    Returns:
        The exit code: 0, or 2 when something must be set right first.
    """
    open_outputs("utf-8")
    settings = _settings(arguments)
    try:
        server = PageServer(settings, _secret(settings), _invite)
        address = server.listen()
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 2

    def announce() -> None:
        _report("page", address)
        if not is_loopback(settings.host):
            server.auth.open_invitation()

    if hasattr(signal, "SIGTERM"):
        signal.signal(signal.SIGTERM, _interrupt)
    if settings.exit_with_stdin:
        _when_stdin_ends(server)
    try:
        server.serve(announce)
    except KeyboardInterrupt:
        pass
    finally:
        server.stop()
    return 0


def _settings(arguments: list[str] | None) -> Settings:
    default = Settings()
    parser = argparse.ArgumentParser(prog="python -m webui", description="Serve gbatrace's live page.")
    parser.add_argument("--bus-pub", default=default.bus_pub, help="the daemon's PUB socket (%(default)s)")
    parser.add_argument("--bus-router", default=default.bus_router, help="the daemon's ROUTER socket (%(default)s)")
    parser.add_argument("--web-host", dest="host", default=default.host, help="address to listen on (%(default)s)")
    parser.add_argument(
        "--web-port", dest="port", type=int, default=default.port, help="port to listen on (%(default)s)"
    )
    parser.add_argument("--exit-with-stdin", action="store_true", help="end when standard input ends")
    parser.add_argument(
        "--secret-from-stdin", action="store_true", help="read the page's secret from standard input first"
    )
    return Settings(**vars(parser.parse_args(arguments)))


def _secret(settings: Settings) -> PageSecret:
    if settings.secret_from_stdin:
        return PageSecret.from_line(sys.stdin.readline())
    return PageSecret(secrets.token_bytes(KEY_BYTES), os.environ.get(PASSWORD_VARIABLE, ""))


def _invite(token: str) -> None:
    _report("invitation", token)


def _report(name: str, text: str) -> None:
    """Report to the process that started this one."""
    sys.stdout.write(f"{name}: {text}\n")
    sys.stdout.flush()


def _when_stdin_ends(server: PageServer) -> None:
    watcher = gevent.get_hub().loop.async_()
    watcher.start(lambda: gevent.spawn(server.stop))

    def read() -> None:
        while os.read(sys.stdin.fileno(), 4096):
            pass
        watcher.send()

    threading.Thread(target=read, daemon=True).start()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
