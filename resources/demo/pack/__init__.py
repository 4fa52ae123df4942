"""Packing of text art and a linked program into a cartridge, and its list of symbols.

Reading order: `art` → `tiles` → `maps` → `lz77` → `assets` (art in, C source out), then `header`, `dwarf` and `symbols`
(linked program in, cartridge and symbol list out). All of it is pure but `assets`, which reads the art folder; `build`
runs the compiler.
"""

__all__: list[str] = []
