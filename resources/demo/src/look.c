#include "look.h"

#include "assets.h"

void look_init(void) {
    const struct sprite_sheet *people[LOOK_COUNT] = {&sprite_hero, &sprite_elder, &sprite_merchant, &sprite_girl,
                                                     &sprite_boy};
    for (int look = 0; look < LOOK_COUNT; look++) sprites_load(people[look], look * TILES_PER_PERSON, look);
    sprites_load(&sprite_props, LOOK_PROPS_TILE, BANK_PROPS);
    sprites_load(&sprite_fx, LOOK_FX_TILE, BANK_FX);
}
