// Walking about: maps, people, what they say, tall grass.
#pragma once

#include "people.h"

enum map { MAP_VALLEY, MAP_HOME, MAP_STORE };

extern enum map map;
extern struct person player;
extern s16 camera_x;
extern s16 camera_y;

// Put the player where a new game begins, or where one wakes up after a lost battle.
void overworld_start(void);
void overworld_wake_up(void);

// Show the map again after something that covered it.
void overworld_show(void);

// Let everybody but the player go on living; once a frame while something is on top of the map.
void overworld_live(void);

// Draw player, people and animals.
void overworld_draw(void);
