"""Process for one probe, `python -m daemon.probing FOLDER`. Shell.

It reads a request on standard input and writes its answer to standard output, both JSON in a line. An answer that is an
error has `error` and `kind`. It ends when standard input does.

Its answers go to whoever looks at the page: they name files and folders by their last name, not by where they lie.
"""

import os
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from daemon.machine.priority import yield_to_others
from daemon.probing.request import ProbeRequest
from daemon.probing.rom_search import without_places
from daemon.probing.service import probe
from protocol.errors import AnalysisError, AnalysisProcessError, GbatraceError
from protocol.wording import own_fault

__all__ = ["answer", "main"]


def answer(data_folder: Path, request: bytes) -> bytes:
    """Answer a request, whatever happens."""
    return orjson.dumps(_answer(data_folder, request))


def _answer(data_folder: Path, request: bytes) -> dict[str, Any]:
    try:
        result = probe(data_folder, ProbeRequest.from_map(orjson.loads(request)))
        return replace(result, rom=Path(result.rom).name).as_map()
    except orjson.JSONDecodeError:
        error: GbatraceError = AnalysisError("A request for a probe is JSON.")
    except GbatraceError as raised:
        error = raised
    except Exception as raised:
        error = AnalysisProcessError(own_fault("probe", raised))
    return {"error": without_places(str(error), data_folder), "kind": error.kind}


def main() -> None:
    """Answer the request on standard input, about the data folder that is the argument."""
    yield_to_others()
    request = sys.stdin.buffer.readline()
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    sys.stdout.buffer.write(answer(Path(sys.argv[1]), request))
    sys.stdout.buffer.flush()
    os._exit(0)  # The thread waits for standard input, whose lock the interpreter would want.


def _end_with_stdin() -> None:
    # Not through sys.stdin: see above.
    while os.read(0, 4096):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
