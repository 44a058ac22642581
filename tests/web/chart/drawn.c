#include "drawn.h"

#include <expat.h>

static char *copy_of(const char *text) {
    char *copy = strdup(text);
    assert_non_null(copy);
    return copy;
}

static void start(void *context, const XML_Char *name, const XML_Char **attributes) {
    drawn *page = context;
    assert_true(page->count < DRAWN_MOST);
    drawn_element *element = &page->elements[page->count];
    snprintf(element->name, sizeof element->name, "%s", name);
    int count = 0;
    for (; attributes[count]; count++) {
        assert_true(count < 2 * DRAWN_ATTRIBUTES);
        element->attributes[count] = copy_of(attributes[count]);
    }
    element->text = copy_of("");
    element->parent = page->open;
    page->open = page->count++;
}

static void end(void *context, const XML_Char *name) {
    (void)name;
    drawn *page = context;
    page->open = page->elements[page->open].parent;
}

static void characters(void *context, const XML_Char *text, int length) {
    drawn *page = context;
    for (int i = page->open; i >= 0; i = page->elements[i].parent) {
        drawn_element *element = &page->elements[i];
        size_t before = strlen(element->text);
        element->text = realloc(element->text, before + (size_t)length + 1);
        assert_non_null(element->text);
        memcpy(element->text + before, text, (size_t)length);
        element->text[before + (size_t)length] = '\0';
    }
}

drawn drawn_text_of(const char *text, size_t length) {
    drawn result = {.elements = calloc(DRAWN_MOST, sizeof *result.elements), .open = -1};
    XML_Parser parser = XML_ParserCreate("UTF-8");
    assert_non_null(result.elements);
    assert_non_null(parser);
    XML_SetUserData(parser, &result);
    XML_SetElementHandler(parser, start, end);
    XML_SetCharacterDataHandler(parser, characters);
    if (XML_Parse(parser, text, (int)length, XML_TRUE) != XML_STATUS_OK) {
        fprintf(stderr, "%s at byte %ld of\n%.*s\n", XML_ErrorString(XML_GetErrorCode(parser)),
                (long)XML_GetCurrentByteIndex(parser), (int)length, text);
        fail();
    }
    XML_ParserFree(parser);
    return result;
}

drawn drawn_page(const tf_chart *chart) {
    tf_buffer buffer;
    tf_html html;
    tf_error error;
    tf_buffer_init(&buffer);
    tf_html_init(&html, &buffer);
    tf_chart_write(&html, chart);
    assert_ok(tf_buffer_check(&buffer, &error), &error);
    assert_int_equal(html.depth, 0);
    drawn result = drawn_text_of(buffer.data, buffer.length);
    tf_buffer_deinit(&buffer);
    return result;
}

drawn drawn_file(const tf_chart *chart, tf_chart_style style) {
    tf_buffer buffer;
    tf_error error;
    tf_buffer_init(&buffer);
    assert_ok(tf_chart_write_svg(chart, style, &buffer, &error), &error);
    drawn result = drawn_text_of(buffer.data, buffer.length);
    tf_buffer_deinit(&buffer);
    return result;
}

void drawn_free(drawn *page) {
    for (int i = 0; i < page->count; i++) {
        for (char **attribute = page->elements[i].attributes; *attribute; attribute++) {
            free(*attribute);
        }
        free(page->elements[i].text);
    }
    free(page->elements);
}

const char *drawn_attribute(const drawn_element *element, const char *name) {
    for (int i = 0; element->attributes[i]; i += 2) {
        if (strcmp(element->attributes[i], name) == 0) {
            return element->attributes[i + 1];
        }
    }
    return NULL;
}

double drawn_number(const drawn_element *element, const char *name) {
    const char *value = drawn_attribute(element, name);
    assert_non_null(value);
    char *rest;
    double number = strtod(value, &rest);
    assert_true(rest != value && *rest == '\0');
    return number;
}

static bool has_word(const char *words, const char *word) {
    size_t length = strlen(word);
    for (const char *at = words; at && (at = strstr(at, word)); at += length) {
        bool starts = at == words || at[-1] == ' ';
        if (starts && (at[length] == '\0' || at[length] == ' ')) {
            return true;
        }
    }
    return false;
}

static bool is_in_form(const drawn *page, int index, const char *form) {
    char word[64];
    snprintf(word, sizeof word, "app-chart--%s", form ? form : "");
    for (int i = index; form && i >= 0; i = page->elements[i].parent) {
        if (has_word(drawn_attribute(&page->elements[i], "class"), word)) {
            return true;
        }
    }
    return form == NULL;
}

const drawn_element *drawn_at(const drawn *page, const char *form, const char *class_word, int n) {
    for (int i = 0; i < page->count; i++) {
        const char *words = drawn_attribute(&page->elements[i], "class");
        if (words && has_word(words, class_word) && is_in_form(page, i, form) && n-- == 0) {
            return &page->elements[i];
        }
    }
    return NULL;
}

int drawn_count(const drawn *page, const char *form, const char *class_word) {
    int count = 0;
    while (drawn_at(page, form, class_word, count)) {
        count++;
    }
    return count;
}

static const drawn_element *find_label(const drawn *page, const char *form, const char *text) {
    for (int i = 0; i < page->count; i++) {
        const drawn_element *element = &page->elements[i];
        if (strcmp(element->name, "text") == 0 && strcmp(element->text, text) == 0 &&
            is_in_form(page, i, form)) {
            return element;
        }
    }
    return NULL;
}

bool drawn_has_label(const drawn *page, const char *form, const char *text) {
    return find_label(page, form, text) != NULL;
}

const drawn_element *drawn_label(const drawn *page, const char *form, const char *text) {
    const drawn_element *element = find_label(page, form, text);
    if (!element) {
        fprintf(stderr, "no label \"%s\"\n", text);
        fail();
    }
    return element;
}

const drawn_element *drawn_named(const drawn *page, const char *name, int n) {
    for (int i = 0; i < page->count; i++) {
        if (strcmp(page->elements[i].name, name) == 0 && n-- == 0) {
            return &page->elements[i];
        }
    }
    return NULL;
}

int drawn_path(const drawn_element *element, double *numbers, int room) {
    const char *at = drawn_attribute(element, "d");
    assert_non_null(at);
    int count = 0;
    while (at && *at) {
        char *rest;
        double number = strtod(at, &rest);
        if (rest == at) {
            at++;
            continue;
        }
        if (count < room) {
            numbers[count] = number;
        }
        count++;
        at = rest;
    }
    return count;
}

char *drawn_description(const tf_chart *chart) {
    tf_buffer buffer;
    tf_error error;
    tf_buffer_init(&buffer);
    tf_chart_describe(chart, &buffer);
    assert_ok(tf_buffer_check(&buffer, &error), &error);
    char *text = copy_of(buffer.data ? buffer.data : "");
    tf_buffer_deinit(&buffer);
    return text;
}
