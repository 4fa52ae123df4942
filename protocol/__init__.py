"""Formats of all that crosses a wire or lies on a disk, as `README.md` specifies them.

This package imports no other folder of ours. `link/` is the wire between script and daemon, `bus/` that between the
daemon and its clients, `session/` a session's folder. For all three:

* `version` — the version numbers of package and wires.
* `errors` — whose fault it is and what to do; `wording`, `output` — sentences and numbers, in any encoding.
* `console` — the console's memory, buttons and screen; `recorded_inputs` — button presses out of a file.
* `regions` — regions, chunks, and which chunk is scanned at which frame of a set; `changes` — changed words as columns.
* `packing` — MessagePack; `network_addresses`, `listening` — where sockets listen.
* `disk` — retries for files that other programs hold open (`held_files`), links that are not followed.
"""

from protocol.version import BUS_VERSION, LINK_VERSION, PACKAGE_VERSION

__all__ = ["BUS_VERSION", "LINK_VERSION", "PACKAGE_VERSION"]
