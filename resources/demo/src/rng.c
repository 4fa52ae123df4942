#include "rng.h"

u32 rng_state = 0x2545F491; /// state of the random numbers (xorshift), moved on by each draw and each button

u32 random_below(u32 limit) {
    rng_state ^= rng_state << 13;
    rng_state ^= rng_state >> 17;
    rng_state ^= rng_state << 5;
    return (rng_state >> 8) % limit;
}
