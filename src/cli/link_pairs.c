/* Pairs of records as they stand in CSV files: scored, labelled, known to be different. */
#include "cli/link.h"
#include "cli/text_numbers.h"

#include "trefoil/table/csv.h"

#include <math.h>

enum { HEADER_SIZE = 1 << 16 };

enum { SOURCE_LEFT, ID_LEFT, SOURCE_RIGHT, ID_RIGHT, VALUE, COLUMN_COUNT };

/* What a column may be called, the usual name first. */
static const char *const column_names[COLUMN_COUNT][3] = {
    [SOURCE_LEFT] = {"source_l", "source_dataset_l", NULL},
    [ID_LEFT] = {"unique_id_l", NULL},
    [SOURCE_RIGHT] = {"source_r", "source_dataset_r", NULL},
    [ID_RIGHT] = {"unique_id_r", NULL},
};
static const char *const weight_names[] = {"match_weight", NULL};
static const char *const label_names[] = {"clerical_match_score", "match", NULL};

typedef struct pair_file pair_file;
struct pair_file {
    const char *path;
    tf_link_pair_value value;
    const char *names[COLUMN_COUNT]; /* as they stand in this file; NULL: it has none */
    tf_status (*take)(pair_file *file, const tf_text *texts, int64_t line, tf_error *error);
    void *context;
};

/* ---- the file ---- */

static const char *name_in(char **header, size_t count, const char *const *candidates) {
    for (; *candidates; candidates++) {
        for (size_t i = 0; i < count; i++) {
            if (strcmp(header[i], *candidates) == 0) {
                return *candidates;
            }
        }
    }
    return NULL;
}

static tf_status choose_names(pair_file *file, char **header, size_t count, tf_error *error) {
    for (int i = 0; i < COLUMN_COUNT; i++) {
        const char *const *candidates = i < VALUE                            ? column_names[i]
                                        : file->value == TF_LINK_PAIR_WEIGHT ? weight_names
                                                                             : label_names;
        bool is_wanted = i < VALUE || file->value != TF_LINK_PAIR_ALONE;
        bool may_lack = i == SOURCE_LEFT || i == SOURCE_RIGHT;
        file->names[i] = is_wanted ? name_in(header, count, candidates) : NULL;
        if (is_wanted && !may_lack && !file->names[i]) {
            return tf_fail(error, TF_BAD_INPUT, file->path, 0,
                           "has no column %s; a file of pairs has source_l, unique_id_l, source_r, "
                           "unique_id_r%s%s",
                           candidates[0], i == VALUE ? " and " : "",
                           i == VALUE ? candidates[0] : "");
        }
    }
    return TF_OK;
}

static tf_status read_header(pair_file *file, tf_error *error) {
    tf_source *source = NULL;
    char **header = NULL;
    size_t length = 0, count = 0;
    char *bytes = tf_alloc(HEADER_SIZE, 1);
    tf_status status =
        bytes ? tf_source_open(file->path, &source, error) : tf_fail_no_memory(error);
    if (!status) {
        status = tf_source_read(source, bytes, HEADER_SIZE, &length, error);
    }
    if (!status) {
        status = tf_csv_header(bytes, length, &header, &count, error);
    }
    if (!status) {
        status = choose_names(file, header, count, error);
    }
    tf_error_set_place(status ? error : NULL, file->path);
    tf_free(header);
    tf_source_close(source);
    tf_free(bytes);
    return status;
}

static tf_status take_batch(void *context, tf_csv_batch *batch, tf_error *error) {
    pair_file *file = context;
    const tf_column *columns[COLUMN_COUNT];
    for (int i = 0; i < COLUMN_COUNT; i++) {
        columns[i] = file->names[i] ? tf_table_get(batch->table, file->names[i]) : NULL;
    }
    for (int64_t row = 0; row < batch->table->row_count; row++) {
        tf_text texts[COLUMN_COUNT] = {0};
        for (int i = 0; i < COLUMN_COUNT; i++) {
            texts[i] = columns[i] ? tf_column_text(columns[i], row) : (tf_text){NULL, 0};
        }
        tf_status status = file->take(file, texts, tf_csv_batch_line(batch, row), error);
        if (status) {
            return status;
        }
    }
    return TF_OK;
}

