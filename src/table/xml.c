#include "xml_internal.h"

#include "trefoil/base/memory.h"

#include <expat.h>
#include <limits.h>

enum {
    DEEPEST = 100,
    PIECE_SIZE = 64 * 1024,
    LONGEST_MARKUP = 1024 * 1024, /* expat keeps a tag until it is complete */
};

typedef struct reading {
    XML_Parser parser;
    tf_source *source;
    const tf_xml_handler *handler;
    int depth;
    bool has_progressed; /* some handler was called for the current piece */
    tf_status status;
    tf_error *error;
} reading;

static void *allocate(size_t size) {
    return tf_alloc(size, 1);
}

static void *reallocate(void *memory, size_t size) {
    return tf_realloc(memory, size, 1);
}

static void stop(reading *xml, tf_status status) {
    xml->status = status;
    if (status) {
        (void)XML_StopParser(xml->parser, XML_FALSE);
    }
}

static tf_status fail_here(reading *xml, const char *reason) {
    return tf_fail(xml->error, TF_BAD_INPUT, tf_source_name(xml->source),
                   (int64_t)XML_GetCurrentLineNumber(xml->parser),
                   "the XML cannot be read: %s; save the file again in the program it comes from",
                   reason);
}

static const char *without_prefix(const char *name) {
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

const char *tf_xml_attribute(const char *const *attributes, const char *name) {
    for (; *attributes; attributes += 2) {
        if (strcmp(without_prefix(attributes[0]), name) == 0) {
            return attributes[1];
        }
    }
    return NULL;
}

/* Expat may call once more after it was stopped. */
static bool has_stopped(reading *xml) {
    xml->has_progressed = true;
    return xml->status != TF_OK;
}

static void on_open(void *context, const XML_Char *name, const XML_Char **attributes) {
    reading *xml = context;
    if (has_stopped(xml)) {
        return;
    }
    name = without_prefix(name);
    xml->depth++;
    if (xml->depth == 1 && strcmp(name, xml->handler->root) != 0) {
        stop(xml, fail_here(xml, "it holds another kind of document than it should"));
    } else if (xml->depth > DEEPEST) {
        stop(xml, fail_here(xml, "its elements are more than 100 deep"));
    } else {
        stop(xml, xml->handler->on_open(xml->handler->context, name,
                                        (const char *const *)attributes, xml->error));
    }
}

static void on_close(void *context, const XML_Char *name) {
    reading *xml = context;
    if (has_stopped(xml)) {
        return;
    }
    xml->depth--;
    if (xml->handler->on_close) {
        stop(xml, xml->handler->on_close(xml->handler->context, without_prefix(name), xml->error));
    }
}

static void on_text(void *context, const XML_Char *text, int length) {
    reading *xml = context;
    if (!has_stopped(xml) && xml->handler->on_text) {
        stop(xml, xml->handler->on_text(xml->handler->context, (tf_text){text, (size_t)length},
                                        xml->error));
    }
}

static void on_doctype(void *context, const XML_Char *name, const XML_Char *system_id,
                       const XML_Char *public_id, int has_internal_subset) {
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_internal_subset;
    reading *xml = context;
    if (!has_stopped(xml)) {
        stop(xml, fail_here(xml, "it has a document type declaration, which may hide an attack"));
    }
}

/* Parse the next piece of the source; *is_last_out tells that it was the last. */
static tf_status read_piece(reading *xml, bool *is_last_out) {
    void *piece = XML_GetBuffer(xml->parser, PIECE_SIZE);
    if (!piece) {
        return tf_fail_no_memory(xml->error);
    }
    size_t length;
    tf_status status = tf_source_read(xml->source, piece, PIECE_SIZE, &length, xml->error);
    if (status) {
        return status;
    }
    *is_last_out = length < PIECE_SIZE;
    if (XML_ParseBuffer(xml->parser, (int)length, *is_last_out) == XML_STATUS_OK) {
        return TF_OK;
    }
    if (xml->status) {
        return xml->status;
    }
    enum XML_Error fault = XML_GetErrorCode(xml->parser);
    return fault == XML_ERROR_NO_MEMORY ? tf_fail_no_memory(xml->error)
                                        : fail_here(xml, XML_ErrorString(fault));
}

tf_status tf_xml_read(tf_source *source, const tf_xml_handler *handler, tf_error *error) {
    const XML_Memory_Handling_Suite memory = {allocate, reallocate, tf_free};
    reading xml = {.source = source, .handler = handler, .error = error};
    xml.parser = XML_ParserCreate_MM(NULL, &memory, NULL);
    if (!xml.parser) {
        return tf_fail_no_memory(error);
    }
    XML_SetUserData(xml.parser, &xml);
    XML_SetElementHandler(xml.parser, on_open, on_close);
    XML_SetCharacterDataHandler(xml.parser, on_text);
    XML_SetStartDoctypeDeclHandler(xml.parser, on_doctype);
    tf_status status = TF_OK;
    bool is_last = false;
    size_t silent = 0;
    while (!status && !is_last) {
        xml.has_progressed = false;
        status = read_piece(&xml, &is_last);
        silent = xml.has_progressed ? 0 : silent + PIECE_SIZE;
        if (!status && silent > LONGEST_MARKUP) {
            status = fail_here(&xml, "one tag or comment is longer than 1 MiB");
        }
    }
    XML_ParserFree(xml.parser);
    return status;
}
