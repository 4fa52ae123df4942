// What the player may set.
#pragma once

#include "gba.h"

enum text_speed { TEXT_SLOW, TEXT_MEDIUM, TEXT_FAST, TEXT_SPEEDS };

extern enum text_speed text_speed;
