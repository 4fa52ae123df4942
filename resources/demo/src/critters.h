// Butterflies over the meadow and ducks on the pond: they only please the eye.
#pragma once

#include "gba.h"

void critters_clear(void);
void critters_add_butterflies(u8 count);
void critters_add_duck(u8 column, u8 row);
void critters_live(void);
void critters_draw(s32 camera_x, s32 camera_y);
