"""Formats of all that crosses a wire or a disk, as `README.md` specifies them. Imports no other folder of ours.

Reading order, from the player's sentence up to the whole connection:

* `errors` — whose fault it is and what to do.
* `regions` — regions, chunks, and which chunk is scanned at which frame of a set.
* `console` — memory, buttons, screen and speed of a console.
* `recorded_inputs` — a file that says which buttons are held from which frame on.
* `messages` — the vocabulary of the link.
* `changes` — changed words as columns.
* `packing` — MessagePack behind two typed functions.
* `codec` — a message as an armoured payload, and back.
* `framing` — payloads in a byte stream, and back.
* `link` — one connection as the daemon sees it: bytes in, events out.
* `spool` — what the script keeps on disk while there is no link.
* `documents` — the shapes of the files in a session folder.
* `statistics` — what a session is made of, counted.
* `integrity` — what proves a session: checksums, and the emulator's own hashes of its memory.
* `hash_chain` — lines that follow from each other; `seals` — what metadata and labels say of the other files.
* `layout` — the names of those files.
* `bus` — what the daemon publishes and answers.
* `addresses`, `listening` — where sockets listen.
"""

from protocol.version import BUS_VERSION, LINK_VERSION, PACKAGE_VERSION

__all__ = ["BUS_VERSION", "LINK_VERSION", "PACKAGE_VERSION"]
