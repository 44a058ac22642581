#include "structure_internal.h"

#include "artifacts_internal.h"
#include "trefoil/base/date.h"

#include <qpdf/qpdf-c.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_DEPTH = 16, MOST_ATTRIBUTES = 4 };

/* qpdf keeps every handle until it is released; those of one element are released together. */
typedef struct completer {
    qpdf_data qpdf;
    const tf_structure *structure;
    size_t next; /* element */
    struct {
        const char *text;
        qpdf_oh object; /* one for all elements that have it */
    } attributes[MOST_ATTRIBUTES];
    size_t attribute_count;
    tf_error *error;
} completer;

static tf_status fail(completer *completion, const char *what) {
    return tf_fail(completion->error, TF_INTERNAL, NULL, 0, "the document's %s", what);
}

static void set(qpdf_data qpdf, qpdf_oh dictionary, const char *key, qpdf_oh value) {
    qpdf_oh_replace_key(qpdf, dictionary, key, value);
    qpdf_oh_release(qpdf, value);
}

/* ---- elements ---- */

static qpdf_oh attributes_of(completer *completion, const char *text) {
    for (size_t i = 0; i < completion->attribute_count; i++) {
        if (strcmp(completion->attributes[i].text, text) == 0) {
            return completion->attributes[i].object;
        }
    }
    qpdf_oh object =
        qpdf_make_indirect_object(completion->qpdf, qpdf_oh_parse(completion->qpdf, text));
    if (completion->attribute_count < MOST_ATTRIBUTES) {
        completion->attributes[completion->attribute_count].text = text;
        completion->attributes[completion->attribute_count++].object = object;
    }
    return object;
}

static void complete_element(completer *completion, qpdf_oh node, const tf_element *element) {
    qpdf_data qpdf = completion->qpdf;
    if (element->alternative) {
        set(qpdf, node, "/Alt", qpdf_oh_new_unicode_string(qpdf, element->alternative));
    }
    if (element->attributes) {
        qpdf_oh_replace_key(qpdf, node, "/A", attributes_of(completion, element->attributes));
    }
    if (element->has_box) {
        char box[160];
        const double *at = element->box;
        snprintf(box, sizeof box, "<< /O /Layout /Placement /Block /BBox [%.2f %.2f %.2f %.2f] >>",
                 at[0], at[1], at[2], at[3]);
        set(qpdf, node, "/A", qpdf_oh_parse(qpdf, box));
    }
}

/* An element and those below it, in the order in which they were opened. */
static tf_status complete_node(completer *completion, qpdf_oh node, int depth) {
    qpdf_data qpdf = completion->qpdf;
    if (!qpdf_oh_is_dictionary(qpdf, node) || !qpdf_oh_has_key(qpdf, node, "/S")) {
        return TF_OK; /* a reference to content */
    }
    if (completion->next == completion->structure->count || depth > MAX_DEPTH) {
        return fail(completion, "structure has more elements than were made");
    }
    const tf_element *element = &completion->structure->elements[completion->next++];
    qpdf_oh tag = qpdf_oh_get_key(qpdf, node, "/S");
    bool is_same = strcmp(qpdf_oh_get_name(qpdf, tag) + 1, element->tag) == 0;
    qpdf_oh_release(qpdf, tag);
    if (!is_same) {
        return fail(completion, "structure has its elements in another order");
    }
    complete_element(completion, node, element);
    qpdf_oh kids = qpdf_oh_get_key(qpdf, node, "/K");
    tf_status status = TF_OK;
    if (qpdf_oh_is_array(qpdf, kids)) {
        int count = qpdf_oh_get_array_n_items(qpdf, kids);
        for (int i = 0; i < count && !status; i++) {
            qpdf_oh kid = qpdf_oh_get_array_item(qpdf, kids, i);
            status = complete_node(completion, kid, depth + 1);
            qpdf_oh_release(qpdf, kid);
        }
    } else {
        status = complete_node(completion, kids, depth + 1);
    }
    qpdf_oh_release(qpdf, kids);
    return status;
}

