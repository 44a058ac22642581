#include "trefoil/space/wkb.h"

#include <string.h>

enum { LITTLE_ENDIAN_MARK = 1, POLYGON = 3, MULTIPOLYGON = 6 };

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "numbers are copied as they are in memory; swap them here for a big-endian machine"
#endif

static void write_count(tf_buffer *buffer, int32_t count) {
    tf_buffer_append(buffer, &count, sizeof count);
}

static void write_header(tf_buffer *buffer, uint32_t type) {
    uint8_t mark = LITTLE_ENDIAN_MARK;
    tf_buffer_append(buffer, &mark, sizeof mark);
    tf_buffer_append(buffer, &type, sizeof type);
}

static void write_part(const tf_polygons *area, int32_t part, tf_buffer *buffer) {
    write_header(buffer, POLYGON);
    write_count(buffer, area->part_rings[part + 1] - area->part_rings[part]);
    for (int32_t ring = area->part_rings[part]; ring < area->part_rings[part + 1]; ring++) {
        int32_t start = area->ring_points[ring];
        int32_t count = area->ring_points[ring + 1] - start;
        write_count(buffer, count);
        tf_buffer_append(buffer, area->points + start, (size_t)count * sizeof *area->points);
    }
}

tf_status tf_wkb_write(const tf_polygons *area, tf_buffer *buffer, tf_error *error) {
    tf_status status = tf_polygons_check(area, error);
    if (status) {
        return status;
    }
    if (area->part_count != 1) {
        write_header(buffer, MULTIPOLYGON);
        write_count(buffer, area->part_count);
    }
    for (int32_t part = 0; part < area->part_count; part++) {
        write_part(area, part, buffer);
    }
    return tf_buffer_check(buffer, error);
}

/* The bytes that are left; `is_broken` once more was wanted than there are. */
typedef struct input_cursor {
    const char *at;
    size_t left;
    bool is_broken;
} input_cursor;

static void take(input_cursor *cursor, void *value_out, size_t size) {
    if (size > cursor->left) {
        cursor->is_broken = true;
        cursor->left = 0;
        memset(value_out, 0, size);
        return;
    }
    memcpy(value_out, cursor->at, size);
    cursor->at += size;
    cursor->left -= size;
}

/* Counts are not trusted: a loop over one ends when the bytes do. */
static uint32_t take_count(input_cursor *cursor) {
    uint32_t count;
    take(cursor, &count, sizeof count);
    return count;
}

static uint32_t take_type(input_cursor *cursor) {
    uint8_t mark;
    uint32_t type;
    take(cursor, &mark, sizeof mark);
    take(cursor, &type, sizeof type);
    cursor->is_broken |= mark != LITTLE_ENDIAN_MARK;
    return type;
}

static tf_status take_part(input_cursor *cursor, tf_polygons *area, tf_error *error) {
    uint32_t ring_count = take_count(cursor);
    tf_status status = TF_OK;
    for (uint32_t ring = 0; ring < ring_count && !status && !cursor->is_broken; ring++) {
        uint32_t point_count = take_count(cursor);
        for (uint32_t i = 0; i < point_count && !status && !cursor->is_broken; i++) {
            tf_point point;
            take(cursor, &point, sizeof point);
            status = tf_polygons_add_point(area, point, error);
        }
        status = status ? status : tf_polygons_end_ring(area, error);
    }
    return status ? status : tf_polygons_end_part(area, error);
}

static tf_status take_area(input_cursor *cursor, tf_polygons *area, tf_error *error) {
    uint32_t type = take_type(cursor);
    if (type == POLYGON) {
        return take_part(cursor, area, error);
    }
    cursor->is_broken |= type != MULTIPOLYGON;
    uint32_t part_count = take_count(cursor);
    tf_status status = TF_OK;
    for (uint32_t part = 0; part < part_count && !status && !cursor->is_broken; part++) {
        cursor->is_broken |= take_type(cursor) != POLYGON;
        status = take_part(cursor, area, error);
    }
    return status;
}

tf_status tf_wkb_read(const void *bytes, size_t length, tf_polygons *area_out, tf_error *error) {
    input_cursor cursor = {bytes, length, false};
    *area_out = (tf_polygons){0};
    tf_status status = take_area(&cursor, area_out, error);
    if (!status && (cursor.is_broken || cursor.left)) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "these bytes are not an area that this program stored (well-known "
                         "binary); import the boundaries again");
    }
    if (!status) {
        status = tf_polygons_check(area_out, error);
    }
    if (status) {
        tf_polygons_deinit(area_out);
    }
    return status;
}
