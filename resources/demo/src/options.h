// What the player may set.
#pragma once

#include "gba.h"

enum text_speed { TEXT_SLOW, TEXT_MEDIUM, TEXT_FAST };

enum { TEXT_SPEEDS = TEXT_FAST + 1 };

extern enum text_speed text_speed;
