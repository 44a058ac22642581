#include "trefoil/table/xlsx.h"

#include "source_internal.h"
#include "trefoil/table/archive.h"
#include "xlsx_internal.h"
#include "xml_internal.h"

enum {
    MOST_PARTS = 4096,        /* sheets, and relations to them */
    LONGEST_REFERENCE = 2048, /* of a part's name, a sheet's name, an identifier */
};

/* What a part is for, by the last word of its relation's type (ECMA-376 part 1, 12.3). */
typedef enum part_kind { PART_WORKBOOK, PART_WORKSHEET, PART_STRINGS } part_kind;

typedef struct relation {
    const char *id;
    const char *path;
    part_kind kind;
} relation;

typedef struct sheet_part {
    const char *name;
    const char *relation_id;
    const char *path; /* NULL for what is not cells, as a chart */
} sheet_part;

typedef struct workbook {
    tf_archive *archive;
    tf_arena *arena; /* holds every name and path */
    const char *name;
    relation *relations; /* of the part last asked for */
    size_t relation_count;
    size_t relation_capacity;
    const char *related_to; /* that part's folder, "" or with "/" at its end */
    sheet_part *sheets;
    size_t sheet_count;
    size_t sheet_capacity;
    bool in_sheets;
} workbook;

static void workbook_deinit(workbook *book) {
    tf_free(book->relations);
    tf_free(book->sheets);
    tf_arena_free(book->arena);
    tf_archive_close(book->archive);
}

static tf_status fail_damaged(const workbook *book, tf_error *error, const char *reason) {
    return tf_fail(error, TF_BAD_INPUT, book->name, 0, "the workbook %s; save it again as .xlsx",
                   reason);
}

/* Part names do not differ by case (ECMA-376 part 2, 6.2.2.3). */
static bool find_part(const workbook *book, const char *path, size_t *index_out) {
    for (size_t i = 0; i < tf_archive_member_count(book->archive); i++) {
        if (tf_text_equal_fold(tf_text_of(tf_archive_member_name(book->archive, i)),
                               tf_text_of(path))) {
            *index_out = i;
            return true;
        }
    }
    return false;
}

static tf_status open_part(const workbook *book, const char *path, tf_source **source_out,
                           tf_error *error) {
    size_t index;
    *source_out = NULL;
    if (!find_part(book, path, &index)) {
        return tf_fail(error, TF_BAD_INPUT, book->name, 0,
                       "this is not a workbook, or it lacks its part %s; save it again as .xlsx",
                       path);
    }
    return tf_archive_open_member(book->archive, index, source_out, error);
}

static tf_status read_part(const workbook *book, const char *path, const tf_xml_handler *handler,
                           tf_error *error) {
    tf_source *source;
    tf_status status = open_part(book, path, &source, error);
    if (!status) {
        status = tf_xml_read(source, handler, error);
    }
    tf_source_close(source);
    return status;
}

/* The length of the folder of `path`, with its "/". */
static int folder_length(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? (int)(slash - path) + 1 : 0;
}

/* Take "." and ".." out of `path`, in place. */
static void normalise(char *path) {
    size_t written = 0;
    for (const char *at = path; *at;) {
        size_t length = strcspn(at, "/");
        const char *next = at + length + (at[length] == '/');
        if (length == 2 && at[0] == '.' && at[1] == '.') {
            written -= written > 0;
            while (written && path[written - 1] != '/') {
                written--;
            }
        } else if (length > 0 && !(length == 1 && at[0] == '.')) {
            memmove(path + written, at, (size_t)(next - at));
            written += (size_t)(next - at);
        }
        at = next;
    }
    path[written] = '\0';
}

static bool is_usable(const char *value) {
    return value && strlen(value) <= LONGEST_REFERENCE;
}

static bool kind_of(const char *type, part_kind *kind_out) {
    static const struct {
        const char *ending;
        part_kind kind;
    } kinds[] = {
        {"/officeDocument", PART_WORKBOOK},
        {"/worksheet", PART_WORKSHEET},
        {"/sharedStrings", PART_STRINGS},
    };
    for (size_t i = 0; type && i < sizeof kinds / sizeof *kinds; i++) {
        if (tf_text_ends_with(tf_text_of(type), kinds[i].ending)) {
            *kind_out = kinds[i].kind;
            return true;
        }
    }
    return false;
}

static tf_status relations_open(void *context, const char *name, const char *const *attributes,
                                tf_error *error) {
    workbook *book = context;
    const char *id = tf_xml_attribute(attributes, "Id");
    const char *target = tf_xml_attribute(attributes, "Target");
    part_kind kind;
    if (strcmp(name, "Relationship") != 0 || !is_usable(id) || !is_usable(target) ||
        !kind_of(tf_xml_attribute(attributes, "Type"), &kind)) {
        return TF_OK;
    }
    if (book->relation_count == MOST_PARTS) {
        return fail_damaged(book, error, "has more than 4,096 parts");
    }
    tf_status status = tf_reserve(&book->relations, &book->relation_capacity,
                                  book->relation_count + 1, sizeof *book->relations, error);
    if (status) {
        return status;
    }
    bool is_absolute = target[0] == '/';
    char *path = tf_arena_format(book->arena, "%s%s", is_absolute ? "" : book->related_to, target);
    id = tf_arena_copy_text(book->arena, id, strlen(id));
    if (!path || !id) {
        return tf_fail_no_memory(error);
    }
    normalise(path);
    book->relations[book->relation_count++] = (relation){id, path, kind};
    return TF_OK;
}