static tf_status refuse(void *context, const tf_csv_reject *reject, tf_error *error) {
    const pair_file *file = context;
    return tf_fail(error, TF_BAD_INPUT, file->path, reject->line, "cannot be read: %s",
                   reject->reason);
}

static tf_status read_file(pair_file *file, int threads, tf_error *error) {
    tf_csv_field fields[COLUMN_COUNT];
    size_t count = 0;
    tf_source *source = NULL;
    tf_csv_counts counts;
    tf_status status = read_header(file, error);
    for (int i = 0; i < COLUMN_COUNT && !status; i++) {
        if (file->names[i]) {
            fields[count++] = (tf_csv_field){
                .header = file->names[i], .name = file->names[i], .type = TF_CSV_DICTIONARY};
        }
    }
    if (!status) {
        status = tf_source_open(file->path, &source, error);
    }
    if (!status) {
        tf_csv_options options = {.fields = fields, .field_count = count, .thread_count = threads};
        tf_csv_handler handler = {.on_batch = take_batch, .on_reject = refuse, .context = file};
        status = tf_csv_read(source, &options, &handler, &counts, error);
    }
    tf_source_close(source);
    return status;
}

/* ---- pairs of known records ---- */

typedef struct pair_list {
    const tf_link_records *records;
    uint16_t last_source;
    tf_evaluate_pair *items;
    size_t count;
    size_t capacity;
} pair_list;

/* The source of that name; where there is one alone, whatever it is called there. */
static bool find_source(pair_list *list, tf_text name, uint16_t *source_out) {
    uint16_t count = tf_link_records_source_count(list->records);
    *source_out = 0;
    if (count == 1) {
        return true;
    }
    for (uint16_t i = 0; i < count; i++) { /* neighbouring rows mostly name the same */
        uint16_t source = (uint16_t)((list->last_source + i) % count);
        if (tf_text_equal(tf_link_records_source_name(list->records, source), name)) {
            *source_out = list->last_source = source;
            return true;
        }
    }
    return false;
}

static tf_status find_record(pair_list *list, const pair_file *file, tf_text source, tf_text id,
                             int64_t line, uint32_t *record_out, tf_error *error) {
    uint16_t number;
    if (find_source(list, source, &number) &&
        tf_link_records_find(list->records, number, id, record_out)) {
        return TF_OK;
    }
    return tf_fail(error, TF_BAD_INPUT, file->path, line,
                   "there is no record %.*s%s%.*s among those that were read",
                   (int)(id.length < 80 ? id.length : 80), id.data ? id.data : "",
                   source.length ? " of " : "", (int)(source.length < 80 ? source.length : 80),
                   source.data ? source.data : "");
}

static bool read_label(tf_text text, double *value_out) {
    static const char *const words[] = {"no", "yes", "false", "true", "non-match", "match"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (tf_text_equal_fold(text, tf_text_of(words[i]))) {
            *value_out = (double)(i % 2);
            return true;
        }
    }
    return tf_parse_double(text, value_out) && *value_out >= 0 && *value_out <= 1;
}

static tf_status read_value(const pair_file *file, tf_text text, int64_t line, double *value_out,
                            tf_error *error) {
    *value_out = NAN;
    if (file->value == TF_LINK_PAIR_WEIGHT && !tf_parse_double(text, value_out)) {
        return tf_fail(error, TF_BAD_INPUT, file->path, line, "%s is '%.*s', which is not a number",
                       file->names[VALUE], (int)(text.length < 80 ? text.length : 80),
                       text.data ? text.data : "");
    }
    if (file->value == TF_LINK_PAIR_LABEL && !read_label(text, value_out)) {
        return tf_fail(error, TF_BAD_INPUT, file->path, line,
                       "%s is '%.*s'; it must be yes or no, or a number from 0 to 1",
                       file->names[VALUE], (int)(text.length < 80 ? text.length : 80),
                       text.data ? text.data : "");
    }
    return TF_OK;
}

static tf_status take_pair(pair_file *file, const tf_text *texts, int64_t line, tf_error *error) {
    pair_list *list = file->context;
    tf_evaluate_pair pair = {0};
    tf_status status =
        find_record(list, file, texts[SOURCE_LEFT], texts[ID_LEFT], line, &pair.left, error);
    if (!status) {
        status =
            find_record(list, file, texts[SOURCE_RIGHT], texts[ID_RIGHT], line, &pair.right, error);
    }
    if (!status && pair.left == pair.right) {
        status = tf_fail(error, TF_BAD_INPUT, file->path, line, "pairs a record with itself");
    }
    if (!status) {
        status = read_value(file, texts[VALUE], line, &pair.weight, error);
    }
    if (!status) {
        status =
            tf_reserve(&list->items, &list->capacity, list->count + 1, sizeof *list->items, error);
    }
    if (!status) {
        list->items[list->count++] = pair;
    }
    return status;
}

