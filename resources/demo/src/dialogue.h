// Somebody speaks to the player, above the map.
#pragma once

#include "gba.h"

// What follows when the last page has been read.
enum dialogue_end { DIALOGUE_JUST_ENDS, DIALOGUE_ASKS, DIALOGUE_OPENS_SHOP, DIALOGUE_RESTS };

// Speak. DIALOGUE_ASKS lets the player answer yes or no and then says one of the answers.
void dialogue_say(const char *speaker, const char *text, enum dialogue_end end);
void dialogue_ask(const char *speaker, const char *text, const char *yes, const char *no);