static tf_status complete_tree(completer *completion, qpdf_oh root) {
    qpdf_data qpdf = completion->qpdf;
    qpdf_oh tree = qpdf_oh_get_key(qpdf, root, "/StructTreeRoot");
    qpdf_oh kids = qpdf_oh_get_key_if_dict(qpdf, tree, "/K");
    int count = qpdf_oh_is_array(qpdf, kids) ? qpdf_oh_get_array_n_items(qpdf, kids) : 0;
    tf_status status = TF_OK;
    for (int i = 0; i < count && !status; i++) {
        qpdf_oh kid = qpdf_oh_get_array_item(qpdf, kids, i);
        status = complete_node(completion, kid, 0);
        qpdf_oh_release(qpdf, kid);
    }
    if (!status && completion->next != completion->structure->count) {
        status = fail(completion, "structure lacks elements that were made");
    }
    return status;
}

/* ---- fonts ---- */

/* cairo leaves out an entry whose default is the same (ISO 14289-1, 7.21.3.2 wants it). */
static void complete_fonts(completer *completion) {
    qpdf_data qpdf = completion->qpdf;
    qpdf_oh trailer = qpdf_get_trailer(qpdf);
    qpdf_oh size = qpdf_oh_get_key(qpdf, trailer, "/Size");
    int count = qpdf_oh_get_int_value_as_int(qpdf, size);
    for (int i = 1; i < count; i++) {
        qpdf_oh object = qpdf_get_object_by_id(qpdf, i, 0);
        if (qpdf_oh_is_dictionary_of_type(qpdf, object, "/Font", "/CIDFontType2") &&
            !qpdf_oh_has_key(qpdf, object, "/CIDToGIDMap")) {
            set(qpdf, object, "/CIDToGIDMap", qpdf_oh_new_name(qpdf, "/Identity"));
        }
        qpdf_oh_release(qpdf, object);
    }
    qpdf_oh_release(qpdf, size);
    qpdf_oh_release(qpdf, trailer);
}

/* ---- pages ---- */

static tf_status complete_page(completer *completion, size_t number, tf_buffer *scratch) {
    qpdf_data qpdf = completion->qpdf;
    qpdf_oh page = qpdf_get_page_n(qpdf, number);
    unsigned char *content = NULL;
    size_t length = 0;
    if (qpdf_oh_get_page_content_data(qpdf, page, &content, &length) & QPDF_ERRORS) {
        return fail(completion, "pages cannot be read again");
    }
    scratch->length = 0;
    tf_status status =
        tf_artifacts_mark((tf_text){(char *)content, length}, scratch, completion->error);
    free(content);
    if (!status) {
        status = tf_buffer_check(scratch, completion->error);
    }
    if (!status) {
        qpdf_oh stream = qpdf_oh_get_key(qpdf, page, "/Contents");
        qpdf_oh none = qpdf_oh_new_null(qpdf);
        qpdf_oh_replace_stream_data(qpdf, stream, (const unsigned char *)scratch->data,
                                    scratch->length, none, none);
        set(qpdf, page, "/Tabs", qpdf_oh_new_name(qpdf, "/S"));
        qpdf_oh_release(qpdf, none);
        qpdf_oh_release(qpdf, stream);
        qpdf_oh_release(qpdf, page);
    }
    return status;
}

static tf_status complete_pages(completer *completion) {
    tf_buffer scratch;
    tf_buffer_init(&scratch);
    tf_status status = TF_OK;
    int count = qpdf_get_num_pages(completion->qpdf);
    for (int i = 0; i < count && !status; i++) {
        status = complete_page(completion, (size_t)i, &scratch);
    }
    tf_buffer_deinit(&scratch);
    return status;
}

/* ---- metadata ---- */

static void put_escaped(tf_buffer *out, const char *text) {
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte == '&') {
            tf_buffer_append_text(out, "&amp;");
        } else if (byte == '<') {
            tf_buffer_append_text(out, "&lt;");
        } else if (byte == '>') {
            tf_buffer_append_text(out, "&gt;");
        } else {
            tf_buffer_append(out, byte < 0x20 ? " " : text, 1);
        }
    }
}

static void put_alternative(tf_buffer *out, const char *name, const char *text) {
    tf_buffer_format(out, "<%s><rdf:Alt><rdf:li xml:lang=\"x-default\">", name);
    put_escaped(out, text);
    tf_buffer_format(out, "</rdf:li></rdf:Alt></%s>\n", name);
}