tf_status tf_link_read_pairs(const char *path, tf_link_pair_value value,
                             const tf_link_records *records, int threads,
                             tf_evaluate_pair **pairs_out, size_t *count_out, tf_error *error) {
    pair_list list = {.records = records};
    pair_file file = {.path = path, .value = value, .take = take_pair, .context = &list};
    tf_status status = read_file(&file, threads, error);
    if (status) {
        tf_free(list.items);
        return status;
    }
    *pairs_out = list.items;
    *count_out = list.count;
    return TF_OK;
}

/* ---- the records that pairs are of ---- */

typedef struct paired_records {
    tf_text_numbers numbers; /* of source, a byte that is in no CSV text, and id */
    tf_buffer name;
    tf_builder *builder;
} paired_records;

static tf_status take_record(paired_records *paired, tf_text source, tf_text id, tf_error *error) {
    uint32_t before = paired->numbers.count;
    uint32_t number;
    paired->name.length = 0;
    tf_buffer_append(&paired->name, source.data, source.length);
    tf_buffer_append(&paired->name, "", 1);
    tf_buffer_append(&paired->name, id.data, id.length);
    tf_status status = tf_buffer_check(&paired->name, error);
    if (!status) {
        status = tf_text_number(&paired->numbers, (tf_text){paired->name.data, paired->name.length},
                                &number, error);
    }
    if (!status && paired->numbers.count > before) {
        if (source.length) {
            tf_builder_append_text(paired->builder, 0, source);
        } else {
            tf_builder_append_null(paired->builder, 0);
        }
        tf_builder_append_text(paired->builder, 1, id);
    }
    return status;
}

static tf_status take_two(pair_file *file, const tf_text *texts, int64_t line, tf_error *error) {
    paired_records *paired = file->context;
    if (texts[ID_LEFT].length == 0 || texts[ID_RIGHT].length == 0) {
        return tf_fail(error, TF_BAD_INPUT, file->path, line, "a record has no id; give it one");
    }
    tf_status status = take_record(paired, texts[SOURCE_LEFT], texts[ID_LEFT], error);
    return status ? status : take_record(paired, texts[SOURCE_RIGHT], texts[ID_RIGHT], error);
}

static tf_status load(const tf_table *table, tf_link_records **records_out, tf_error *error) {
    tf_link_loader_options options = {.id_column = "unique_id", .source_column = "source"};
    tf_link_loader *loader = NULL;
    tf_status status = tf_link_loader_new(&options, &loader, error);
    if (!status) {
        status = tf_link_loader_add(loader, tf_text_of("records"), table, NULL, error);
    }
    if (!status) {
        status = tf_link_loader_finish(loader, records_out, error);
    }
    tf_link_loader_free(loader);
    return status;
}

tf_status tf_link_read_paired(const char *path, int threads, tf_link_records **records_out,
                              tf_error *error) {
    static const tf_builder_field fields[] = {{"source", TF_TYPE_DICTIONARY, 0},
                                              {"unique_id", TF_TYPE_TEXT, 0}};
    paired_records paired = {0};
    tf_table *table = NULL;
    tf_buffer_init(&paired.name);
    paired.builder = tf_builder_new(fields, 2, error);
    pair_file file = {.path = path, .take = take_two, .context = &paired};
    tf_status status = paired.builder ? read_file(&file, threads, error) : TF_NO_MEMORY;
    if (!status && paired.numbers.count == 0) {
        status = tf_fail(error, TF_BAD_INPUT, path, 0, "there is no pair in it");
    }
    if (!status) {
        status = tf_builder_finish(paired.builder, &table, error);
    }
    if (!status) {
        status = load(table, records_out, error);
    }
    tf_table_free(table);
    tf_builder_free(paired.builder);
    tf_buffer_deinit(&paired.name);
    tf_text_numbers_deinit(&paired.numbers);
    return status;
}
