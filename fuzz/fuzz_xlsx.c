/* Any bytes as a workbook.  To get past the CRCs of ZIP, bytes that are no archive are taken as
 * the text of a workbook's parts, each ended by a zero byte, and packed here. */
#include "../tests/table/zip_fixture.h"

#include "trefoil/table/xlsx.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static tf_status check_row(void *context, int64_t row, const tf_text *cells, size_t cell_count,
                           tf_error *error) {
    (void)error;
    int64_t *last_row = context;
    if (row <= *last_row || cell_count > 16384) {
        abort();
    }
    *last_row = row;
    for (size_t i = 0; i < cell_count; i++) {
        if (!cells[i].data || !tf_text_is_utf8(cells[i])) {
            abort();
        }
    }
    return TF_OK;
}

static void read_workbook(const void *bytes, size_t length) {
    int64_t last_row = 0;
    tf_error error;
    tf_status status = tf_xlsx_read_memory(bytes, length, NULL, check_row, &last_row, &error);
    if (status == TF_INTERNAL) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    if (length >= 2 && bytes[0] == 'P' && bytes[1] == 'K') {
        read_workbook(bytes, length);
        return 0;
    }
    static const char *const parts[] = {"_rels/.rels", "xl/workbook.xml",
                                        "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml",
                                        "xl/worksheets/sheet1.xml"};
    zip_fixture zip = {0};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t part_length = length ? strnlen((const char *)bytes, length) : 0;
        zip_add(&zip, &(zip_member){.name = parts[i], .bytes = bytes, .length = part_length});
        size_t step = part_length + (part_length < length);
        bytes += step;
        length -= step;
    }
    zip_finish(&zip);
    read_workbook(zip.archive.data, zip.archive.length);
    zip_deinit(&zip);
    return 0;
}
