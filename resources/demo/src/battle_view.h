// A battle's state, and how it looks.
#pragma once

#include "particles.h"
#include "party.h"

enum battle_phase {
    PHASE_APPEAR,
    PHASE_MESSAGE,
    PHASE_COMMAND,
    PHASE_CHOOSE,
    PHASE_CHOOSE_MOVE,
    PHASE_CHOOSE_ITEM,
    PHASE_TURN,
    PHASE_STRIKE,
    PHASE_FAINT,
    PHASE_REWARD,
    PHASE_LEVEL,
    PHASE_LEAVE,
};

struct battle {
    struct creature foe;             /// the opponent
    enum battle_phase phase;         /// what is happening
    enum battle_phase after_message; /// what happens when the message has been read
    u16 phase_frames;                /// frames since that began
    u16 own_shown_hp;                /// hit points that the companion's bar shows, on the way to the true ones
    u16 foe_shown_hp;                /// hit points that the opponent's bar shows, on the way to the true ones
    u16 last_damage;                 /// hit points that the last blow took
    u8 cursor;                       /// chosen command, move or thing
    enum move own_choice;            /// the move the player chose
    enum move move;                  /// the move that is being made
    u8 shake;                        /// frames that the one who was hit still shakes
    bool striker_is_foe;             /// whose move it is
    bool own_has_moved;              /// whether the companion has moved this round
    bool foe_has_moved;              /// whether the opponent has moved this round
    bool guarding;                   /// whether the companion is on its guard this round
    bool gained_level;               /// whether the companion has gained a level
};

extern struct battle battle;

void battle_view_load(void);
void battle_view_show(void);

// Redraw names, levels and bars.
void battle_view_panels(void);

// Set particles free around the one who is struck, or around the one who has fallen.
void battle_view_burst(enum particle_kind kind, u8 count);
void battle_view_burst_at_fallen(void);

// Move clouds and particles; once a frame.
void battle_view_live(void);

void battle_view_draw(void);
