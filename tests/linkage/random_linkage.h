/* Linkages at random: records with few values a column, so that much agrees, and models of any
 * conditions.  Everything depends on the random numbers alone. */
#ifndef TREFOIL_TESTS_LINKAGE_RANDOM_LINKAGE_H
#define TREFOIL_TESTS_LINKAGE_RANDOM_LINKAGE_H

#include "link_fixture.h"

#include "trefoil/base/hash.h"

static const char *const random_conditions[] = {
    "exact(g)",
    "exact(f)",
    "exact(s)",
    "exact(d)",
    "exact(lower(g))",
    "exact(substring(f, 1, 2))",
    "exact(soundex(f))",
    "reversed(g, f)",
    "reversed_left(g, f)",
    "nickname(g)",
    "levenshtein(f) <= 1",
    "osa(f) <= 2",
    "damerau_levenshtein(g) <= 1",
    "jaro(f) >= 0.8",
    "jaro_winkler(g) >= 0.75",
    "jaccard(f) >= 0.5",
    "jaro_winkler(g) >= 0.7 and jaro_winkler(f) >= 0.7",
    "osa(d) <= 1 or day_month_swapped(d)",
    "exact(year(d)) and (exact(month(d)) or exact(day(d)))",
    "days(d) <= 31",
    "months(d) <= 12",
    "years(d) <= 10",
    "difference(n) <= 2",
    "percentage(n) < 0.3",
    "km(n, o) <= 100",
    "intersection(l) >= 2",
    "exact(any(l))",
    "best_pair(l, jaro_winkler) >= 0.8",
    "best_pair(l, levenshtein) <= 1",
    "best_pair(l, jaccard) >= 0.5",
    "literal(s, 'f')",
    "literal_left(s, 'm') and literal_right(s, 'f')",
    "not exact(s)",
    "not (osa(f) <= 3)",
    "missing(s) or exact(g)",
    "missing(f) or (reversed(f, g) and not exact(f))",
    "missing(d) and missing(n)",
    "not (exact(g) and exact(f))",
    "osa(p) <= 2 or exact(substring(p, 1, 3))",
    "jaro_winkler(p) >= 0.9",
};

enum { RANDOM_CONDITIONS = sizeof random_conditions / sizeof *random_conditions };

static inline const char *pick(tf_random *random, const char *const *items, uint32_t count) {
    return items[tf_random_below(random, count)];
}

#define PICK(random, items) pick(random, items, sizeof items / sizeof *items)

/* One record's cells without the id, among them a source and a column that is the same for all. */
static inline void random_row(tf_random *random, tf_buffer *out) {
    static const char *const given[] = {"anna",       "Anna", "ann", "robert", "bob", "rob",
                                        "zo\xC3\xAB", "zoe",  "li",  "smith",  "",    "annabel"};
    static const char long_name[] =
        "featherstonehaugh-cholmondeley-marjoribanks-and-sons-of-the-older-line-in-the-north";
    static const char *const family[] = {"smith", "smyth",   "smiht",         "anna",
                                         "jones", "jonas",   "muller",        "li",
                                         "",      "o'neill", "m\xC3\xBCller", long_name};
    static const char *const sexes[] = {"f", "m", "", "f", "m"};
    static const char *const dates[] = {"2001-02-03", "2001-03-02", "2001-02-04", "1999-12-31",
                                        "2001-02-30", "",           "2002-02-03", "1990-01-01"};
    static const char *const numbers[] = {"1", "1.0", "3", "-2", "0", "x", "", "51.5"};
    static const char *const lists[] = {"heron|kite", "kite|heron",     "owl",      "owl;kyte", "",
                                        "[]",         "heron|kite|owl", "tern|tern"};
    static const char *const sources[] = {"alpha", "beta", "gamma"};
    static const char *const postcodes[] = {"QA1 1AA", "QA1 1AB", "QA2 1AA", "QB1 9ZZ", "", "QA1"};
    tf_buffer_format(out, "%s,%s,%s,%s,%s,%s,%s,%s,%s,same\n", PICK(random, sources),
                     PICK(random, given), PICK(random, family), PICK(random, sexes),
                     PICK(random, dates), PICK(random, numbers), PICK(random, numbers),
                     PICK(random, lists), PICK(random, postcodes));
}

static const char random_header[] = "id,from,g,f,s,d,n,o,l,p,one\n";

static inline char *take_text(tf_buffer *buffer) {
    assert_false(buffer->failed);
    char *text = malloc(buffer->length + 1);
    assert_non_null(text);
    memcpy(text, buffer->data, buffer->length);
    text[buffer->length] = '\0';
    tf_buffer_deinit(buffer);
    return text;
}

/* Freed with free. */
static inline char *random_csv(tf_random *random, int count) {
    tf_buffer out;
    tf_buffer_init(&out);
    tf_buffer_append_text(&out, random_header);
    for (int i = 0; i < count; i++) {
        tf_buffer_format(&out, "%d,", i + 1);
        random_row(random, &out);
    }
    return take_text(&out);
}

static inline void random_level(tf_random *random, tf_buffer *out) {
    static const char *const columns[] = {"g", "f", "p", "s"};
    tf_buffer_format(out, "{\"when\": \"%s\", \"m\": %g, \"u\": %g",
                     PICK(random, random_conditions), 0.001 + 0.9 * tf_random_unit(random),
                     0.0001 + 0.5 * tf_random_unit(random));
    if (tf_random_below(random, 4) == 0) {
        tf_buffer_format(out,
                         ", \"term_frequency\": {\"column\": \"%s\", \"weight\": %g, "
                         "\"minimum_u\": %g, \"own_u\": true}",
                         PICK(random, columns), tf_random_unit(random) * 2 - 0.5,
                         tf_random_unit(random) * 0.1);
    }
    tf_buffer_append_text(out, "},");
}

/* Settings of so many comparisons with the blocking rules of a JSON list; freed with free. */
static inline char *random_settings(tf_random *random, const char *link_type, const char *blocking,
                                    int comparison_count) {
    tf_buffer out;
    tf_buffer_init(&out);
    tf_buffer_format(&out,
                     "{\"format\": \"trefoil-link\", \"link_type\": \"%s\", \"prior\": 0.01, "
                     "\"text\": \"%s\", \"blocking\": %s, \"comparisons\": [",
                     link_type, tf_random_below(random, 2) ? "letters" : "bytes", blocking);
    for (int c = 0; c < comparison_count; c++) {
        uint32_t levels = 1 + tf_random_below(random, 5);
        tf_buffer_format(&out, "%s{\"name\": \"c%d\", \"levels\": [", c ? "," : "", c);
        if (tf_random_below(random, 2)) {
            static const char *const nulls[] = {"missing(g)", "missing(f)", "missing(s)",
                                                "missing(g) and missing(f)"};
            tf_buffer_format(&out, "{\"when\": \"%s\", \"null\": true},", PICK(random, nulls));
        }
        for (uint32_t i = 0; i < levels; i++) {
            random_level(random, &out);
        }
        tf_buffer_format(&out, "{\"when\": \"else\", \"m\": %g, \"u\": %g}]}",
                         0.001 + 0.2 * tf_random_unit(random), 0.3 + 0.6 * tf_random_unit(random));
    }
    tf_buffer_append_text(&out, "]}");
    return take_text(&out);
}

#endif
