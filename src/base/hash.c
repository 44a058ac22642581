#include "trefoil/base/hash.h"

#include <string.h>

static uint64_t load64(const unsigned char *at) {
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

static uint64_t mix(uint64_t a, uint64_t b) {
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* The multiply-and-fold construction of wyhash (Wang Yi 2019), reduced to what tables need. */
uint64_t tf_hash(const void *bytes, size_t length) {
    static const uint64_t key0 = 0xa0761d6478bd642fULL;
    static const uint64_t key1 = 0xe7037ed1a0b428dbULL;
    const unsigned char *at = bytes;
    uint64_t seed = mix(length ^ key0, key1);
    size_t left = length;
    while (left > 16) {
        seed = mix(load64(at) ^ key0, load64(at + 8) ^ seed);
        at += 16;
        left -= 16;
    }
    uint64_t a = 0;
    uint64_t b = 0;
    if (left >= 8) {
        a = load64(at);
        b = load64(at + left - 8);
    } else {
        memcpy(&a, at, left);
    }
    return mix(a ^ key1, mix(b ^ key0, seed));
}

void tf_random_init(tf_random *random, uint64_t seed, uint64_t stream) {
    random->state = 0;
    random->stream = (stream << 1) | 1;
    tf_random_next(random);
    random->state += seed;
    tf_random_next(random);
}

uint32_t tf_random_next(tf_random *random) {
    uint64_t old = random->state;
    random->state = old * 6364136223846793005ULL + random->stream;
    uint32_t shifted = (uint32_t)(((old >> 18) ^ old) >> 27);
    uint32_t turn = (uint32_t)(old >> 59);
    return (shifted >> turn) | (shifted << ((32 - turn) & 31));
}

uint32_t tf_random_below(tf_random *random, uint32_t bound) {
    uint32_t threshold = (0U - bound) % bound;
    for (;;) {
        uint32_t value = tf_random_next(random);
        if (value >= threshold) {
            return value % bound;
        }
    }
}

double tf_random_unit(tf_random *random) {
    uint64_t high = tf_random_next(random);
    uint64_t bits = (high << 21) ^ (tf_random_next(random) >> 11);
    return (double)(bits & ((1ULL << 53) - 1)) * 0x1p-53;
}
