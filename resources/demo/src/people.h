// Everybody who walks on a map, cell by cell.
#pragma once

#include "stage.h"

enum facing { FACING_DOWN, FACING_UP, FACING_LEFT, FACING_RIGHT };

enum manner { MANNER_STANDS, MANNER_WANDERS, MANNER_LOOKS_ABOUT };

struct person {
    s16 x;              /// pixels from the left edge of the map
    s16 y;              /// pixels from the top edge of the map
    u8 column;          /// cell it stands on or walks to, from the left
    u8 row;             /// cell it stands on or walks to, from the top
    enum facing facing; /// where it looks
    u8 look;            /// its sprite sheet: 0 hero, 1 elder, 2 merchant, 3 girl, 4 boy
    u8 pixels_left;     /// pixels to go to its cell
    u8 stride;          /// counts pixels walked: which step of the walk is shown
    enum manner manner; /// what it does by itself
    u8 patience;        /// frames until it does something
};

enum { PEOPLE_MAX = 6 };

extern struct person people[PEOPLE_MAX];
extern u8 people_count;

void people_clear(void);
void people_add(u8 column, u8 row, u8 look, enum facing facing, enum manner manner);

void person_place(struct person *person, u8 column, u8 row, enum facing facing);

// The cell `far` steps ahead of a person.
void person_ahead(const struct person *person, u8 far, s32 *column, s32 *row);

// Who stands on a cell: a person, or 0.
struct person *person_at(s32 column, s32 row);

// Turn, and start walking if the cell ahead is free. Returns whether it walks.
bool person_step(struct person *person, enum facing facing);

// Move a walking person on. Returns whether it has just arrived.
bool person_walk(struct person *person, u8 pixels);

// Let people do what they do by themselves.
void people_live(void);

// Draw the player and everybody, those in front first.
void people_draw(s32 camera_x, s32 camera_y);
