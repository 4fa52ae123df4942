"""Process for one probe, `python -m daemon.probing FOLDER`. Shell.

It reads a request on standard input and writes its answer to standard output, both JSON. An answer that is an error has
`error` and `kind`.
"""

import sys
from pathlib import Path
from typing import Any

import orjson

from daemon.machine.priority import yield_to_others
from daemon.probing.request import ProbeRequest
from daemon.probing.service import probe
from protocol.errors import AnalysisError, AnalysisProcessError, GbatraceError
from protocol.wording import own_fault

__all__ = ["answer"]


def answer(data_folder: Path, request: bytes) -> bytes:
    """Answer a request, whatever happens."""
    return orjson.dumps(_answer(data_folder, request))


def _answer(data_folder: Path, request: bytes) -> dict[str, Any]:
    try:
        return probe(data_folder, ProbeRequest.from_map(orjson.loads(request))).as_map()
    except orjson.JSONDecodeError:
        error: GbatraceError = AnalysisError("A request for a probe is JSON.")
    except GbatraceError as raised:
        error = raised
    except Exception as raised:
        error = AnalysisProcessError(own_fault("probe", raised))
    return {"error": str(error), "kind": error.kind}


if __name__ == "__main__":
    yield_to_others()
    sys.stdout.buffer.write(answer(Path(sys.argv[1]), sys.stdin.buffer.read()))
