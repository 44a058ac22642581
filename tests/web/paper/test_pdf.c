/* A document for paper, as other programs read it. */
#include "check.h"

#include "fail_allocations.h"
#include "pdf_tools.h"
#include "trefoil/base/date.h"
#include "web/paper/pdf.h"

static const char drawing[] =
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 50'>"
    "<rect width='40' height='20' fill='#555' opacity='0.5'/><text x='5' y='40'>a</text></svg>";

static const tf_pdf_column columns[] = {{"Area", 3, false}, {"Offences", 1, true}};

static tf_status begin(tf_pdf **pdf_out, tf_error *error) {
    const tf_pdf_about about = {.title = "Luton & Dunstable: Drugs",
                                .subject = "A <profile>",
                                .language = "en-GB",
                                .creator = "Trefoil",
                                .footer = "Luton",
                                .date = tf_days_of(2024, 4, 30)};
    return tf_pdf_new(&about, pdf_out, error);
}

static tf_pdf *new_document(void) {
    tf_pdf *pdf = NULL;
    tf_error error;
    assert_ok(begin(&pdf, &error), &error);
    return pdf;
}

static tf_buffer finish(tf_pdf *pdf) {
    tf_buffer out;
    tf_buffer_init(&out);
    tf_error error;
    assert_ok(tf_pdf_finish(pdf, &out, &error), &error);
    tf_pdf_free(pdf);
    return out;
}

static void put_something_of_everything(tf_pdf *pdf) {
    const tf_pdf_fact facts[] = {{"Offences", "1,607", "in 12 months"},
                                 {"Rate", NULL, "no population"}};
    tf_pdf_title(pdf, "Luton: Drugs");
    tf_pdf_paragraph(pdf, TF_PDF_LEAD, "Crime profile");
    tf_pdf_facts(pdf, facts, 2);
    tf_pdf_heading(pdf, "Look at first");
    tf_pdf_item(pdf, "One hot spot");
    tf_pdf_item(pdf, "One alert");
    tf_pdf_figure(pdf, (tf_text){drawing, strlen(drawing)}, 0.5, "A line that rises", "By month");
    tf_pdf_subheading(pdf, "Areas");
    tf_pdf_table(pdf, "The first", columns, 2, 0.2);
    tf_pdf_row(pdf, (const char *[]){"Luton 001A", "12"}, 0.5);
    tf_pdf_row(pdf, (const char *[]){"Luton 001B", NULL}, -1);
    tf_pdf_term(pdf, "Rate", "Offences for every 1,000 people");
    tf_pdf_page_break(pdf);
    tf_pdf_paragraph(pdf, TF_PDF_SMALL, "The end");
}

static void a_document_says_its_title_language_and_date(void **state) {
    PDF_TOOLS();
    tf_pdf *pdf = new_document();
    put_something_of_everything(pdf);
    tf_buffer document = finish(pdf);
    assert_is_sound(state, &document);
    const char *about = say_of(state, &document, "TZ=UTC pdfinfo %s");
    assert_says(about, "Title:           Luton & Dunstable: Drugs\n");
    assert_says(about, "Subject:         A <profile>\n");
    assert_says(about, "Creator:         Trefoil\n");
    assert_says(about, "CreationDate:    Tue Apr 30 00:00:00 2024 UTC\n");
    assert_says(about, "Pages:           2\n");
    const char *metadata = say_of(state, &document, "pdfinfo -meta %s");
    assert_says(metadata, "<pdfuaid:part>1</pdfuaid:part>");
    assert_says(metadata, "Luton &amp; Dunstable: Drugs");
    assert_says(metadata, "A &lt;profile&gt;");
    const char *objects =
        say_of(state, &document, "qpdf --qdf --object-streams=disable %s - | strings");
    assert_says(objects, "/Lang (en-GB)");
    assert_says(objects, "/DisplayDocTitle true");
    assert_says(objects, "/Marked true");
    tf_buffer_deinit(&document);
}

static void its_structure_says_what_everything_is(void **state) {
    PDF_TOOLS();
    tf_pdf *pdf = new_document();
    put_something_of_everything(pdf);
    tf_buffer document = finish(pdf);
    /* Indentation and quotation marks left out, so that one line is one element or its text. */
    const char *structure =
        say_of(state, &document, "pdfinfo -struct-text %s | sed 's/^ *//; s/ (.*)//; s/[\":]//g'");
    assert_string_equal(structure, "Document\n"
                                   "H1\nLuton Drugs\n"
                                   "P\nCrime profile\n"
                                   "P\nSpan\nOffences\nSpan\n1,607\nSpan\nin 12 months\n"
                                   "P\nSpan\nRate\nSpan\nNot known\nSpan\nno population\n"
                                   "H2\nLook at first\n"
                                   "L\n/ListNumbering /Disc\n"
                                   "LI\nLbl\n\xE2\x80\xA2\nLBody\nOne hot spot\n"
                                   "LI\nLbl\n\xE2\x80\xA2\nLBody\nOne alert\n"
                                   "Figure\n/BBox [65 467.89 307 588.89]\n/Placement /Block\na\n"
                                   "Caption\nBy month\n"
                                   "H3\nAreas\n"
                                   "Table\nCaption\nThe first\n"
                                   "TR\nTH\n/Scope /Column\nArea\nTH\n/Scope /Column\nOffences\n"
                                   "TR\nTH\n/Scope /Row\nLuton 001A\nTD\n12\n"
                                   "TR\nTH\n/Scope /Row\nLuton 001B\nTD\n\n"
                                   "L\nLI\nLBody\nSpan\nRate\nSpan\n"
                                   "Offences for every 1,000 people\n"
                                   "P\nThe end\n");
    const char *objects =
        say_of(state, &document, "qpdf --qdf --object-streams=disable %s - | strings");
    assert_int_equal(count_of(objects, "/Alt (A line that rises)"), 1);
    tf_buffer_deinit(&document);
}

