// Fireflies, petals, sparks: small sprites that move on their own.
#pragma once

#include "gba.h"

enum particle_kind {
    PARTICLE_NONE,
    PARTICLE_FIREFLY,
    PARTICLE_LEAF,
    PARTICLE_PETAL,
    PARTICLE_SPARK,
    PARTICLE_FLAME,
    PARTICLE_DROP,
    PARTICLE_DUST,
    PARTICLE_HEART,
};

// Take all particles away.
void particles_clear(void);

// Set one free at pixel (x, y), with a speed in 256ths of a pixel per frame, for `life` frames.
void particle_add(enum particle_kind kind, s32 x, s32 y, s32 speed_x, s32 speed_y, u8 life);

// Set many free in all directions.
void particles_burst(enum particle_kind kind, s32 x, s32 y, u8 count, s32 speed);

// Move them; once a frame.
void particles_update(void);

// Draw them, seen by a camera at pixel (x, y).
void particles_draw(s32 camera_x, s32 camera_y, u8 priority);