/* The relations of the part at `path`; "" is the package itself. */
static tf_status read_relations(workbook *book, const char *path, tf_error *error) {
    int folder = folder_length(path);
    const char *relations =
        tf_arena_format(book->arena, "%.*s_rels/%s.rels", folder, path, path + folder);
    book->related_to = tf_arena_copy_text(book->arena, path, (size_t)folder);
    book->relation_count = 0;
    if (!relations || !book->related_to) {
        return tf_fail_no_memory(error);
    }
    tf_xml_handler handler = {"Relationships", relations_open, NULL, NULL, book};
    return read_part(book, relations, &handler, error);
}

static const relation *find_relation(const workbook *book, part_kind kind, const char *id) {
    for (size_t i = 0; i < book->relation_count; i++) {
        const relation *candidate = &book->relations[i];
        if (candidate->kind == kind && (!id || strcmp(candidate->id, id) == 0)) {
            return candidate;
        }
    }
    return NULL;
}

static tf_status workbook_open(void *context, const char *name, const char *const *attributes,
                               tf_error *error) {
    workbook *book = context;
    if (strcmp(name, "sheets") == 0) {
        book->in_sheets = true;
        return TF_OK;
    }
    if (!book->in_sheets || strcmp(name, "sheet") != 0) {
        return TF_OK;
    }
    const char *sheet_name = tf_xml_attribute(attributes, "name");
    const char *id = tf_xml_attribute(attributes, "id");
    if (!is_usable(sheet_name) || !is_usable(id) || book->sheet_count == MOST_PARTS) {
        return fail_damaged(book, error, "has a sheet that cannot be read");
    }
    tf_status status = tf_reserve(&book->sheets, &book->sheet_capacity, book->sheet_count + 1,
                                  sizeof *book->sheets, error);
    if (status) {
        return status;
    }
    sheet_part *added = &book->sheets[book->sheet_count++];
    *added = (sheet_part){
        .name = tf_arena_copy_text(book->arena, sheet_name, strlen(sheet_name)),
        .relation_id = tf_arena_copy_text(book->arena, id, strlen(id)),
    };
    return added->name && added->relation_id ? TF_OK : tf_fail_no_memory(error);
}

static tf_status workbook_close(void *context, const char *name, tf_error *error) {
    (void)error;
    workbook *book = context;
    if (strcmp(name, "sheets") == 0) {
        book->in_sheets = false;
    }
    return TF_OK;
}

/* Learn the sheets of `book`, whose archive is open, and where their cells are. */
static tf_status read_structure(workbook *book, tf_error *error) {
    book->arena = tf_arena_new();
    if (!book->arena) {
        return tf_fail_no_memory(error);
    }
    tf_status status = read_relations(book, "", error);
    if (status) {
        return status;
    }
    const relation *main = find_relation(book, PART_WORKBOOK, NULL);
    if (!main) {
        return fail_damaged(book, error, "does not say where its sheets are");
    }
    if (tf_text_ends_with(tf_text_of(main->path), ".bin")) {
        return tf_fail(error, TF_UNSUPPORTED, book->name, 0,
                       "this is a binary workbook (.xlsb); save it as .xlsx");
    }
    const char *path = main->path;
    tf_xml_handler handler = {"workbook", workbook_open, workbook_close, NULL, book};
    status = read_part(book, path, &handler, error);
    if (!status) {
        status = read_relations(book, path, error);
    }
    if (status) {
        return status;
    }
    size_t kept = 0;
    for (size_t i = 0; i < book->sheet_count; i++) {
        sheet_part candidate = book->sheets[i];
        const relation *cells = find_relation(book, PART_WORKSHEET, candidate.relation_id);
        if (cells) {
            candidate.path = cells->path;
            book->sheets[kept++] = candidate;
        }
    }
    book->sheet_count = kept;
    return kept ? TF_OK : fail_damaged(book, error, "has no sheet with cells");
}

/* Excel's older format, and what it makes of a workbook with a password (MS-CFB, 2.2). */
static bool is_compound_file(const void *bytes, size_t length) {
    return length >= 8 && memcmp(bytes, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) == 0;
}

static tf_status fail_compound_file(const char *name, tf_error *error) {
    return tf_fail(error, TF_UNSUPPORTED, name, 0,
                   "this is an old workbook (.xls) or one with a password; save it as .xlsx "
                   "without a password");
}

