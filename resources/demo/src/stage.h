// The map or picture on backgrounds 1 to 3.
#pragma once

#include "asset_types.h"

// The upper four bits of a cell are its enum subject: what there is to look at.
enum cell_flag { CELL_FREE = 0, CELL_SOLID = 1, CELL_TALL_GRASS = 2, CELL_DOOR = 4, CELL_SUBJECT_SHIFT = 4 };

enum { STAGE_LAYERS = 3, STAGE_MAX_TILES = 80 * 64, STAGE_MAX_CELLS = 40 * 32, CELL_SIZE = 16 };

extern u16 stage_columns;
extern u16 stage_rows;
extern u8 stage_cells[STAGE_MAX_CELLS];

// Unpack a stage into work memory and send its tiles and colours to the hardware.
void stage_load(const struct stage *stage);

// Show the part of the stage whose top left corner is at pixel (x, y).
void stage_view(s32 x, s32 y);

// Let the shimmering colours take turns; once a frame.
void stage_shimmer(void);

enum { GLOW_FULL = 32 };

// Let the lantern's glass glow: level 0 is dark, GLOW_FULL is bright.
void stage_glow(u8 level);

// What is on a cell; outside of the stage everything is solid.
u8 stage_cell(s32 column, s32 row);
