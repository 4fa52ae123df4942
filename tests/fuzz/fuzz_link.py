"""The coverage-guided fuzzer of the link: `python tests/fuzz/fuzz_link.py /tmp/found tests/fuzz/corpus`.

The options are libFuzzer's, `-max_total_time=600` among them. What crashes it is kept in a file that can be given to it
again. It needs `pip install atheris`, which there is for Linux and macOS.
"""

import sys
from pathlib import Path

import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

sys.path.insert(0, str(Path(__file__).parents[2]))

with atheris.instrument_imports(include=["protocol", "daemon"]):
    from tests.fuzz.conversation import Counts, converse


def main() -> None:
    """Fuzz until stopped."""
    counts = Counts()
    atheris.Setup(sys.argv, lambda data: converse(data, counts))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