static tf_status check_file(const char *path, tf_error *error) {
    int file = -1;
    uint64_t size = 0;
    tf_status status = tf_file_open(path, &file, &size, error);
    if (status) {
        return status;
    }
    char head[8];
    size_t length = 0;
    if (size > 0) {
        status = tf_file_read(file, head, sizeof head, &length, error);
    }
    tf_file_close(file);
    if (status) {
        tf_error_set_place(error, path);
        return status;
    }
    return is_compound_file(head, length) ? fail_compound_file(path, error) : TF_OK;
}

/* `book` is zeroed, and to be passed to workbook_deinit whatever is returned. */
static tf_status open_workbook(workbook *book, const char *path, tf_error *error) {
    book->name = path;
    tf_status status = check_file(path, error);
    if (!status) {
        status = tf_archive_open(path, &book->archive, error);
    }
    return status ? status : read_structure(book, error);
}

static tf_status open_workbook_memory(workbook *book, const void *bytes, size_t length,
                                      tf_error *error) {
    book->name = "workbook";
    if (is_compound_file(bytes, length)) {
        return fail_compound_file(book->name, error);
    }
    tf_status status = tf_archive_open_memory(bytes, length, book->name, &book->archive, error);
    return status ? status : read_structure(book, error);
}

static tf_status copy_names(const workbook *book, char ***names_out, tf_error *error) {
    size_t bytes = 0;
    for (size_t i = 0; i < book->sheet_count; i++) {
        bytes += strlen(book->sheets[i].name) + 1;
    }
    char **names = tf_alloc(book->sheet_count * sizeof *names + bytes, 1);
    if (!names) {
        return tf_fail_no_memory(error);
    }
    char *at = (char *)(names + book->sheet_count);
    for (size_t i = 0; i < book->sheet_count; i++) {
        size_t size = strlen(book->sheets[i].name) + 1;
        memcpy(at, book->sheets[i].name, size);
        names[i] = at;
        at += size;
    }
    *names_out = names;
    return TF_OK;
}

tf_status tf_xlsx_sheets(const char *path, char ***names_out, size_t *count_out, tf_error *error) {
    workbook book = {0};
    *names_out = NULL;
    *count_out = 0;
    tf_status status = open_workbook(&book, path, error);
    if (!status) {
        status = copy_names(&book, names_out, error);
    }
    if (!status) {
        *count_out = book.sheet_count;
    }
    workbook_deinit(&book);
    return status;
}

/* The sheet of that name, case aside as in Excel; the first if `name` is NULL. */
static tf_status find_sheet(const workbook *book, const char *name, const sheet_part **sheet_out,
                            tf_error *error) {
    tf_buffer names;
    tf_buffer_init(&names);
    for (size_t i = 0; i < book->sheet_count; i++) {
        const sheet_part *candidate = &book->sheets[i];
        if (!name || tf_text_equal_fold(tf_text_of(candidate->name), tf_text_of(name))) {
            *sheet_out = candidate;
            tf_buffer_deinit(&names);
            return TF_OK;
        }
        tf_buffer_format(&names, "%s\"%s\"", i ? ", " : "", candidate->name);
    }
    tf_status status = tf_buffer_check(&names, error);
    if (!status) {
        status = tf_fail(error, TF_NOT_FOUND, book->name, 0,
                         "the workbook has no sheet \"%s\"; it has %s", name, names.data);
    }
    tf_buffer_deinit(&names);
    return status;
}

static tf_status read_workbook(const workbook *book, const char *name, tf_xlsx_row *on_row,
                               void *context, tf_error *error) {
    tf_xlsx_strings strings = {0};
    tf_source *source = NULL;
    const sheet_part *wanted = NULL;
    tf_status status = find_sheet(book, name, &wanted, error);
    if (status) {
        return status;
    }
    const relation *shared = find_relation(book, PART_STRINGS, NULL);
    if (shared) {
        status = open_part(book, shared->path, &source, error);
        if (!status) {
            status = tf_xlsx_read_strings(source, &strings, error);
        }
        tf_source_close(source);
        source = NULL;
    }
    if (!status) {
        status = open_part(book, wanted->path, &source, error);
    }
    if (!status) {
        status = tf_xlsx_read_sheet(source, &strings, on_row, context, error);
    }
    tf_source_close(source);
    tf_xlsx_strings_deinit(&strings);
    return status;
}

tf_status tf_xlsx_read(const char *path, const char *sheet, tf_xlsx_row *on_row, void *context,
                       tf_error *error) {
    workbook book = {0};
    tf_status status = open_workbook(&book, path, error);
    if (!status) {
        status = read_workbook(&book, sheet, on_row, context, error);
    }
    workbook_deinit(&book);
    return status;
}

tf_status tf_xlsx_read_memory(const void *bytes, size_t length, const char *sheet,
                              tf_xlsx_row *on_row, void *context, tf_error *error) {
    workbook book = {0};
    tf_status status = open_workbook_memory(&book, bytes, length, error);
    if (!status) {
        status = read_workbook(&book, sheet, on_row, context, error);
    }
    workbook_deinit(&book);
    return status;
}
