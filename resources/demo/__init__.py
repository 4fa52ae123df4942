"""Demo game Fernlight for the Game Boy Advance: source, built cartridge and tour."""

__all__: list[str] = []
