// The valley at dusk: the picture behind title and cutscenes.
#pragma once

#include "gba.h"

enum sky { SKY_DUSK, SKY_NIGHT, SKY_DAWN };

void dusk_load(void);

// Show it under a sky, either with the game's name or raised so that a message box has room below.
void dusk_show(enum sky next, bool with_name);
void dusk_show_raised(enum sky next);

// Let clouds and fireflies move; once a frame.
void dusk_live(u8 frames_per_firefly);

void dusk_draw(void);
