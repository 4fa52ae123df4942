// Flying about in a room: inertia, drones, gems, a gauge that refills at once.
#include "drift.h"

enum { ONE = 1 << 12, PUSH = ONE / 8, SAFE_FRAMES = 120, ROOM_FRAMES = 5400, GEMS_A_ROOM = 16, SHOT = 33, HOTTEST = 40 };

u16 coins_tenth; // shown ten times as large
s16 charge;
u8 room; // shown as room + 1
struct actor *ship;
struct actor *drones[DRONES], *gems[GEMS];
static s16 camera_x, camera_y;
static u16 room_frames;
static u8 gems_taken;

static struct actor *actor_make(enum kind kind, s32 x, s32 y) {
    struct actor *actor = heap_take(sizeof(struct actor));
    *actor = (struct actor){.kind = kind, .x = x * ONE, .y = y * ONE};
    return actor;
}

static void scatter(struct actor **actors, u8 count, enum kind kind) {
    for (u8 at = 0; at < count; at++) {
        actors[at] = actor_make(kind, 20 + chance(ROOM_WIDTH - 40), 20 + chance(ROOM_HEIGHT - 40));
        actors[at]->hull = 10 + chance(15);
        actors[at]->dx = (s32)chance(ONE) - ONE / 2;
        actors[at]->dy = (s32)chance(ONE) - ONE / 2;
    }
}

// A new room: everything is made anew in another order, so the ship comes to lie elsewhere.
void room_enter(void) {
    struct actor kept = *ship;
    heap_clear();
    u8 before = chance(DRONES);
    scatter(drones, before, KIND_DRONE);
    ship = heap_take(sizeof(struct actor));
    *ship = kept;
    scatter(&drones[before], DRONES - before, KIND_DRONE);
    scatter(gems, GEMS, KIND_GEM);
    ship->safe_frames = SAFE_FRAMES;
    room_frames = gems_taken = 0;
}

void game_begin(void) {
    static struct actor fresh;
    fresh = (struct actor){.kind = KIND_SHIP, .hull = MOST_HULL, .x = 200 * ONE, .y = 150 * ONE, .fuel = MOST_FUEL, .lives = 2};
    ship = &fresh;
    score_bcd = room = 0;
    coins_tenth = 12;
    charge = MOST_CHARGE;
    room_enter();
}

static void move(struct actor *actor, bool bounces) {
    s32 *places[2] = {&actor->x, &actor->y}, *speeds[2] = {&actor->dx, &actor->dy};
    static const s32 ends[2] = {(ROOM_WIDTH - 8) * ONE, (ROOM_HEIGHT - 8) * ONE};
    for (u8 axis = 0; axis < 2; axis++) {
        s32 next = *places[axis] + *speeds[axis];
        if (next < 0 || next > ends[axis]) {
            *speeds[axis] = bounces ? -*speeds[axis] : 0;
            next = next < 0 ? 0 : ends[axis];
        }
        *places[axis] = next;
    }
}

static bool touches(const struct actor *one, const struct actor *other) {
    s32 dx = (one->x - other->x) / ONE, dy = (one->y - other->y) / ONE;
    return dx > -10 && dx < 10 && dy > -10 && dy < 10;
}

static void steer(void) {
    bool pushes = ship->fuel > 0;
    if (pushes && keys & KEY_RIGHT) ship->dx += PUSH;
    if (pushes && keys & KEY_LEFT) ship->dx -= PUSH;
    if (pushes && keys & KEY_DOWN) ship->dy += PUSH;
    if (pushes && keys & KEY_UP) ship->dy -= PUSH;
    if (keys & 0xF0) ship->fuel -= 0.03125f;
    if (ship->fuel <= 0) ship->fuel = MOST_FUEL; // towed home
    ship->heat += keys & 0xF0 ? 0.25f : -0.125f;
    if (ship->heat < 0) ship->heat = 0;
    if (ship->heat > HOTTEST) {
        ship->heat = HOTTEST / 2;
        if (ship->hull > 4) ship->hull -= 1 + chance(4);
    }
    ship->dx -= ship->dx / 16;
    ship->dy -= ship->dy / 16;
    move(ship, false);
}

