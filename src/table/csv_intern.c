#include "csv_internal.h"

enum {
    FIRST_SLOTS = 256,
    REMEMBERED_TEXTS = 1 << 18,          /* beyond these limits a batch starts from nothing, */
    REMEMBERED_BYTES = 16 * 1024 * 1024, /* so that a file of distinct values stays bounded */
};

typedef struct entry {
    uint64_t hash;
    uint32_t start; /* in `bytes` */
    uint32_t length;
    uint32_t batch; /* the batch in which `number` was given */
    int32_t number;
} entry;

struct csv_interning {
    uint32_t *slots; /* entry + 1; 0 is free */
    size_t slot_count;
    entry *entries;
    size_t entry_count;
    size_t entry_capacity;
    char *bytes; /* the texts one after another, CSV_PADDING bytes behind the last */
    size_t byte_count;
    size_t byte_capacity;
    uint32_t *numbered; /* the entries of this batch, by number */
    size_t numbered_count;
    size_t numbered_capacity;
    size_t numbered_bytes;
    uint32_t batch;
};

static inline uint64_t mix(uint64_t a, uint64_t b) {
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* The construction of tf_hash, with a last step that overlaps the one before instead of a tail. */
static inline uint64_t hash_text(const char *text, size_t length) {
    const uint64_t key0 = 0xa0761d6478bd642fULL;
    const uint64_t key1 = 0xe7037ed1a0b428dbULL;
    uint64_t hash = length * 0x9E3779B97F4A7C15ULL;
    if (length < 8) {
        return mix((csv_load64(text) & csv_keep_bytes(length)) ^ key0, hash ^ key1);
    }
    if (length < 16) {
        return mix(csv_load64(text) ^ key0, csv_load64(text + length - 8) ^ hash ^ key1);
    }
    for (size_t at = 0; at + 16 < length; at += 16) {
        hash = mix(csv_load64(text + at) ^ key0, csv_load64(text + at + 8) ^ hash ^ key1);
    }
    return mix(csv_load64(text + length - 16) ^ key0, csv_load64(text + length - 8) ^ hash ^ key1);
}

csv_interning *tf_csv_interning_new(void) {
    csv_interning *interning = tf_alloc_zeroed(1, sizeof *interning);
    if (interning) {
        interning->slots = tf_alloc_zeroed(FIRST_SLOTS, sizeof *interning->slots);
        interning->slot_count = FIRST_SLOTS;
        if (!interning->slots) {
            tf_free(interning);
            return NULL;
        }
    }
    return interning;
}

void tf_csv_interning_free(csv_interning *interning) {
    if (interning) {
        tf_free(interning->slots);
        tf_free(interning->entries);
        tf_free(interning->bytes);
        tf_free(interning->numbered);
        tf_free(interning);
    }
}

void tf_csv_interning_start_batch(csv_interning *interning) {
    interning->batch++;
    interning->numbered_count = 0;
    interning->numbered_bytes = 0;
    if (interning->entry_count > REMEMBERED_TEXTS || interning->byte_count > REMEMBERED_BYTES ||
        interning->batch == 0) {
        memset(interning->slots, 0, interning->slot_count * sizeof *interning->slots);
        interning->entry_count = 0;
        interning->byte_count = 0;
        interning->batch = 1;
    }
}

static bool grow_slots(csv_interning *interning) {
    size_t slot_count = interning->slot_count * 2;
    uint32_t *slots = tf_alloc_zeroed(slot_count, sizeof *slots);
    if (!slots) {
        return false;
    }
    for (size_t i = 0; i < interning->entry_count; i++) {
        size_t slot = interning->entries[i].hash & (slot_count - 1);
        while (slots[slot]) {
            slot = (slot + 1) & (slot_count - 1);
        }
        slots[slot] = (uint32_t)i + 1;
    }
    tf_free(interning->slots);
    interning->slots = slots;
    interning->slot_count = slot_count;
    return true;
}

/* Remember a new text; its entry's index, or -1 when out of memory. */
static int64_t add_entry(csv_interning *interning, const char *text, size_t length, uint64_t hash) {
    if ((interning->entry_count + 1) * 2 > interning->slot_count && !grow_slots(interning)) {
        return -1;
    }
    size_t end = interning->byte_count + length;
    if (end > UINT32_MAX ||
        tf_reserve(&interning->entries, &interning->entry_capacity, interning->entry_count + 1,
                   sizeof(entry), NULL) ||
        tf_reserve(&interning->bytes, &interning->byte_capacity, end + CSV_PADDING, 1, NULL)) {
        return -1;
    }
    size_t slot = hash & (interning->slot_count - 1);
    while (interning->slots[slot]) {
        slot = (slot + 1) & (interning->slot_count - 1);
    }
    size_t index = interning->entry_count++;
    interning->slots[slot] = (uint32_t)index + 1;
    interning->entries[index] =
        (entry){.hash = hash, .start = (uint32_t)interning->byte_count, .length = (uint32_t)length};
    memcpy(interning->bytes + interning->byte_count, text, length);
    memset(interning->bytes + end, 0, CSV_PADDING);
    interning->byte_count = end;
    return (int64_t)index;
}

/* The entry's number within this batch, given now if it has none. */
static int32_t number_entry(csv_interning *interning, uint32_t index) {
    entry *found = &interning->entries[index];
    if (found->batch == interning->batch) {
        return found->number;
    }
    if (tf_reserve(&interning->numbered, &interning->numbered_capacity,
                   interning->numbered_count + 1, sizeof *interning->numbered, NULL)) {
        return -1;
    }
    found->batch = interning->batch;
    found->number = (int32_t)interning->numbered_count;
    interning->numbered[interning->numbered_count++] = index;
    interning->numbered_bytes += found->length;
    return found->number;
}

int32_t tf_csv_intern(csv_interning *interning, const char *text, size_t length) {
    uint64_t hash = hash_text(text, length);
    size_t slot = hash & (interning->slot_count - 1);
    for (; interning->slots[slot]; slot = (slot + 1) & (interning->slot_count - 1)) {
        uint32_t index = interning->slots[slot] - 1;
        const entry *met = &interning->entries[index];
        if (met->hash == hash && met->length == length &&
            csv_same_text(interning->bytes + met->start, text, length)) {
            return number_entry(interning, index);
        }
    }
    int64_t added = add_entry(interning, text, length, hash);
    return added < 0 ? -1 : number_entry(interning, (uint32_t)added);
}

tf_status tf_csv_interning_take(csv_interning *interning, tf_column *dictionary_out) {
    size_t count = interning->numbered_count;
    int32_t *offsets = tf_alloc(count + 1, sizeof *offsets);
    char *bytes = tf_alloc(interning->numbered_bytes, 1);
    char *name = tf_copy_text("", 0);
    if (!offsets || !bytes || !name) {
        tf_free(offsets);
        tf_free(bytes);
        tf_free(name);
        return TF_NO_MEMORY;
    }
    int32_t at = 0;
    for (size_t i = 0; i < count; i++) {
        const entry *text = &interning->entries[interning->numbered[i]];
        offsets[i] = at;
        memcpy(bytes + at, interning->bytes + text->start, text->length);
        at += (int32_t)text->length;
    }
    offsets[count] = at;
    *dictionary_out = (tf_column){.name = name,
                                  .type = TF_TYPE_TEXT,
                                  .length = (int64_t)count,
                                  .values = bytes,
                                  .offsets = offsets};
    return TF_OK;
}
