#include "fixtures.h"

#include "check.h"
#include "html_tree.h"

#include "trefoil/base/memory.h"

#include <jansson.h>

typedef struct fixture {
    const fixture_component *component;
    const json_t *json; /* borrowed from the component's file */
} fixture;

typedef struct reading {
    const json_t *object;
    const char *key;
} reading;

/* Of the test that runs. */
static tf_arena *arena;
static reading *readings;
static size_t reading_count, reading_capacity;

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
    return json_string_value(value);
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

options options_item(options given, const char *key, size_t index) {
    const json_t *item = json_array_get(get(given, key), index);
    bool is_nothing = json_is_null(item) || json_is_false(item) ||
                      (json_is_string(item) && json_string_length(item) == 0);
    if (!json_is_object(item) && !is_nothing) {
        refuse(key, "a list of objects");
    }
    return (options){json_is_object(item) ? item : NULL};
}

const char *options_item_text(options given, const char *key, size_t index) {
    return text_of(json_array_get(get(given, key), index), key);
}

bool options_is_object(options given) {
    return given.object != NULL;
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

static void compare(const char *expected, tf_text actual) {
    tf_buffer expected_tree, actual_tree;
    tf_buffer_init(&expected_tree);
    tf_buffer_init(&actual_tree);
    tf_buffer_append_text(&expected_tree, "");
    tf_buffer_append_text(&actual_tree, "");
    html_tree_append(tf_text_of(expected), &expected_tree);
    html_tree_append(actual, &actual_tree);
    bool is_equal = strcmp(expected_tree.data, actual_tree.data) == 0;
    if (!is_equal) {
        html_tree_print_difference(expected_tree.data, actual_tree.data);
        fprintf(stderr, "-- the fixture\n%s\n-- written\n%.*s\n", expected, TF_TEXT_ARG(actual));
    }
    tf_buffer_deinit(&expected_tree);
    tf_buffer_deinit(&actual_tree);
    if (!is_equal) {
        fail();
    }
}

static void test_fixture(void **state) {
    const fixture *fixture = *state;
    if (!fixture->json) {
        SKIP_TEST("no govuk-frontend at TREFOIL_GOVUK");
    }
    arena = tf_arena_new();
    assert_non_null(arena);
    options given = {json_object_get(fixture->json, "options")};
    tf_buffer buffer;
    tf_buffer_init(&buffer);
    tf_buffer_append_text(&buffer, "");
    tf_html html;
    tf_html_init(&html, &buffer);
    fixture->component->write(&html, given);
    assert_int_equal(html.depth, 0);
    assert_false(buffer.failed);
    compare(json_string_value(json_object_get(fixture->json, "html")),
            (tf_text){buffer.data, buffer.length});
    assert_int_equal(count_unread(given.object, ""), 0);
    tf_buffer_deinit(&buffer);
}

static int forget_readings(void **state) {
    (void)state;
    reading_count = 0;
    tf_arena_free(arena);
    arena = NULL;
    return 0;
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

/* A test for each fixture of the file; one that is skipped if there is no file. */
static void add_tests(tf_arena *names, const fixture_component *component, const json_t *file,
                      struct CMUnitTest *tests, fixture *fixtures, size_t *count) {
    size_t fixture_count = file ? json_array_size(json_object_get(file, "fixtures")) : 1;
    for (size_t i = 0; i < fixture_count; i++) {
        const json_t *json = json_array_get(json_object_get(file, "fixtures"), i);
        const char *name = json_string_value(json_object_get(json, "name"));
        fixtures[*count] = (fixture){component, json};
        tests[*count] = (struct CMUnitTest){
            .name = tf_arena_format(names, "%s: %s", component->name, name ? name : "fixtures"),
            .test_func = test_fixture,
            .teardown_func = forget_readings,
            .initial_state = &fixtures[*count]};
        *count += 1;
    }
}

int run_fixtures(const fixture_component *components, size_t count) {
    enum { MAX_TESTS = 1000, MAX_COMPONENTS = 40 };
    static struct CMUnitTest tests[MAX_TESTS];
    static fixture fixtures[MAX_TESTS];
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
