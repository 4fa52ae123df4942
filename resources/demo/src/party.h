// The player's companion, what it can do, and what the player owns.
#pragma once

#include "asset_types.h"

enum species { MOSSLING, PUDDLET, EMBERBUN, GLOOMOTH };

enum move { MOVE_BUMP, MOVE_LEAF_FLURRY, MOVE_DEW_REST, MOVE_BRACE, MOVE_SPLASH, MOVE_EMBER, MOVE_DUSK_WING };

enum item { ITEM_NONE, ITEM_DEWDROP, ITEM_HONEY_CAKE, ITEM_SPARKNUT, ITEM_LUCKY_LEAF };

enum { SPECIES_COUNT = GLOOMOTH + 1, MOVE_COUNT = MOVE_DUSK_WING + 1, ITEM_COUNT = ITEM_LUCKY_LEAF + 1 };
enum {
    NAME_SIZE = 9,
    MOVES_EACH = 4,
    PARTY_SIZE = 1,
    BAG_SIZE = ITEM_COUNT - 1,
    MOST_OF_ONE = 9,
    MOST_MONEY = 9999,
    LIGHTS_NEEDED = 3,
    DEWDROP_HEALS = 15
};

struct creature {
    char name[NAME_SIZE]; /// its name, ASCII, ended by zero
    enum species species; /// its kind
    u8 level;             /// its level
    u16 hp;               /// hit points left
    u16 max_hp;           /// most hit points
    u16 attack;           /// strength of its blows
    u16 defence;          /// how well it takes blows
    u16 speed;            /// the faster side moves first
    u16 experience;       /// points gained since its last level
    u16 next_level;       /// points it needs for the next level
};

struct slot {
    enum item item; /// what lies in this place of the bag
    u8 count;       /// how many of them
};

struct species_facts {
    const char *name;
    const struct sprite_sheet *sheet;
    u8 hp, attack, defence, speed; // at level 0; they grow with each level
    enum move moves[MOVES_EACH];
};

struct move_facts {
    const char *name;
    u8 power;    // 0 for moves that do not strike
    u8 particle; // enum particle_kind
};

struct item_facts {
    const char *name, *description;
    u16 price;
};

extern const struct species_facts species_facts[SPECIES_COUNT];
extern const struct move_facts move_facts[MOVE_COUNT];
extern const struct item_facts item_facts[ITEM_COUNT];

extern struct creature party[PARTY_SIZE];
extern struct slot bag[BAG_SIZE];
extern u16 money;
extern u8 lights;
extern bool elder_has_given;
extern bool luck_waits;

// Begin from nothing: a companion at level 4, a few things, some coins.
void party_new_game(void);

// Give a creature the strength of its level, without what a battle added.
void creature_settle(struct creature *creature);

// Make a creature of the given kind and level, in full health.
void creature_create(struct creature *creature, enum species species, u8 level);

// Give it experience. Returns whether it has gained a level.
bool creature_learn(struct creature *creature, u16 points);

void creature_heal(struct creature *creature, u16 points);

// Put one thing into the bag. Returns whether there was room.
bool bag_add(enum item item);
void bag_remove(u8 place);
u8 bag_filled(void);
u8 bag_count(enum item item);

void money_add(u16 coins);
