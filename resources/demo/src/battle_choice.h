// What the player chooses to do in a battle: a list of commands, and behind it the lists of moves and things.
#pragma once

#include "gba.h"

enum choice { CHOICE_NONE, CHOICE_MOVE, CHOICE_THING, CHOICE_GUARD, CHOICE_RUN };

// Open the list of commands.
void choice_open(void);

// Let the player choose; once a frame. Returns what has been chosen: of moves and things, number battle.cursor.
enum choice choice_update(void);
