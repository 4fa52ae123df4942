#include "particles.h"

#include "assets.h"
#include "look.h"
#include "rng.h"

enum { PARTICLES = 64, SUBPIXELS = 256 };

struct particle {
    s32 x;                   /// in 256ths of a pixel from the left
    s32 y;                   /// in 256ths of a pixel from the top
    s16 speed_x;             /// in 256ths of a pixel per frame
    s16 speed_y;             /// in 256ths of a pixel per frame
    enum particle_kind kind; /// what it is
    u8 life;                 /// frames left
    u8 phase;                /// where in its flutter it is
};

EWRAM static struct particle particles[PARTICLES]; /// small things that float or fly
static u8 next_particle;                           /// the slot that is used next

static const struct {
    s8 weight;  // added to the speed downwards each frame
    u8 flutter; // how much it sways
    u16 looks[2];
} habits[] = {
    [PARTICLE_FIREFLY] = {0, 24, {SPRITE_FX_FIREFLY, SPRITE_FX_FIREFLY_DIM}},
    [PARTICLE_LEAF] = {0, 20, {SPRITE_FX_LEAF, SPRITE_FX_LEAF_TURNED}},
    [PARTICLE_PETAL] = {0, 16, {SPRITE_FX_PETAL, SPRITE_FX_PETAL_TURNED}},
    [PARTICLE_SPARK] = {0, 0, {SPRITE_FX_SPARK, SPRITE_FX_SPARK_SMALL}},
    [PARTICLE_FLAME] = {-6, 8, {SPRITE_FX_FLAME, SPRITE_FX_FLAME}},
    [PARTICLE_DROP] = {14, 0, {SPRITE_FX_DROP, SPRITE_FX_DROP}},
    [PARTICLE_DUST] = {-2, 0, {SPRITE_FX_DUST, SPRITE_FX_DUST}},
    [PARTICLE_HEART] = {-3, 12, {SPRITE_FX_HEART, SPRITE_FX_HEART}},
};

void particles_clear(void) {
    for (int at = 0; at < PARTICLES; at++) particles[at].kind = PARTICLE_NONE;
}

void particle_add(enum particle_kind kind, s32 x, s32 y, s32 speed_x, s32 speed_y, u8 life) {
    particles[next_particle] = (struct particle){
        .x = x * SUBPIXELS,
        .y = y * SUBPIXELS,
        .speed_x = speed_x,
        .speed_y = speed_y,
        .kind = kind,
        .life = life,
        .phase = random_below(64),
    };
    next_particle = (next_particle + 1) % PARTICLES;
}

void particles_burst(enum particle_kind kind, s32 x, s32 y, u8 count, s32 speed) {
    while (count--) {
        s32 across = (s32)random_below(2 * speed) - speed, up = (s32)random_below(2 * speed) - speed;
        particle_add(kind, x - 4 + across / 18, y - 4 + up / 18, across, up, 16 + random_below(20));
    }
}

// A triangle wave: -32 to 32 in 64 steps.
static s32 sway(u8 phase) {
    s32 step = phase % 64;
    return step < 32 ? step * 2 - 32 : 96 - step * 2;
}

void particles_update(void) {
    for (int at = 0; at < PARTICLES; at++) {
        struct particle *one = &particles[at];
        if (one->kind == PARTICLE_NONE) continue;
        one->phase++;
        one->speed_y += habits[one->kind].weight;
        one->x += one->speed_x + sway(one->phase) * habits[one->kind].flutter / 4;
        one->y += one->speed_y + (one->kind == PARTICLE_FIREFLY ? sway(one->phase + 16) * 3 : 0);
        if (--one->life == 0) one->kind = PARTICLE_NONE;
    }
}

void particles_draw(s32 camera_x, s32 camera_y, u8 priority) {
    for (int at = 0; at < PARTICLES; at++) {
        const struct particle *one = &particles[at];
        if (one->kind == PARTICLE_NONE) continue;
        bool fading = one->life < 10 || (one->kind == PARTICLE_FIREFLY && (one->phase / 8) % 4 == 0);
        bool turned = one->kind == PARTICLE_LEAF || one->kind == PARTICLE_PETAL ? one->phase / 12 % 2 : fading;
        u16 look = LOOK_FX_TILE + habits[one->kind].looks[turned];
        sprite_push(one->x / SUBPIXELS - camera_x, one->y / SUBPIXELS - camera_y, SIZE_8X8, look, BANK_FX, priority,
                    one->phase & 32 ? SPRITE_FLIP : 0);
    }
}
