// Where the sprite sheets that are always loaded lie in sprite memory, and their palette banks.
#pragma once

#include "sprites.h"

enum { TILES_PER_PERSON = 48, TILES_PER_STEP = 8, TILES_PER_CREATURE = 64 };

enum person_look { LOOK_HERO, LOOK_ELDER, LOOK_MERCHANT, LOOK_GIRL, LOOK_BOY, LOOK_COUNT };

enum { LOOK_PROPS_TILE = LOOK_COUNT * TILES_PER_PERSON, LOOK_FX_TILE = LOOK_PROPS_TILE + 64 };
enum { LOOK_OWN_TILE = LOOK_FX_TILE + 32, LOOK_FOE_TILE = LOOK_OWN_TILE + TILES_PER_CREATURE };

enum { BANK_PROPS = LOOK_COUNT, BANK_FX, BANK_OWN, BANK_FOE };

// Load everything but the creatures.
void look_init(void);