static void the_same_calls_give_the_same_bytes(void **state) {
    (void)state;
    tf_buffer documents[2];
    for (int i = 0; i < 2; i++) {
        tf_pdf *pdf = new_document();
        put_something_of_everything(pdf);
        documents[i] = finish(pdf);
    }
    assert_int_equal(documents[0].length, documents[1].length);
    assert_memory_equal(documents[0].data, documents[1].data, documents[0].length);
    tf_buffer_deinit(&documents[0]);
    tf_buffer_deinit(&documents[1]);
}

static void a_long_table_says_its_head_on_each_page(void **state) {
    enum { ROWS = 2000 };
    PDF_TOOLS();
    tf_pdf *pdf = new_document();
    tf_pdf_title(pdf, "Luton: Drugs");
    tf_pdf_table(pdf, "All", columns, 2, 0);
    for (int i = 0; i < ROWS; i++) {
        char name[32], number[32];
        snprintf(name, sizeof name, "Area %04d.", i);
        snprintf(number, sizeof number, "%d", 10 * i);
        tf_pdf_row(pdf, (const char *[]){name, number}, -1);
    }
    tf_buffer document = finish(pdf);
    assert_is_sound(state, &document);
    const char *text = say_of(state, &document, "pdftotext -layout %s -");
    for (int i = 0; i < ROWS; i++) {
        char name[32];
        snprintf(name, sizeof name, "Area %04d.", i);
        assert_int_equal(count_of(text, name), 1);
    }
    size_t pages = count_of(text, "\f");
    assert_in_range(pages, 40, 50);
    assert_int_equal(count_of(text, "Offences"), pages);
    /* Said again for the eye only: who listens hears the head once. */
    const char *structure = say_of(state, &document, "pdfinfo -struct %s");
    assert_int_equal(count_of(structure, "/Scope /Column"), 2);
    assert_int_equal(count_of(structure, "/Scope /Row"), ROWS);
    tf_buffer_deinit(&document);
}

/* The pages of a text, each ended by a form feed: whether the last line before the foot of one is
 * the words. */
static bool ends_a_page(const char *text, const char *words) {
    for (const char *page = text; *page;) {
        const char *end = page + strcspn(page, "\f");
        const char *foot = strstr(page, "Luton ");
        const char *at = strstr(page, words);
        if (at && at < end && foot && foot < end) {
            const char *after = at + strlen(words);
            after += strspn(after, " \n");
            if (after >= foot) {
                return true;
            }
        }
        page = *end ? end + 1 : end;
    }
    return false;
}

static void a_heading_is_never_the_last_of_its_page(void **state) {
    PDF_TOOLS();
    for (int lines = 25; lines < 50; lines++) {
        tf_pdf *pdf = new_document();
        for (int i = 0; i < lines; i++) {
            tf_pdf_paragraph(pdf, TF_PDF_BODY, "Words");
        }
        tf_pdf_heading(pdf, "Heading");
        tf_pdf_table(pdf, NULL, columns, 2, 0);
        tf_pdf_row(pdf, (const char *[]){"First row", "1"}, -1);
        tf_pdf_row(pdf, (const char *[]){"Second row", "2"}, -1);
        tf_buffer document = finish(pdf);
        const char *text = say_of(state, &document, "pdftotext -layout %s -");
        assert_int_equal(count_of(text, "Heading"), 1);
        assert_false(ends_a_page(text, "Heading"));
        assert_false(ends_a_page(text, "First row"));
        tf_buffer_deinit(&document);
    }
}

