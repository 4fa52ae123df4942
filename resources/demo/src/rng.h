// Chance. The same inputs from reset give the same game.
#pragma once

#include "gba.h"

extern u32 rng_state;

// A number from 0 to limit - 1.
u32 random_below(u32 limit);
