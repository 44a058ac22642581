#include "flatbuffer_internal.h"

#include <assert.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "Arrow data is little endian, as is");

enum { MAXIMUM_FIELDS = 8 };

/* Whether `size` bytes at `start`, aligned to `alignment`, lie in the buffer. */
static bool check(tf_flatbuffer *buffer, size_t start, size_t size, size_t alignment) {
    if (start > buffer->length || size > buffer->length - start || start % alignment != 0) {
        buffer->is_damaged = true;
        return false;
    }
    return true;
}

static uint32_t load_u32(const tf_flatbuffer *buffer, size_t at) {
    uint32_t value;
    memcpy(&value, buffer->bytes + at, sizeof value);
    return value;
}

static uint16_t load_u16(const tf_flatbuffer *buffer, size_t at) {
    uint16_t value;
    memcpy(&value, buffer->bytes + at, sizeof value);
    return value;
}

static int64_t load_i64(const tf_flatbuffer *buffer, size_t at) {
    int64_t value;
    memcpy(&value, buffer->bytes + at, sizeof value);
    return value;
}

static tf_flatbuffer_table table_at(tf_flatbuffer *buffer, size_t start) {
    const tf_flatbuffer_table absent = {0};
    if (!check(buffer, start, 4, 4)) {
        return absent;
    }
    int64_t vtable = (int64_t)start - (int32_t)load_u32(buffer, start);
    if (vtable < 0 || !check(buffer, (size_t)vtable, 4, 2)) {
        buffer->is_damaged = true;
        return absent;
    }
    tf_flatbuffer_table table = {buffer, start, load_u16(buffer, (size_t)vtable + 2),
                                 (size_t)vtable, load_u16(buffer, (size_t)vtable)};
    if (table.vtable_size < 4 || table.vtable_size % 2 != 0 || table.size < 4 ||
        !check(buffer, table.vtable, table.vtable_size, 2) ||
        !check(buffer, start, table.size, 4)) {
        buffer->is_damaged = true;
        return absent;
    }
    return table;
}

/* Follow the link at `at`, which has been checked.  0, where no target can be, is a fault. */
static size_t follow(tf_flatbuffer *buffer, size_t at) {
    uint32_t distance = load_u32(buffer, at);
    if (distance == 0 || distance > buffer->length - at) {
        buffer->is_damaged = true;
        return 0;
    }
    return at + distance;
}

tf_flatbuffer_table tf_flatbuffer_root(tf_flatbuffer *buffer) {
    size_t start = check(buffer, 0, 4, 4) ? follow(buffer, 0) : 0;
    return start ? table_at(buffer, start) : (tf_flatbuffer_table){0};
}

/* Where field `field` of `size` bytes stands, or 0 when it is absent. */
static size_t locate(tf_flatbuffer_table table, size_t field, size_t size) {
    if (!table.buffer || 4 + 2 * field + 2 > table.vtable_size) {
        return 0;
    }
    size_t offset = load_u16(table.buffer, table.vtable + 4 + 2 * field);
    if (offset == 0) {
        return 0;
    }
    if (offset < 4 || offset + size > table.size ||
        !check(table.buffer, table.start + offset, size, size)) {
        table.buffer->is_damaged = true;
        return 0;
    }
    return table.start + offset;
}

int64_t tf_flatbuffer_integer(tf_flatbuffer_table table, size_t field, size_t size,
                              int64_t if_absent) {
    size_t at = locate(table, field, size);
    if (at == 0) {
        return if_absent;
    }
    switch (size) {
    case 1:
        return (int8_t)table.buffer->bytes[at];
    case 2:
        return (int16_t)load_u16(table.buffer, at);
    case 4:
        return (int32_t)load_u32(table.buffer, at);
    default:
        return load_i64(table.buffer, at);
    }
}

tf_flatbuffer_table tf_flatbuffer_subtable(tf_flatbuffer_table table, size_t field) {
    size_t at = locate(table, field, 4);
    size_t start = at ? follow(table.buffer, at) : 0;
    return start ? table_at(table.buffer, start) : (tf_flatbuffer_table){0};
}

tf_text tf_flatbuffer_text(tf_flatbuffer_table table, size_t field) {
    const tf_text absent = {0};
    size_t at = locate(table, field, 4);
    size_t start = at ? follow(table.buffer, at) : 0;
    if (start == 0 || !check(table.buffer, start, 4, 4)) {
        return absent;
    }
    size_t length = load_u32(table.buffer, start);
    if (!check(table.buffer, start + 4, length + 1, 1) ||
        table.buffer->bytes[start + 4 + length] != '\0') {
        table.buffer->is_damaged = true;
        return absent;
    }
    return (tf_text){(const char *)table.buffer->bytes + start + 4, length};
}

