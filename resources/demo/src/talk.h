// What people say and what there is to read.
#pragma once

#include "gba.h"

// Talk to the person, or look at the thing, ahead of the player. Returns whether there was anything.
bool talk_ahead(void);
