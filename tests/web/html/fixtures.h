/* Components against the fixtures of govuk-frontend: each fixture's options, read into our struct
 * and written, must give the tree of its HTML, and an option that nobody read fails the test. */
#ifndef TREFOIL_TESTS_WEB_HTML_FIXTURES_H
#define TREFOIL_TESTS_WEB_HTML_FIXTURES_H

#include "web/html/component.h"

#include <stddef.h>

/* An object among the options of a fixture.  What the functions below give lives until its test
 * ends; a value of a type that was not asked for fails the test.  Each marks what it reads as
 * read.  Of an empty object everything is absent. */
typedef struct options {
    const void *object;
} options;

/* A component's fixtures, and how one is read and written with our own function. */
typedef struct fixture_component {
    const char *name; /* its folder in the package */
    void (*write)(tf_html *html, options given);
} fixture_component;

/* Whether the key is there, whatever its value; this alone does not mark it as read. */
bool options_has(options given, const char *key);

/* A text; a number as text, true and false spelt out; NULL where absent or null. */
const char *options_text(options given, const char *key);

bool options_flag(options given, const char *key); /* absent is false */
tf_answer options_answer(options given, const char *key);
int options_int(options given, const char *key); /* absent is 0 */

/* The markup of `html_key` if it has any, else the text of `text_key`. */
tf_content options_content(options given, const char *text_key, const char *html_key);

/* Fill an attributes member from `attributes` of the options. */
void options_attributes(options given, const char *key, tf_attribute *attributes_out);

/* An object; empty where absent or false. */
options options_object(options given, const char *key);

/* An array: its length, 0 where absent, and its elements; one that is no object (null, false, "")
 * is empty and options_is_object is false of it. */
size_t options_count(options given, const char *key);
options options_item(options given, const char *key, size_t index);
const char *options_item_text(options given, const char *key, size_t index);
bool options_is_object(options given);

/* Whether an option that may be of two kinds is an object. */
bool options_is_object_at(options given, const char *key);

/* An array of arrays: the length of one of them, 0 where it is null or false, and its elements. */
size_t options_row_length(options given, const char *key, size_t row);
options options_cell(options given, const char *key, size_t row, size_t column);

/* `count` zeroed things of a size, for arrays of items. */
void *options_alloc(size_t count, size_t size);

/* Run every fixture of each component as one test; main returns what this returns. */
int run_fixtures(const fixture_component *components, size_t count);

#define RUN_FIXTURES(components)                                                                   \
    run_fixtures((components), sizeof(components) / sizeof *(components))

#endif
