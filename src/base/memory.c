#include "trefoil/base/memory.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BLOCK_SIZE = 64 * 1024 };

typedef struct arena_block {
    struct arena_block *next;
    size_t used;
    size_t size;
    alignas(max_align_t) char data[];
} arena_block;

struct tf_arena {
    arena_block *newest;
};

void *tf_alloc(size_t count, size_t size) {
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) {
        return NULL;
    }
    return malloc(total ? total : 1);
}

void *tf_alloc_zeroed(size_t count, size_t size) {
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) {
        return NULL;
    }
    return calloc(total ? total : 1, 1);
}

void *tf_realloc(void *pointer, size_t count, size_t size) {
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) {
        return NULL;
    }
    return realloc(pointer, total ? total : 1);
}

void tf_free(void *pointer) {
    free(pointer);
}

tf_status tf_reserve(void *items, size_t *capacity, size_t needed, size_t size, tf_error *error) {
    if (needed <= *capacity) {
        return TF_OK;
    }
    size_t grown = *capacity + *capacity / 2;
    if (grown < needed) {
        grown = needed;
    }
    if (grown < 8) {
        grown = 8;
    }
    /* `items` is the address of the caller's pointer, whatever it points to. */
    void *old;
    memcpy(&old, items, sizeof old);
    void *moved = tf_realloc(old, grown, size);
    if (!moved) {
        return tf_fail_no_memory(error);
    }
    memcpy(items, &moved, sizeof moved);
    *capacity = grown;
    return TF_OK;
}

char *tf_copy_text(const char *text, size_t length) {
    char *copy = tf_alloc(length + 1, 1);
    if (copy) {
        if (length) {
            memcpy(copy, text, length);
        }
        copy[length] = '\0';
    }
    return copy;
}

tf_arena *tf_arena_new(void) {
    return tf_alloc_zeroed(1, sizeof(tf_arena));
}

void tf_arena_free(tf_arena *arena) {
    if (!arena) {
        return;
    }
    arena_block *block = arena->newest;
    while (block) {
        arena_block *next = block->next;
        free(block);
        block = next;
    }
    free(arena);
}

void tf_arena_reset(tf_arena *arena) {
    arena_block *kept = arena->newest;
    if (!kept) {
        return;
    }
    arena_block *block = kept->next;
    while (block) {
        arena_block *next = block->next;
        free(block);
        block = next;
    }
    kept->next = NULL;
    kept->used = 0;
}

static arena_block *arena_grow(tf_arena *arena, size_t needed) {
    size_t size = needed > ARENA_BLOCK_SIZE ? needed : ARENA_BLOCK_SIZE;
    if (size > SIZE_MAX - sizeof(arena_block)) {
        return NULL;
    }
    arena_block *block = malloc(sizeof *block + size);
    if (block) {
        block->next = arena->newest;
        block->used = 0;
        block->size = size;
        arena->newest = block;
    }
    return block;
}

void *tf_arena_alloc(tf_arena *arena, size_t count, size_t size) {
    size_t total;
    if (__builtin_mul_overflow(count, size, &total) || total > SIZE_MAX / 2) {
        return NULL;
    }
    total = (total + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    arena_block *block = arena->newest;
    if (!block || block->size - block->used < total) {
        block = arena_grow(arena, total);
        if (!block) {
            return NULL;
        }
    }
    void *memory = block->data + block->used;
    block->used += total;
    return memory;
}

char *tf_arena_copy_text(tf_arena *arena, const char *text, size_t length) {
    char *copy = length < SIZE_MAX ? tf_arena_alloc(arena, length + 1, 1) : NULL;
    if (copy) {
        if (length) {
            memcpy(copy, text, length);
        }
        copy[length] = '\0';
    }
    return copy;
}

char *tf_arena_format(tf_arena *arena, const char *format, ...) {
    va_list arguments;
    va_list again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = length < 0 ? NULL : tf_arena_alloc(arena, (size_t)length + 1, 1);
    if (text) {
        vsnprintf(text, (size_t)length + 1, format, again);
    }
    va_end(again);
    return text;
}
