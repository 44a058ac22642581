/* A drawing read back: expat takes it apart, which also shows that it is well-formed. */
#ifndef TREFOIL_TESTS_DRAWN_H
#define TREFOIL_TESTS_DRAWN_H

#include "check.h"

#include "web/chart/chart.h"

enum { DRAWN_MOST = 20000, DRAWN_ATTRIBUTES = 16 };

typedef struct drawn_element {
    char name[24];
    char *attributes[2 * DRAWN_ATTRIBUTES + 1]; /* names and values in turn, then NULL */
    char *text;                                 /* its own and that of what is within it */
    int parent;                                 /* -1: none */
} drawn_element;

typedef struct drawn {
    drawn_element *elements;
    int count;
    int open;
} drawn;

/* Take apart what a chart wrote on a page; fails the test where it is not well-formed. */
drawn drawn_page(const tf_chart *chart);
drawn drawn_file(const tf_chart *chart, tf_chart_style style);
drawn drawn_text_of(const char *text, size_t length);
void drawn_free(drawn *page);

const char *drawn_attribute(const drawn_element *element, const char *name); /* NULL: none */
double drawn_number(const drawn_element *element, const char *name);

/* Of those whose class list has the word, within the svg of class "app-chart--<form>" (NULL:
 * anywhere): how many, and the n-th. */
int drawn_count(const drawn *page, const char *form, const char *class_word);
const drawn_element *drawn_at(const drawn *page, const char *form, const char *class_word, int n);

/* The first text element with exactly this text, which must be there; and whether one is. */
const drawn_element *drawn_label(const drawn *page, const char *form, const char *text);
bool drawn_has_label(const drawn *page, const char *form, const char *text);

/* The n-th element of that name. */
const drawn_element *drawn_named(const drawn *page, const char *name, int n);

/* The numbers of a path, at most `room`; returns how many there are. */
int drawn_path(const drawn_element *element, double *numbers, int room);

/* The description of a chart, to be freed. */
char *drawn_description(const tf_chart *chart);

#endif
