// The two functions that the compiler calls on its own account.
#include <stddef.h>

#include "gba.h"

void *memcpy(void *target, const void *source, size_t count) {
    u8 *to = target;
    const u8 *from = source;
    while (count--) *to++ = *from++;
    return target;
}

void *memset(void *target, int value, size_t count) {
    u8 *to = target;
    while (count--) *to++ = (u8)value;
    return target;
}
