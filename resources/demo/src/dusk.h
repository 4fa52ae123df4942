// The valley at dusk: the picture behind title and cutscenes.
#pragma once

#include "gba.h"

enum sky { SKY_DUSK, SKY_NIGHT, SKY_DAWN };

void dusk_load(void);

// Show it under a sky, with or without the game's name.
void dusk_show(enum sky next, bool with_name);

// Let clouds and fireflies move; once a frame.
void dusk_live(u8 frames_per_firefly);

void dusk_draw(void);