tf_flatbuffer_vector tf_flatbuffer_vector_of(tf_flatbuffer_table table, size_t field,
                                             size_t item_size) {
    const tf_flatbuffer_vector absent = {0};
    size_t at = locate(table, field, 4);
    size_t start = at ? follow(table.buffer, at) : 0;
    if (start == 0 || !check(table.buffer, start, 4, 4)) {
        return absent;
    }
    size_t count = load_u32(table.buffer, start);
    size_t alignment = item_size < 8 ? item_size : 8;
    if (count > 0 && !check(table.buffer, start + 4, count * item_size, alignment)) {
        return absent;
    }
    return (tf_flatbuffer_vector){table.buffer, start + 4, count, item_size};
}

tf_flatbuffer_table tf_flatbuffer_vector_table(tf_flatbuffer_vector vector, size_t index) {
    assert(index < vector.count && vector.item_size == 4);
    size_t start = follow(vector.buffer, vector.start + index * 4);
    return start ? table_at(vector.buffer, start) : (tf_flatbuffer_table){0};
}

int64_t tf_flatbuffer_vector_integer(tf_flatbuffer_vector vector, size_t index, size_t member) {
    assert(index < vector.count && 8 * member < vector.item_size);
    return load_i64(vector.buffer, vector.start + index * vector.item_size + 8 * member);
}

void tf_flatbuffer_pad(tf_buffer *out, size_t alignment) {
    static const char zeros[64];
    assert(alignment <= sizeof zeros);
    tf_buffer_append(out, zeros, (alignment - out->length % alignment) % alignment);
}

size_t tf_flatbuffer_add_root(tf_buffer *out) {
    size_t at = out->length;
    tf_buffer_append(out, &(uint32_t){0}, 4);
    return at;
}

size_t tf_flatbuffer_add_table(tf_buffer *out, const tf_flatbuffer_field *fields, size_t count) {
    assert(count <= MAXIMUM_FIELDS);
    uint16_t vtable[2 + MAXIMUM_FIELDS] = {(uint16_t)(4 + 2 * count)};
    uint8_t inline_bytes[4 + 8 * 2 * MAXIMUM_FIELDS] = {0};
    size_t size = 4; /* after the distance to the vtable */
    for (size_t i = 0; i < count; i++) {
        if (fields[i].size == 0) {
            continue;
        }
        size = (size + fields[i].size - 1) / fields[i].size * fields[i].size;
        memcpy(inline_bytes + size, &fields[i].value, fields[i].size);
        vtable[2 + i] = (uint16_t)size;
        size += fields[i].size;
    }
    vtable[1] = (uint16_t)size;
    tf_flatbuffer_pad(out, 8);
    size_t vtable_start = out->length;
    tf_buffer_append(out, vtable, 4 + 2 * count);
    tf_flatbuffer_pad(out, 8);
    size_t start = out->length;
    int32_t distance = (int32_t)(start - vtable_start);
    memcpy(inline_bytes, &distance, sizeof distance);
    tf_buffer_append(out, inline_bytes, size);
    return start;
}

size_t tf_flatbuffer_add_text(tf_buffer *out, tf_text text) {
    tf_flatbuffer_pad(out, 4);
    size_t start = out->length;
    tf_buffer_append(out, &(uint32_t){(uint32_t)text.length}, 4);
    tf_buffer_append(out, text.data, text.length);
    tf_buffer_append(out, "", 1);
    return start;
}

size_t tf_flatbuffer_add_vector(tf_buffer *out, const void *items, size_t count, size_t item_size,
                                size_t *items_out) {
    tf_flatbuffer_pad(out, 8);
    tf_buffer_append(out, &(uint32_t){0}, 4); /* so that the items are aligned, not the count */
    size_t start = out->length;
    tf_buffer_append(out, &(uint32_t){(uint32_t)count}, 4);
    *items_out = out->length;
    if (items) {
        tf_buffer_append(out, items, count * item_size);
    } else {
        for (size_t i = 0; i < count; i++) {
            tf_buffer_append(out, &(uint32_t){0}, 4);
        }
    }
    return start;
}

void tf_flatbuffer_set_link(tf_buffer *out, size_t at, size_t target) {
    if (!out->failed) {
        uint32_t distance = (uint32_t)(target - at);
        memcpy(out->data + at, &distance, sizeof distance);
    }
}

void tf_flatbuffer_link(tf_buffer *out, size_t table, size_t field, size_t target) {
    if (out->failed) {
        return;
    }
    int32_t distance;
    uint16_t offset;
    memcpy(&distance, out->data + table, sizeof distance);
    memcpy(&offset, out->data + table - distance + 4 + 2 * field, sizeof offset);
    assert(offset != 0);
    tf_flatbuffer_set_link(out, table + offset, target);
}
