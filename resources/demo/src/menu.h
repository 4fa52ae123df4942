// What the full-screen menus have in common.
#pragma once

#include "gba.h"

// Clear the screen to the evening sky and write a title.
void menu_open(const char *title);

// A line of a list, with the pointer beside it when it is the chosen one.
void menu_line(u8 column, u8 row, const char *text, bool chosen);

// Load the tiles of the companion's portrait.
void menu_load_portrait(void);
