// A bout between the player's companion and a creature of the tall grass: its state.
#pragma once

#include "party.h"

enum battle_phase {
    PHASE_APPEAR,
    PHASE_MESSAGE,
    PHASE_COMMAND,
    PHASE_CHOOSE,
    PHASE_TURN,
    PHASE_STRIKE,
    PHASE_FAINT,
    PHASE_REWARD,
    PHASE_LEVEL,
    PHASE_LEAVE,
};

enum battle_list { LIST_COMMANDS, LIST_MOVES, LIST_THINGS };

struct battle {
    struct creature foe;             /// the opponent
    enum battle_phase phase;         /// what is happening
    enum battle_phase after_message; /// what happens when the message has been read
    u16 phase_frames;                /// frames since that began
    u16 own_shown_hp;                /// hit points that the companion's bar shows, on the way to the true ones
    u16 foe_shown_hp;                /// hit points that the opponent's bar shows, on the way to the true ones
    u16 last_damage;                 /// hit points that the last blow took
    enum battle_list list;           /// the list the player chooses from
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

// Choose who jumps out of the grass.
void battle_prepare(void);
