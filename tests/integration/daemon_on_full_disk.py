"""`gbatrace` on a disk that is full while a file says so: `python -m tests.integration.daemon_on_full_disk FILE …`."""

import sys
from pathlib import Path

from daemon import server
from daemon.__main__ import main
from daemon.disk.durability import Durability
from tests.integration.full_disk import fill

__all__: list[str] = []


def fill_for_daemon_and_writer(flag: Path) -> None:
    """Refuse to write while the file is there, in both processes."""

    def writer_command(data_folder: Path, durability: Durability) -> list[str]:
        program = (sys.executable, "-m", "tests.integration.full_disk", str(flag))
        return [*program, str(data_folder), durability.value]

    fill(flag)
    vars(server)["writer_command"] = writer_command


if __name__ == "__main__":
    fill_for_daemon_and_writer(Path(sys.argv.pop(1)))
    main()
