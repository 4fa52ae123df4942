// One place to keep the game. The cartridge has no battery: it lasts until the console is switched off.
#pragma once

#include "gba.h"

bool save_exists(void);
void save_write(void);

// Bring the kept game back. The caller makes sure that there is one.
void save_read(void);
