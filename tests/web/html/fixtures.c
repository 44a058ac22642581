#include "fixtures.h"

#include "check.h"
#include "html_tree.h"

#include "trefoil/base/memory.h"

#include <jansson.h>

typedef struct one_fixture {
    const fixture_component *component;
    const json_t *json; /* borrowed from the component's file */
} one_fixture;

typedef struct reading {
    const json_t *object;
    const char *key;
} reading;

/* Of the test that runs. */
static tf_arena *arena;
static reading *readings;
static size_t reading_count, reading_capacity;
static const char *text_ending; /* added to each text of the options, and put for their markup */

void *options_alloc(size_t count, size_t size) {
    char *memory = tf_arena_alloc(arena, count ? count : 1, size);
    assert_non_null(memory);
    return memset(memory, 0, count * size);
}

/* ---- options ---- */

static const json_t *get(options given, const char *key) {
    return given.object ? json_object_get(given.object, key) : NULL;
}

static bool is_read(const json_t *object, const char *key) {
    for (size_t i = 0; i < reading_count; i++) {
        if (readings[i].object == object && strcmp(readings[i].key, key) == 0) {
            return true;
        }
    }
    return false;
}

static const json_t *read_key(options given, const char *key) {
    const json_t *value = get(given, key);
    if (value && !is_read(given.object, key)) {
        assert_int_equal(
            tf_reserve(&readings, &reading_capacity, reading_count + 1, sizeof *readings, NULL),
            TF_OK);
        readings[reading_count++] = (reading){given.object, key};
    }
    return value;
}

static _Noreturn void refuse(const char *key, const char *expected) {
    fail_msg("option %s is not %s", key, expected);
    abort();
}

bool options_has(options given, const char *key) {
    return get(given, key) != NULL;
}

static const char *text_of(const json_t *value, const char *key) {
    if (!value || json_is_null(value)) {
        return NULL;
    }
    if (json_is_integer(value)) {
        char *text = tf_arena_format(arena, "%lld", (long long)json_integer_value(value));
        assert_non_null(text);
        return text;
    }
    if (json_is_boolean(value)) {
        return json_is_true(value) ? "true" : "false";
    }
    if (!json_is_string(value)) {
        refuse(key, "a text");
    }
    const char *text = json_string_value(value);
    char *longer = *text ? tf_arena_format(arena, "%s%s", text, text_ending) : "";
    assert_non_null(longer);
    return longer;
}

const char *options_text(options given, const char *key) {
    return text_of(read_key(given, key), key);
}

tf_answer options_answer(options given, const char *key) {
    const json_t *value = read_key(given, key);
    if (!value || json_is_null(value)) {
        return TF_UNSAID;
    }
    if (!json_is_boolean(value)) {
        refuse(key, "true or false");
    }
    return json_is_true(value) ? TF_YES : TF_NO;
}

bool options_flag(options given, const char *key) {
    return options_answer(given, key) == TF_YES;
}

int options_int(options given, const char *key) {
    const json_t *value = read_key(given, key);
    if (!value) {
        return 0;
    }
    if (!json_is_integer(value)) {
        refuse(key, "a whole number");
    }
    return (int)json_integer_value(value);
}

static void write_markup(tf_html *html, const void *data) {
    tf_html_markup(html, (tf_markup){tf_text_of(data)});
}

tf_content options_content(options given, const char *text_key, const char *html_key) {
    const json_t *markup = html_key ? read_key(given, html_key) : NULL;
    const char *text = text_key ? options_text(given, text_key) : NULL;
    if (markup && !json_is_string(markup) && !json_is_false(markup) && !json_is_null(markup)) {
        refuse(html_key, "markup");
    }
    if (json_string_length(markup) > 0 && *text_ending) {
        return (tf_content){.text = text_ending};
    }
    if (json_string_length(markup) > 0) {
        return (tf_content){.write = write_markup, .data = json_string_value(markup)};
    }
    return (tf_content){.text = text};
}

void options_attributes(options given, const char *key, tf_attribute *attributes_out) {
    options attributes = options_object(given, key);
    const char *name = NULL;
    json_t *value = NULL;
    size_t count = 0;
    json_object_foreach((json_t *)attributes.object, name, value) {
        if (count == TF_MAX_ATTRIBUTES) {
            refuse(key, "a list of so few attributes as our components take");
        }
        attributes_out[count++] = (tf_attribute){name, options_text(attributes, name)};
    }
}

