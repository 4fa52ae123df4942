"""Names of a game config: its `names`, and the addresses of its `memory_watch`. Pure."""

from daemon.analysis.addresses import read_address
from daemon.names.name_list import read_name_list
from daemon.names.named_address import NamedAddress
from resources.game_config import GameConfig

__all__ = ["config_names"]


def config_names(config: GameConfig) -> tuple[NamedAddress, ...]:
    """Return the names of a game config; what cannot be used is passed over.

    An address of `memory_watch` has no name of its own: it is called by its digits, watched, and read as a word.
    """
    listed = config.content.get("names")
    named = read_name_list(config.file, "", listed).names if isinstance(listed, list) else ()
    evidence = (f"in the game config {config.file}",)
    found = {name.name: name for name in named}
    watch = config.content.get("memory_watch")
    for entry in watch if isinstance(watch, list) else ():
        address = read_address(str(entry))
        if address is None:
            continue  # `*`, or something for another tool.
        digits = f"{address:08X}"
        found.setdefault(digits, NamedAddress(digits, address, "u32", evidence=evidence, watched=True))
    return tuple(found.values())