/* XMP (ISO 16684-1), with the mark of PDF/UA-1 (ISO 14289-1, 5). */
static void put_metadata(tf_buffer *out, const tf_structure_about *about) {
    char date[TF_INSTANT_TEXT_SIZE];
    tf_instant_format(about->date * TF_MICROSECONDS_A_DAY, date);
    tf_buffer_append_text(
        out, "<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
             "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
             "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
             "<rdf:Description rdf:about=\"\"\n"
             " xmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n"
             " xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"\n"
             " xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">\n"
             "<pdfuaid:part>1</pdfuaid:part>\n<dc:format>application/pdf</dc:format>\n");
    put_alternative(out, "dc:title", about->title);
    put_alternative(out, "dc:description", about->subject);
    tf_buffer_append_text(out, "<dc:language><rdf:Bag><rdf:li>");
    put_escaped(out, about->language);
    tf_buffer_append_text(out, "</rdf:li></rdf:Bag></dc:language>\n<xmp:CreatorTool>");
    put_escaped(out, about->creator);
    tf_buffer_format(out,
                     "</xmp:CreatorTool>\n<xmp:CreateDate>%s</xmp:CreateDate>\n"
                     "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>\n",
                     date);
}

static tf_status complete_catalog(completer *completion, qpdf_oh root,
                                  const tf_structure_about *about) {
    qpdf_data qpdf = completion->qpdf;
    tf_buffer metadata;
    tf_buffer_init(&metadata);
    put_metadata(&metadata, about);
    tf_status status = tf_buffer_check(&metadata, completion->error);
    if (!status) {
        qpdf_oh stream = qpdf_oh_new_stream(qpdf);
        qpdf_oh none = qpdf_oh_new_null(qpdf);
        qpdf_oh_replace_stream_data(qpdf, stream, (const unsigned char *)metadata.data,
                                    metadata.length, none, none);
        qpdf_oh dictionary = qpdf_oh_get_dict(qpdf, stream);
        set(qpdf, dictionary, "/Type", qpdf_oh_new_name(qpdf, "/Metadata"));
        set(qpdf, dictionary, "/Subtype", qpdf_oh_new_name(qpdf, "/XML"));
        set(qpdf, root, "/Metadata", stream);
        set(qpdf, root, "/Lang", qpdf_oh_new_unicode_string(qpdf, about->language));
        set(qpdf, root, "/ViewerPreferences", qpdf_oh_parse(qpdf, "<< /DisplayDocTitle true >>"));
        qpdf_oh_release(qpdf, none);
        qpdf_oh_release(qpdf, dictionary);
    }
    tf_buffer_deinit(&metadata);
    return status;
}

static tf_status write_document(completer *completion, tf_buffer *out) {
    qpdf_data qpdf = completion->qpdf;
    if (qpdf_init_write_memory(qpdf) & QPDF_ERRORS) {
        return tf_fail_no_memory(completion->error);
    }
    qpdf_set_minimum_pdf_version(qpdf, "1.7");
    qpdf_set_deterministic_ID(qpdf, QPDF_TRUE);
    qpdf_set_object_stream_mode(qpdf, qpdf_o_generate);
    if ((qpdf_write(qpdf) & QPDF_ERRORS) || qpdf_has_error(qpdf)) {
        return fail(completion, "completed form cannot be written");
    }
    tf_buffer_append(out, qpdf_get_buffer(qpdf), qpdf_get_buffer_length(qpdf));
    return tf_buffer_check(out, completion->error);
}

tf_status tf_structure_complete(tf_text document, const tf_structure *structure,
                                const tf_structure_about *about, tf_buffer *out, tf_error *error) {
    qpdf_data qpdf = qpdf_init();
    qpdf_silence_errors(qpdf);
    qpdf_set_suppress_warnings(qpdf, QPDF_TRUE);
    completer completion = {.qpdf = qpdf, .structure = structure, .error = error};
    tf_status status = TF_OK;
    if (qpdf_read_memory(qpdf, "drawn", document.data, document.length, NULL) & QPDF_ERRORS) {
        status = fail(&completion, "drawn form cannot be read again");
    }
    if (!status) {
        qpdf_oh root = qpdf_get_root(qpdf);
        status = complete_tree(&completion, root);
        if (!status) {
            status = complete_catalog(&completion, root, about);
        }
    }
    if (!status) {
        complete_fonts(&completion);
        status = complete_pages(&completion);
    }
    if (!status) {
        status = write_document(&completion, out);
    }
    qpdf_cleanup(&qpdf);
    return status;
}
