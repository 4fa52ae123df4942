"""Play of the demo game, and the answer of the live page, for checks. Shell."""

import http.client
import json
from urllib.parse import urlsplit

import resources
from daemon.checking.results import CheckResult
from daemon.checking.session_check import KnownPlay
from protocol.recorded_inputs import parse_inputs

__all__ = ["CHECK_FRAMES", "CHECK_NAME", "demo_play", "page_result"]

CHECK_FRAMES = 3600
"""Frames that a check plays: a minute."""

CHECK_NAME = "check"
"""Name of the session of a check; the next one gets a number."""

_PATIENCE = 10.0


def demo_play(frames: int = CHECK_FRAMES, *, real_time: bool = True) -> KnownPlay:
    """Describe a play of the demo game by its tour.

    Args:
        frames: how many are played.
        real_time: whether at the console's own speed.
    """
    tour = resources.demo_tour()
    symbols = json.loads(resources.demo_symbols().read_text("utf-8"))
    keys_held = next(int(symbol["address"], 16) for symbol in symbols if symbol["name"] == "keys_held")
    return KnownPlay(
        inputs=parse_inputs(tour.read_text("utf-8"), tour), frames=frames, keys_held=keys_held, real_time=real_time
    )


def page_result(address: str) -> CheckResult:
    """Check that the live page answers.

    Args:
        address: of the page, `http://127.0.0.1:5000`.
    """
    where = urlsplit(address)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=_PATIENCE)
    try:
        connection.request("GET", "/")
        answer = connection.getresponse()
        good = answer.status == http.HTTPStatus.OK and b"gbatrace" in answer.read()
        text = f"answers at {address}"
        if not good:
            text = f"something else answers at {address} ({answer.status} {answer.reason}): choose another --web-port."
    except (OSError, http.client.HTTPException) as error:
        good = False
        text = f"does not answer at {address} ({error}): does a firewall or virus scanner stand between?"
    finally:
        connection.close()
    return CheckResult("page", good=good, text=text)