options options_object(options given, const char *key) {
    const json_t *value = read_key(given, key);
    if (value && !json_is_object(value) && !json_is_false(value) && !json_is_null(value)) {
        refuse(key, "an object");
    }
    return (options){json_is_object(value) ? value : NULL};
}

size_t options_count(options given, const char *key) {
    const json_t *value = read_key(given, key);
    if (value && !json_is_array(value)) {
        refuse(key, "a list");
    }
    return json_array_size(value);
}

/* An object, or nothing where something like null stands in its place. */
static options object_of(const json_t *item, const char *key) {
    bool is_nothing = json_is_null(item) || json_is_false(item) ||
                      (json_is_string(item) && json_string_length(item) == 0);
    if (!json_is_object(item) && !is_nothing) {
        refuse(key, "a list of objects");
    }
    return (options){json_is_object(item) ? item : NULL};
}

options options_item(options given, const char *key, size_t index) {
    return object_of(json_array_get(get(given, key), index), key);
}

size_t options_row_length(options given, const char *key, size_t row) {
    return json_array_size(json_array_get(get(given, key), row));
}

options options_cell(options given, const char *key, size_t row, size_t column) {
    const json_t *cells = json_array_get(get(given, key), row);
    return object_of(json_array_get(cells, column), key);
}

const char *options_item_text(options given, const char *key, size_t index) {
    return text_of(json_array_get(get(given, key), index), key);
}

bool options_is_object(options given) {
    return given.object != NULL;
}

bool options_is_object_at(options given, const char *key) {
    return json_is_object(get(given, key));
}

/* ---- running ---- */

/* Print the path of each option below that nobody read: how many there are. */
static int count_unread(const json_t *json, const char *path) {
    int count = 0;
    const char *key = NULL;
    json_t *value = NULL;
    size_t index = 0;
    char below[300];
    json_object_foreach((json_t *)json, key, value) {
        snprintf(below, sizeof below, "%s.%s", path, key);
        if (is_read(json, key)) {
            count += count_unread(value, below);
        } else {
            fprintf(stderr, "option %s is not read\n", below + 1);
            count++;
        }
    }
    json_array_foreach((json_t *)json, index, value) {
        snprintf(below, sizeof below, "%s[%zu]", path, index);
        count += count_unread(value, below);
    }
    return count;
}

static json_t *read_file(const char *component) {
    const char *package = getenv("TREFOIL_GOVUK");
    char path[1000];
    snprintf(path, sizeof path, "%s/dist/govuk/components/%s/fixtures.json",
             package ? package : "assets/node_modules/govuk-frontend", component);
    if (access(path, R_OK) != 0) {
        return NULL;
    }
    json_error_t error;
    json_t *file = json_load_file(path, 0, &error);
    if (!file || !json_array_size(json_object_get(file, "fixtures"))) {
        fprintf(stderr, "%s: no fixtures: %s\n", path, file ? "" : error.text);
        exit(1);
    }
    return file;
}

static void append_replaced(const char *text, const char *what, const char *with, tf_buffer *out) {
    const char *place = NULL;
    while ((place = strstr(text, what)) != NULL) {
        tf_buffer_append(out, text, (size_t)(place - text));
        tf_buffer_append_text(out, with);
        text = place + strlen(what);
    }
    tf_buffer_append_text(out, text);
}

static void write_fixture(const one_fixture *fixture, const char *ending, tf_buffer *out) {
    tf_html html;
    text_ending = ending;
    tf_buffer_append_text(out, "");
    tf_html_init(&html, out);
    fixture->component->write(&html, (options){json_object_get(fixture->json, "options")});
    assert_int_equal(html.depth, 0);
    assert_false(out->failed);
}

