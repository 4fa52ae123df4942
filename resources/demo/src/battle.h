// A bout between the player's companion and a creature of the tall grass.
#pragma once

// Choose who jumps out of the grass.
void battle_prepare(void);
