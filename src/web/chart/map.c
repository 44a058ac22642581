/* A map of areas in classes, from polygons that are ready to be drawn. */
#include "web/chart/chart_internal.h"

static const double TALLEST = 640;
static const double LEAST = 1e-6; /* of a box that can be scaled to a drawing */
static const double MOST = 1e9;

static bool has_data(const tf_chart *chart) {
    const tf_map_chart *map = &chart->of.map;
    return map->count > 0 && map->width >= LEAST && map->height >= LEAST && map->width <= MOST &&
           map->height <= MOST;
}

static bool has_links(const tf_chart *chart) {
    for (size_t i = 0; i < chart->of.map.count; i++) {
        if (chart->of.map.shapes[i].href) {
            return true;
        }
    }
    return false;
}

static tf_role role_of(int class_number) {
    bool is_class = class_number >= 1 && class_number <= TF_MAP_CLASSES;
    return is_class ? (tf_role)(TF_ROLE_CLASS_1 + class_number - 1) : TF_ROLE_CLASS_NONE;
}

/* ---- outlines ---- */

/* From the map's box to the drawing. */
typedef struct map_placing {
    double factor;
    double x;
    double y;
} map_placing;

static long tenths_of(double place) {
    return lround(fmax(fmin(place, 1e6), -1e6) * 10);
}

/* A number of a path; a minus sign separates by itself. */
static void put_tenths(tf_buffer *path, long tenths, bool is_apart) {
    char text[32];
    long size = labs(tenths);
    snprintf(text, sizeof text, "%s%ld", tenths < 0 ? "-" : is_apart ? "" : " ", size / 10);
    tf_buffer_append_text(path, text);
    if (size % 10 != 0) {
        snprintf(text, sizeof text, ".%ld", size % 10);
        tf_buffer_append_text(path, text);
    }
}

/* Relative steps of tenths: half the bytes of whole places.  Rounding does not add up, as each step
 * starts where the one before ended on paper. */
static void put_ring(tf_buffer *path, const tf_chart_ring *ring, const map_placing *placing) {
    long x = 0, y = 0;
    bool is_begun = false, has_step = false;
    for (size_t i = 0; i < ring->count; i++) {
        double to_x = placing->x + ring->points[2 * i] * placing->factor;
        double to_y = placing->y + ring->points[2 * i + 1] * placing->factor;
        if (isnan(to_x) || isnan(to_y)) {
            continue;
        }
        long step_x = tenths_of(to_x) - x;
        long step_y = tenths_of(to_y) - y;
        if (is_begun && step_x == 0 && step_y == 0) {
            continue;
        }
        const char *command = !is_begun ? "M" : !has_step ? "l" : "";
        tf_buffer_append_text(path, command);
        put_tenths(path, step_x, *command != '\0');
        put_tenths(path, step_y, false);
        has_step = is_begun;
        is_begun = true;
        x += step_x;
        y += step_y;
    }
    if (is_begun) {
        tf_buffer_append_text(path, "z");
    }
}

static void write_rings(tf_drawing *drawing, tf_role role, const tf_chart_ring *rings, size_t count,
                        const map_placing *placing) {
    tf_buffer *path = &drawing->scratch;
    path->length = 0;
    for (size_t i = 0; i < count; i++) {
        put_ring(path, &rings[i], placing);
    }
    if (path->failed || path->length == 0) {
        return;
    }
    tf_html *html = drawing->html;
    tf_html_open(html, "path");
    tf_draw_role(drawing, role);
    tf_html_attribute(html, "fill-rule", "evenodd");
    tf_html_attribute_text(html, "d", (tf_text){path->data, path->length});
    tf_html_close(html, "path");
    path->length = 0;
}

/* ---- drawing ---- */

enum { KEY_MOST = TF_MAP_CLASSES + 1 };

static size_t prepare_key(const tf_map_chart *map, tf_key_entry *key) {
    size_t count = 0;
    if (map->none) {
        key[count++] = (tf_key_entry){TF_ROLE_CLASS_NONE, TF_SHAPE_SQUARE, map->none};
    }
    for (int i = 0; i < TF_MAP_CLASSES; i++) {
        if (map->classes[i]) {
            key[count++] = (tf_key_entry){role_of(i + 1), TF_SHAPE_SQUARE, map->classes[i]};
        }
    }
    return count;
}

static void put_name(const tf_chart_shape *shape, tf_buffer *out) {
    out->length = 0;
    tf_buffer_append_text(out, shape->name ? shape->name : "");
    if (shape->text) {
        tf_buffer_format(out, ": %s", shape->text);
    }
    if (shape->remark) {
        tf_buffer_format(out, ", %s", shape->remark);
    }
}

static void draw_shape(tf_drawing *drawing, const tf_chart_shape *shape,
                       const map_placing *placing) {
    tf_html *html = drawing->html;
    bool is_linked = shape->href && !drawing->is_file;
    tf_html_open(html, is_linked ? "a" : "g");
    if (is_linked) {
        tf_html_attribute(html, "href", shape->href);
    }
    put_name(shape, &drawing->scratch);
    tf_html_element(html, "title", NULL, tf_buffer_text(&drawing->scratch));
    write_rings(drawing, role_of(shape->class_number), shape->rings, shape->ring_count, placing);
    tf_html_close(html, is_linked ? "a" : "g");
}