static void test_fixture(void **state) {
    const one_fixture *fixture = *state;
    arena = tf_arena_new();
    assert_non_null(arena);
    tf_buffer buffer;
    tf_buffer_init(&buffer);
    write_fixture(fixture, "", &buffer);
    tf_text expected = tf_text_of(json_string_value(json_object_get(fixture->json, "html")));
    bool is_same = html_tree_is_same(expected, (tf_text){buffer.data, buffer.length});
    tf_buffer_deinit(&buffer);
    assert_true(is_same);
    assert_int_equal(count_unread(json_object_get(fixture->json, "options"), ""), 0);
}

/* Whatever a text ends with, the tree is that of one that ends with plain letters. */
static void test_hostile_texts(void **state) {
    static const char hostile[] = "'\"></p></textarea></title><!--<script>alert(1)</script>&lt;";
    static const char plain[] = "plain";
    const fixture_component *component = ((const one_fixture *)*state)->component;
    const json_t *json = NULL;
    size_t index = 0;
    json_t *file = read_file(component->name);
    arena = tf_arena_new();
    assert_non_null(arena);
    json_array_foreach(json_object_get(file, "fixtures"), index, json) {
        one_fixture fixture = {component, json};
        tf_buffer written[2], trees[2], replaced;
        tf_buffer_init(&replaced);
        for (int i = 0; i < 2; i++) {
            tf_buffer_init(&written[i]);
            tf_buffer_init(&trees[i]);
            tf_buffer_append_text(&trees[i], "");
            write_fixture(&fixture, i ? hostile : plain, &written[i]);
            html_tree_append((tf_text){written[i].data, written[i].length}, &trees[i]);
        }
        append_replaced(trees[1].data, hostile, plain, &replaced);
        assert_string_equal(replaced.data, trees[0].data);
        assert_null(strstr(written[1].data, "<script"));
        for (int i = 0; i < 2; i++) {
            tf_buffer_deinit(&written[i]);
            tf_buffer_deinit(&trees[i]);
        }
        tf_buffer_deinit(&replaced);
    }
    json_decref(file);
}

static void skip_fixtures(void **state) {
    (void)state;
    SKIP_TEST("no govuk-frontend at TREFOIL_GOVUK");
}

static int forget_readings(void **state) {
    (void)state;
    reading_count = 0;
    tf_arena_free(arena);
    arena = NULL;
    text_ending = "";
    return 0;
}

static void add_test(tf_arena *names, const one_fixture *fixture, const char *name,
                     CMUnitTestFunction function, struct CMUnitTest *test_out) {
    *test_out = (struct CMUnitTest){
        .name = tf_arena_format(names, "%s: %s", fixture->component->name, name),
        .test_func = function,
        .teardown_func = forget_readings,
        .initial_state = (void *)fixture};
}

/* A test for each fixture of the file and one for hostile texts; without a file one that skips. */
static void add_tests(tf_arena *names, const fixture_component *component, const json_t *file,
                      struct CMUnitTest *tests, one_fixture *fixtures, size_t *count) {
    const json_t *list = json_object_get(file, "fixtures");
    for (size_t i = 0; i < json_array_size(list); i++, *count += 1) {
        fixtures[*count] = (one_fixture){component, json_array_get(list, i)};
        add_test(names, &fixtures[*count],
                 json_string_value(json_object_get(fixtures[*count].json, "name")), test_fixture,
                 &tests[*count]);
    }
    fixtures[*count] = (one_fixture){component, NULL};
    add_test(names, &fixtures[*count], file ? "hostile text stays text" : "all fixtures",
             file ? test_hostile_texts : skip_fixtures, &tests[*count]);
    *count += 1;
}

int run_fixtures(const fixture_component *components, size_t count) {
    enum { MAX_TESTS = 1000, MAX_COMPONENTS = 40 };
    static struct CMUnitTest tests[MAX_TESTS];
    static one_fixture fixtures[MAX_TESTS];
    json_t *files[MAX_COMPONENTS] = {0};
    size_t test_count = 0;
    tf_arena *names = tf_arena_new();
    for (size_t i = 0; i < count; i++) {
        files[i] = read_file(components[i].name);
        add_tests(names, &components[i], files[i], tests, fixtures, &test_count);
    }
    int failed = _cmocka_run_group_tests("fixtures", tests, test_count, NULL, NULL);
    for (size_t i = 0; i < count; i++) {
        json_decref(files[i]);
    }
    tf_free(readings);
    tf_arena_free(names);
    return failed;
}
