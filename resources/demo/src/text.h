// Text, windows and bars on background 0, in cells of 8x8 pixels (30 by 20 on the screen).
#pragma once

#include "gba.h"

enum pen { PEN_DIM = 13, PEN_GOLD = 14, PEN_PLAIN = 15, PEN_BARE = 16 };

enum window_style { WINDOW_NIGHT, WINDOW_FOREST, WINDOW_WINE };

enum { WINDOW_STYLES = WINDOW_WINE + 1 };

// Load the font and the windows' tiles.
void text_init(void);

// Colour the windows.
void text_style(enum window_style style);

// Remove all text and windows, or those in a block of cells.
void text_clear(void);
void text_erase(u8 column, u8 row, u8 width, u8 height);

// Draw an empty window of the given outer size.
void text_window(u8 column, u8 row, u8 width, u8 height);

// Write text; add PEN_BARE to a pen to write where no window is.
void text_print(u8 column, u8 row, const char *text, u8 pen);
void text_letter(u8 column, u8 row, char letter, u8 pen);

// Write a number so that it ends before `column` + `width`.
void text_number(u8 column, u8 row, u32 number, u8 width, u8 pen);

// Write `value`/`limit` so that it ends before `column` + `width`.
void text_fraction(u8 column, u8 row, u32 value, u32 limit, u8 width);

// Draw a bar of `width` cells, `value` of `limit` full; it turns yellow and red as it empties, unless `steady`.
void text_bar(u8 column, u8 row, u8 width, u32 value, u32 limit, bool steady);

// Put one of the window sheet's tiles.
void text_mark(u8 column, u8 row, u16 tile, u8 pen);

// Print into memory: %s is a string, %d a number. Cuts at `size`, the end mark included.
void text_format(char *target, u32 size, const char *pattern, ...);