static void draw(tf_drawing *drawing) {
    const tf_map_chart *map = &drawing->chart->of.map;
    tf_key_entry key[KEY_MOST];
    size_t key_count = prepare_key(map, key);
    double margin = 1.5; /* half of a line along the edge */
    double room = drawing->width - 2 * margin;
    map_placing placing = {.factor = fmin(room / map->width, TALLEST / map->height)};
    placing.x = (drawing->width - map->width * placing.factor) / 2;
    placing.y = margin;
    if (drawing->is_file) {
        double name = map->unit.name ? tf_line_height(drawing) : 0;
        placing.y += name + tf_key_height(drawing, key, key_count);
    }
    tf_drawing_begin(drawing, placing.y + map->height * placing.factor + margin);
    if (drawing->is_file) {
        tf_draw_text_within(drawing, TF_ROLE_LABEL_MUTED, TF_ANCHOR_START, 0, drawing->size,
                            drawing->width, map->unit.name);
        tf_draw_key(drawing, key, key_count, map->unit.name ? tf_line_height(drawing) : 0);
    }
    for (size_t i = 0; i < map->count; i++) {
        draw_shape(drawing, &map->shapes[i], &placing);
    }
    write_rings(drawing, TF_ROLE_OUTLINE, map->outline, map->outline_count, &placing);
}

static void write_legend(tf_html *html, const tf_chart *chart) {
    const tf_map_chart *map = &chart->of.map;
    tf_key_entry key[KEY_MOST];
    size_t count = prepare_key(map, key);
    if (map->unit.name) {
        tf_html_element(html, "p", "govuk-body-s app-legend__title", map->unit.name);
    }
    tf_html_open(html, "ul");
    tf_html_attribute(html, "class", "app-legend");
    for (size_t i = 0; i < count; i++) {
        tf_html_open(html, "li");
        tf_html_attribute(html, "class", "app-legend__item");
        tf_html_open(html, "span");
        if (key[i].role == TF_ROLE_CLASS_NONE) {
            tf_html_attribute(html, "class", "app-legend__key app-legend__key--none");
        } else {
            tf_html_attribute_format(html, "class", "app-legend__key app-legend__key--%d",
                                     (int)key[i].role - (int)TF_ROLE_CLASS_1 + 1);
        }
        tf_html_close(html, "span");
        tf_html_text(html, key[i].text);
        tf_html_close(html, "li");
    }
    tf_html_close(html, "ul");
}

/* ---- words ---- */

static void describe(const tf_chart *chart, tf_buffer *out) {
    const tf_map_chart *map = &chart->of.map;
    size_t counts[TF_MAP_CLASSES + 1] = {0};
    int highest = 0;
    for (size_t i = 0; i < map->count; i++) {
        int number = map->shapes[i].class_number;
        number = number >= 1 && number <= TF_MAP_CLASSES ? number : 0;
        counts[number]++;
        highest = number > highest ? number : highest;
    }
    tf_buffer_format(out, "A map of %zu %s in classes: ", map->count,
                     map->count == 1 ? "area" : "areas");
    tf_name_list list = {.out = out, .most = TF_MAP_CLASSES + 1};
    for (int i = 0; i <= TF_MAP_CLASSES; i++) {
        list.count += counts[i] > 0;
    }
    for (int i = TF_MAP_CLASSES; i >= 0; i--) {
        const char *name = i > 0 ? map->classes[i - 1] : map->none;
        if (counts[i] > 0 && tf_name_list_next(&list)) {
            tf_buffer_format(out, "%zu with %s", counts[i], name ? name : "no class");
        }
    }
    tf_buffer_append_text(out, ".");
    if (highest == 0) {
        return;
    }
    tf_name_list names = {.out = out, .count = counts[highest], .most = 5};
    tf_buffer_append_text(out, " In the highest class: ");
    for (size_t i = 0; i < map->count; i++) {
        const tf_chart_shape *shape = &map->shapes[i];
        if (shape->class_number == highest && tf_name_list_next(&names)) {
            tf_buffer_append_text(out, shape->name ? shape->name : "");
            if (shape->text) {
                tf_buffer_format(out, " (%s)", shape->text);
            }
        }
    }
    tf_name_list_end(&names);
    tf_buffer_append_text(out, ".");
}

static void write_rows(tf_html *html, const tf_chart *chart) {
    const tf_map_chart *map = &chart->of.map;
    const tf_table_column columns[] = {
        {map->heading, false}, {map->unit.name, false}, {"Class", false}, {"Remark", false}};
    tf_table_begin(html, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < map->count; i++) {
        const tf_chart_shape *shape = &map->shapes[i];
        bool is_class = shape->class_number >= 1 && shape->class_number <= TF_MAP_CLASSES;
        tf_table_row_begin(html, shape->name, shape->href);
        tf_table_remark(html, shape->text);
        tf_table_remark(html, is_class ? map->classes[shape->class_number - 1] : map->none);
        tf_table_remark(html, shape->remark);
        tf_table_row_end(html);
    }
    tf_table_end(html);
}

const tf_chart_methods tf_map_methods = {has_data, has_links,  draw,
                                         describe, write_rows, write_legend};