static void a_paragraph_longer_than_a_page_goes_on_in_one_element(void **state) {
    PDF_TOOLS();
    tf_buffer words;
    tf_buffer_init(&words);
    for (int i = 0; i < 3000; i++) {
        tf_buffer_format(&words, "w%d ", i);
    }
    tf_pdf *pdf = new_document();
    tf_pdf_paragraph(pdf, TF_PDF_BODY, words.data);
    tf_pdf_item(pdf, words.data);
    tf_buffer document = finish(pdf);
    assert_is_sound(state, &document);
    const char *structure = say_of(state, &document, "pdfinfo -struct %s");
    assert_int_equal(count_of(structure, "  P (block)"), 1);
    assert_true(count_of(structure, "Span") >= 4);
    const char *text = say_of(state, &document, "pdftotext %s - | tr -s '[:space:]' '\\n'");
    assert_int_equal(count_of(text, "\nw2999\n"), 2);
    assert_int_equal(count_of(text, "\nw1500\n"), 2);
    tf_buffer_deinit(&document);
    tf_buffer_deinit(&words);
}

static void hostile_words_are_words(void **state) {
    PDF_TOOLS();
    char endless[6000];
    memset(endless, 'W', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    const char *const words[] = {
        endless,
        "<b>bold</b> & <script>alert(1)</script>",
        "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D \xE2\x80\xAE"
        "turned",
        "bell \x07 escape \x1b[31m line\nbreak",
        "cut off \xE2\x82",
        "no UTF-8 \xFF\xFE",
        "Ynys M\xC3\xB4n \xC5\xB5 \xC3\xA9\xCC\x81",
        "(paren \\ EMC BT) /Artifact <</MCID 3>> BDC",
        "",
        " ",
    };
    tf_pdf *pdf = new_document();
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        tf_pdf_heading(pdf, words[i]);
        tf_pdf_paragraph(pdf, TF_PDF_BODY, words[i]);
        tf_pdf_item(pdf, words[i]);
        tf_pdf_term(pdf, words[i], words[i]);
        tf_pdf_facts(pdf, &(tf_pdf_fact){words[i], words[i], words[i]}, 1);
        tf_pdf_figure(pdf, (tf_text){drawing, strlen(drawing)}, 1, words[i], words[i]);
        tf_pdf_table(pdf, words[i], columns, 2, 0);
        tf_pdf_row(pdf, (const char *[]){words[i], words[i]}, 1);
    }
    tf_buffer document = finish(pdf);
    assert_is_sound(state, &document);
    const char *text = say_of(state, &document, "pdftotext %s -");
    assert_says(text, "<script>alert(1)</script>");
    assert_says(text, "escape \xEF\xBF\xBD[31m line break");
    assert_says(text, "no UTF-8 \xEF\xBF\xBD\xEF\xBF\xBD");
    assert_says(text, "(paren \\ EMC BT) /Artifact <</MCID 3>> BDC");
    assert_null(strchr(text, '\x1b'));
    tf_buffer_deinit(&document);
}

static void a_document_of_nothing_is_one_page(void **state) {
    PDF_TOOLS();
    tf_pdf *pdf = new_document();
    tf_buffer document = finish(pdf);
    assert_says(say_of(state, &document, "qpdf --check %s"), "No syntax");
    assert_says(say_of(state, &document, "pdfinfo %s"), "Pages:           1\n");
    assert_says(say_of(state, &document, "pdftotext -layout %s -"), "Page 1 of 1");
    tf_buffer_deinit(&document);
}

static void what_is_no_drawing_is_refused(void **state) {
    (void)state;
    static const char *const broken[] = {"", "<svg", "hello",
                                         "<svg xmlns='http://www.w3.org/2000/svg'/>"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        tf_pdf *pdf = new_document();
        tf_pdf_figure(pdf, tf_text_of(broken[i]), 1, "nothing", NULL);
        tf_pdf_paragraph(pdf, TF_PDF_BODY, "after it");
        tf_buffer out;
        tf_buffer_init(&out);
        tf_error error;
        assert_int_equal(tf_pdf_finish(pdf, &out, &error), TF_BAD_INPUT);
        assert_int_equal(out.length, 0);
        tf_pdf_free(pdf);
    }
}

static void every_allocation_that_fails_is_told(void **state) {
    (void)state;
    for (long n = 0;; n++) {
        tf_buffer out;
        tf_buffer_init(&out);
        tf_pdf *pdf = NULL;
        tf_error error;
        fail_allocation(n);
        tf_status status = begin(&pdf, &error);
        if (!status) {
            put_something_of_everything(pdf);
            status = tf_pdf_finish(pdf, &out, &error);
        }
        bool was_reached = stop_failing_allocations();
        tf_pdf_free(pdf);
        tf_buffer_deinit(&out);
        if (status == TF_OK) {
            assert_false(was_reached);
            assert_true(n > 10);
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
        assert_int_equal(error.code, TF_NO_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(a_document_says_its_title_language_and_date),
        temporary_test(its_structure_says_what_everything_is),
        temporary_test(the_same_calls_give_the_same_bytes),
        temporary_test(a_long_table_says_its_head_on_each_page),
        temporary_test(a_heading_is_never_the_last_of_its_page),
        temporary_test(a_paragraph_longer_than_a_page_goes_on_in_one_element),
        temporary_test(hostile_words_are_words),
        temporary_test(a_document_of_nothing_is_one_page),
        temporary_test(what_is_no_drawing_is_refused),
        temporary_test(every_allocation_that_fails_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
