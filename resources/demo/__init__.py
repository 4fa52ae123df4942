"""Fernlight, the small Game Boy Advance game that ships with gbatrace: its source, its built cartridge and its tour."""

__all__: list[str] = []