// Drones fly towards the ship.
static void follow(struct actor *drone) {
    drone->dx += drone->x < ship->x ? PUSH / 16 : -PUSH / 16;
    drone->dy += drone->y < ship->y ? PUSH / 16 : -PUSH / 16;
    drone->dx -= drone->dx / 32;
    drone->dy -= drone->dy / 32;
    move(drone, true);
}

static void shoot(void) {
    if (charge < MOST_CHARGE) charge = MOST_CHARGE; // refills at once
    if (!(pressed_keys & KEY_A)) return;
    charge -= SHOT;
    for (u8 at = 0; at < DRONES; at++) {
        s32 dx = (ship->x - drones[at]->x) / ONE, dy = (ship->y - drones[at]->y) / ONE;
        if (dx * dx + dy * dy > 50 * 50) continue;
        drones[at]->hull -= 4;
        if (drones[at]->hull > 0) continue;
        score_add(25);
        coins_tenth += 2;
        heap_give(drones[at]);
        for (u8 next = at; next < DRONES - 1; next++) drones[next] = drones[next + 1]; // slots move up
        scatter(&drones[DRONES - 1], 1, KIND_DRONE);
    }
}

void field_draw(void) {
    s32 x = ship->x / ONE - SCREEN_WIDTH / 2, y = ship->y / ONE - SCREEN_HEIGHT / 2;
    camera_x = x < 0 ? 0 : x > ROOM_WIDTH - SCREEN_WIDTH ? ROOM_WIDTH - SCREEN_WIDTH : x;
    camera_y = y < 0 ? 0 : y > ROOM_HEIGHT - SCREEN_HEIGHT ? ROOM_HEIGHT - SCREEN_HEIGHT : y;
    for (u8 at = 0; at < GEMS; at++)
        screen_sprite(gems[at]->x / ONE - camera_x, gems[at]->y / ONE - camera_y, KIND_GEM);
    for (u8 at = 0; at < DRONES; at++)
        screen_sprite(drones[at]->x / ONE - camera_x, drones[at]->y / ONE - camera_y, KIND_DRONE);
    screen_sprite(ship->x / ONE - camera_x, ship->y / ONE - camera_y, KIND_SHIP);
    screen_number(1, 0, ship->hull);
    screen_number(5, 0, (s32)ship->fuel);
    screen_number(9, 0, coins_tenth * 10);
    screen_number(15, 0, ship->lives + 1);
    screen_number(18, 0, ship->rank + 1);
    screen_number(21, 0, room + 1);
    screen_number(24, 0, charge);
}

static void collect(void) {
    for (u8 at = 0; at < GEMS; at++) {
        if (!touches(ship, gems[at])) continue;
        score_add(7 + chance(9));
        coins_tenth++;
        gems_taken++;
        gems[at]->x = (20 + (s32)chance(ROOM_WIDTH - 40)) * ONE;
        gems[at]->y = (20 + (s32)chance(ROOM_HEIGHT - 40)) * ONE;
    }
}

void field_run(void) {
    while (mode == MODE_FIELD) {
        steer();
        for (u8 at = 0; at < DRONES; at++) follow(drones[at]);
        shoot();
        collect();
        if (ship->safe_frames) ship->safe_frames--;
        if (++room_frames == ROOM_FRAMES || gems_taken == GEMS_A_ROOM) {
            room = (room + 1) % 9;
            room_enter();
        }
        field_draw();
        end_frame();
        if (pressed_keys & KEY_START) mode_enter(MODE_MENU);
        for (u8 at = 0; at < DRONES && !ship->safe_frames; at++) {
            if (!touches(ship, drones[at])) continue;
            mode_enter(MODE_BATTLE);
            return;
        }
    }
}
