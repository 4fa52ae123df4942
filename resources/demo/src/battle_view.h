// How a battle looks.
#pragma once

#include "particles.h"

void battle_view_load(void);
void battle_view_show(void);

// Redraw names, levels and bars.
void battle_view_panels(void);

// Set particles free around the opponent, or around the companion.
void battle_view_burst(bool at_foe, enum particle_kind kind, u8 count);

// Move clouds and particles; once a frame.
void battle_view_live(void);

void battle_view_draw(void);
