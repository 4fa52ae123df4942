// What the art becomes in the cartridge; the data itself is written by pack/assets.py.
#pragma once

#include "gba.h"

// A map or a picture: up to three layers of 8x8 tiles, back to front. All data but the palette is LZ77.
struct stage {
    u16 columns, rows; // size in tiles
    u16 tile_count;
    u8 bank_count;  // palette banks of 16 colours
    u8 cycle_count; // length of `cycle`, a third of it for each shimmering colour
    u8 glow_count;  // length of `glow`, a third of it for each glowing colour
    const u32 *tiles;
    const u16 *palette;
    const u8 *cycle;  // where in the palette the shimmering colours stand
    const u8 *glow;   // where in the palette the glowing colours stand
    const u32 *cells; // one enum cell_flag per 2x2 tiles; 0 for pictures
    const u32 *layers[3];
};

// Pictures that share one palette bank, one after the other.
struct sprite_sheet {
    u16 tile_count;
    const u32 *tiles;
    const u16 *palette;
};
