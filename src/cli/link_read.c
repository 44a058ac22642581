/* Files into records. */
#include "cli/link.h"

#include "trefoil/table/arrow.h"
#include "trefoil/table/csv.h"

#include <stdio.h>
#include <stdlib.h>

enum { PROBE_SIZE = 1 << 20, SOURCE_NAME_SIZE = 256 };

static const char ARROW_MAGIC[] = "ARROW1";

/* What --id says where rows are to be numbered though a column would do. */
static const char NUMBERED[] = "row-number";

/* ---- the pack's tables ---- */

tf_status tf_link_tables_open(tf_link_tables *tables, tf_error *error) {
    *tables = (tf_link_tables){0};
    tf_status status = tf_pack_open(NULL, &tables->pack, error);
    size_t count = 0;
    if (!status) {
        const tf_missing_list *lists = tf_pack_missing(tables->pack, &count);
        status = tf_missing_new(lists, count, &tables->missing, error);
    }
    if (!status) {
        const tf_nickname_group *groups = tf_pack_nicknames(tables->pack, &count);
        status = tf_nicknames_new(groups, count, &tables->nicknames, error);
    }
    tables->standardiser.missing = tables->missing;
    if (status) {
        tf_link_tables_close(tables);
    }
    return status;
}

void tf_link_tables_close(tf_link_tables *tables) {
    tf_missing_free(tables->missing);
    tf_nicknames_free(tables->nicknames);
    tf_pack_free(tables->pack);
    *tables = (tf_link_tables){0};
}

/* ---- one file ---- */

/* The file's name without its folder and its usual endings. */
static void name_source(const char *path, char *name_out, size_t size) {
    static const char *const endings[] = {".gz", ".csv", ".arrows", ".arrow"};
    const char *slash = strrchr(path, '/');
    snprintf(name_out, size, "%s", slash ? slash + 1 : path);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t length = strlen(name_out);
        size_t ending = strlen(endings[i]);
        if (length > ending && strcmp(name_out + length - ending, endings[i]) == 0) {
            name_out[length - ending] = '\0';
        }
    }
}

typedef struct reading {
    tf_link_input *input;
    tf_link_loader *loader;
    tf_link_progress *progress;
    const char *path;
    const tf_source *bytes; /* of the file, for how much of it was read */
    char source[SOURCE_NAME_SIZE];
} reading;

static tf_status take_batch(void *context, tf_csv_batch *batch, tf_error *error) {
    reading *to = context;
    tf_link_lines lines = {batch->first_line, batch->row_line};
    uint64_t consumed, total;
    tf_source_progress(to->bytes, &consumed, &total);
    tf_link_progress_say(to->progress, "reading", total ? (double)consumed / (double)total : 0);
    return tf_link_loader_add(to->loader, tf_text_of(to->source), batch->table, &lines, error);
}

static tf_status take_reject(void *context, const tf_csv_reject *reject, tf_error *error) {
    reading *to = context;
    tf_buffer *rejects = &to->input->rejects;
    char line[24];
    snprintf(line, sizeof line, "%lld", (long long)reject->line);
    tf_csv_append_field(rejects, tf_text_of(to->path));
    tf_buffer_append_text(rejects, ",");
    tf_buffer_append_text(rejects, line);
    tf_buffer_append_text(rejects, ",");
    tf_csv_append_field(rejects, tf_text_of(reject->reason));
    tf_buffer_append_text(rejects, ",");
    tf_csv_append_field(rejects, reject->text);
    tf_buffer_append_text(rejects, "\n");
    if (to->input->reject_count++ == 0) {
        tf_buffer_format(&to->input->first_reject, "%s, line %s: %s", to->path, line,
                         reject->reason);
    }
    return tf_buffer_check(rejects, error);
}

/* A field for each column of a header; names without the blanks around them. */
static tf_status fields_of(const char *bytes, size_t length, tf_csv_field **fields_out,
                           char ***names_out, size_t *count_out, tf_error *error) {
    *fields_out = NULL;
    tf_status status = tf_csv_header(bytes, length, names_out, count_out, error);
    if (status) {
        return status;
    }
    size_t text_size = 0;
    for (size_t i = 0; i < *count_out; i++) {
        text_size += strlen((*names_out)[i]) + 1;
    }
    tf_csv_field *fields = tf_alloc_zeroed(1, *count_out * sizeof *fields + text_size);
    if (!fields) {
        return tf_fail_no_memory(error);
    }
    char *at = (char *)(fields + *count_out);
    for (size_t i = 0; i < *count_out; i++) {
        tf_text trimmed = tf_text_trim(tf_text_of((*names_out)[i]));
        memcpy(at, trimmed.data, trimmed.length);
        fields[i] = (tf_csv_field){
            .header = (*names_out)[i], .name = at, .type = TF_CSV_DICTIONARY, .optional = true};
        at += trimmed.length + 1;
    }
    *fields_out = fields;
    return TF_OK;
}

static tf_status read_start(const char *path, char **bytes_out, size_t *length_out,
                            tf_error *error) {
    tf_source *source;
    *bytes_out = NULL;
    tf_status status = tf_source_open(path, &source, error);
    if (status) {
        return status;
    }
    char *bytes = *bytes_out = tf_alloc(PROBE_SIZE, 1);
    status = bytes ? tf_source_read(source, bytes, PROBE_SIZE, length_out, error)
                   : tf_fail_no_memory(error);
    tf_source_close(source);
    return status;
}

static bool is_arrow(const char *bytes, size_t length) {
    bool is_file = length > 8 && memcmp(bytes, ARROW_MAGIC, 6) == 0;
    bool is_stream = length > 8 && memcmp(bytes, "\xff\xff\xff\xff", 4) == 0;
    return is_file || is_stream;
}

tf_status tf_link_read_bytes(const char *path, tf_buffer *buffer, tf_error *error) {
    tf_source *source;
    tf_status status = tf_source_open(path, &source, error);
    if (status) {
        return status;
    }
    char *block = tf_alloc(PROBE_SIZE, 1);
    status = block ? TF_OK : tf_fail_no_memory(error);
    for (size_t length = PROBE_SIZE; length == PROBE_SIZE && !status;) {
        status = tf_source_read(source, block, PROBE_SIZE, &length, error);
        if (!status) {
            tf_buffer_append(buffer, block, length);
            status = tf_buffer_check(buffer, error);
        }
    }
    tf_free(block);
    tf_source_close(source);
    return status;
}

/* The bytes of the stream: a file in Arrow's file format holds one behind its mark. */
static void find_stream(const tf_buffer *bytes, const char **start_out, size_t *length_out) {
    size_t skipped = bytes->length > 8 && memcmp(bytes->data, ARROW_MAGIC, 6) == 0 ? 8 : 0;
    *start_out = bytes->data + skipped;
    *length_out = bytes->length - skipped;
}

static tf_status read_arrow(reading *to, tf_link_file *file, tf_error *error) {
    tf_buffer bytes;
    tf_buffer_init(&bytes);
    tf_arrow_reader *reader = NULL;
    const char *start = NULL;
    size_t length = 0;
    tf_status status = tf_link_read_bytes(to->path, &bytes, error);
    if (!status) {
        find_stream(&bytes, &start, &length);
        status = tf_arrow_reader_open(start, length, 0, &reader, error);
    }
    while (!status) {
        tf_table *table = NULL;
        status = tf_arrow_reader_next(reader, &table, error);
        if (status || !table) {
            break;
        }
        tf_link_lines lines = {.first = file->rows + 1};
        status = tf_link_loader_add(to->loader, tf_text_of(to->source), table, &lines, error);
        file->rows += table->row_count;
        tf_table_free(table);
    }
    tf_arrow_reader_free(reader);
    tf_buffer_deinit(&bytes);
    return status ? status : tf_file_sha256(to->path, file->sha256, error);
}

static tf_status read_csv(reading *to, const char *start, size_t length, int threads,
                          tf_link_file *file, tf_error *error) {
    tf_csv_field *fields = NULL;
    char **names = NULL;
    size_t count = 0;
    tf_source *source = NULL;
    tf_csv_counts counts = {0};
    tf_status status = fields_of(start, length, &fields, &names, &count, error);
    if (!status) {
        status = tf_source_open(to->path, &source, error);
    }
    if (!status) {
        to->bytes = source;
        tf_csv_options options = {.fields = fields, .field_count = count, .thread_count = threads};
        tf_csv_handler handler = {.on_batch = take_batch, .on_reject = take_reject, .context = to};
        status = tf_csv_read(source, &options, &handler, &counts, error);
    }
    if (!status) {
        status = tf_source_sha256(source, file->sha256, error);
    }
    to->bytes = NULL;
    tf_source_close(source);
    tf_free(fields);
    tf_free(names);
    file->rows = counts.rows_read;
    file->rejected = counts.rows_rejected;
    return status;
}

static tf_status read_file(reading *to, int threads, tf_link_file *file, tf_error *error) {
    char *start = NULL;
    size_t length = 0;
    tf_status status = read_start(to->path, &start, &length, error);
    name_source(to->path, to->source, sizeof to->source);
    if (!status && length == 0) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "the file is empty; give one with a header "
                         "and records");
    }
    if (!status) {
        status = is_arrow(start, length) ? read_arrow(to, file, error)
                                         : read_csv(to, start, length, threads, file, error);
    }
    tf_free(start);
    tf_error_set_place(error, to->path);
    return status;
}

/* ---- which column names the record, and which its source ---- */

static tf_status keep_table(void *context, tf_csv_batch *batch, tf_error *error) {
    (void)error;
    tf_table **kept = context;
    if (!*kept) {
        *kept = batch->table;
        batch->table = NULL;
    }
    return TF_OK;
}

/* The beginning of a file as a table; `*table_out` may be NULL if it has no whole row. */
static tf_status probe_csv(const char *start, size_t length, tf_table **table_out,
                           tf_error *error) {
    tf_csv_field *fields = NULL;
    char **names = NULL;
    size_t count = 0;
    tf_source *source = NULL;
    tf_csv_counts counts;
    if (length == PROBE_SIZE) {
        while (length && start[length - 1] != '\n') {
            length--;
        }
    }
    tf_status status = fields_of(start, length, &fields, &names, &count, error);
    if (!status) {
        status = tf_source_open_memory(start, length, "", &source, error);
    }
    if (!status) {
        tf_csv_options options = {.fields = fields,
                                  .field_count = count,
                                  .thread_count = 1,
                                  .block_size = (size_t)PROBE_SIZE * 2};
        tf_csv_handler handler = {.on_batch = keep_table, .context = table_out};
        status = tf_csv_read(source, &options, &handler, &counts, error);
    }
    tf_source_close(source);
    tf_free(fields);
    tf_free(names);
    return status;
}

static tf_status probe_arrow(const char *path, tf_table **table_out, tf_error *error) {
    tf_buffer bytes;
    tf_buffer_init(&bytes);
    tf_arrow_reader *reader = NULL;
    const char *start = NULL;
    size_t length = 0;
    tf_status status = tf_link_read_bytes(path, &bytes, error);
    if (!status) {
        find_stream(&bytes, &start, &length);
        status = tf_arrow_reader_open(start, length, 0, &reader, error);
    }
    if (!status) {
        status = tf_arrow_reader_next(reader, table_out, error);
    }
    tf_arrow_reader_free(reader);
    tf_buffer_deinit(&bytes);
    return status;
}

static const char *first_of(const tf_table *table, const tf_recognised *recognised,
                            tf_person_field field) {
    for (size_t i = 0; i < table->column_count; i++) {
        if (recognised[i].field == field && recognised[i].score >= 0.5) {
            return table->columns[i].name;
        }
    }
    return NULL;
}

static tf_status take_name(const char *name, char **name_out, tf_error *error) {
    *name_out = name ? tf_copy_text(name, strlen(name)) : NULL;
    return name && !*name_out ? tf_fail_no_memory(error) : TF_OK;
}

static tf_status read_beginning(const char *path, tf_table **table_out, tf_error *error) {
    char *start = NULL;
    size_t length = 0;
    tf_status status = read_start(path, &start, &length, error);
    if (!status) {
        status = is_arrow(start, length) ? probe_arrow(path, table_out, error)
                                         : probe_csv(start, length, table_out, error);
    }
    tf_free(start);
    return status;
}

/* The column whose name says that it names the record, though its values may not: a repeated id is
 * to be said, not passed over. */
static tf_status find_named_id(const tf_table *table, const char **name_out, tf_error *error) {
    tf_status status = TF_OK;
    for (size_t i = 0; i < table->column_count && !*name_out && !status; i++) {
        tf_person_field field;
        status = tf_recognise_name(tf_text_of(table->columns[i].name), &field, error);
        if (!status && field == TF_PERSON_RECORD_ID) {
            *name_out = table->columns[i].name;
        }
    }
    return status;
}

/* What an option names must be there; a slip is found. */
static tf_status check_named(const tf_table *table, const char *option, const char *name,
                             tf_error *error) {
    if (!name || tf_table_get(table, name)) {
        return TF_OK;
    }
    const char *nearest = NULL;
    for (size_t i = 0; i < table->column_count; i++) {
        tf_word_nearer(name, table->columns[i].name, &nearest);
    }
    return nearest ? tf_fail(error, TF_BAD_INPUT, NULL, 0,
                             "--%s names a column '%s', which is not there; did you mean '%s'?",
                             option, name, nearest)
                   : tf_fail(error, TF_BAD_INPUT, NULL, 0,
                             "--%s names a column '%s', which is not there; name one that is",
                             option, name);
}

/* The column that was named, else the model's, else the one that is recognised. */
static const char *choose_column(const tf_table *table, const tf_recognised *recognised,
                                 const char *named, const char *of_model, tf_person_field field) {
    if (named) {
        return named;
    }
    return of_model && tf_table_get(table, of_model) ? of_model
                                                     : first_of(table, recognised, field);
}

static tf_status find_id(const tf_table *table, const tf_recognised *recognised,
                         const tf_link_settings *settings, const tf_link_model *model,
                         tf_link_input *input, tf_error *error) {
    const char *named = settings->id_column;
    if (named && strcmp(named, NUMBERED) == 0 && !tf_table_get(table, named)) {
        return TF_OK;
    }
    tf_status status = check_named(table, "id", named, error);
    if (status) {
        return status;
    }
    const char *id = choose_column(table, recognised, named, model ? model->id_column : NULL,
                                   TF_PERSON_RECORD_ID);
    status = id ? TF_OK : find_named_id(table, &id, error);
    return status ? status : take_name(id, &input->id_column, error);
}

static tf_status find_source(const tf_table *table, const tf_recognised *recognised,
                             const tf_link_settings *settings, const tf_link_model *model,
                             tf_link_input *input, tf_error *error) {
    tf_status status = check_named(table, "source", settings->source_column, error);
    return status ? status
                  : take_name(choose_column(table, recognised, settings->source_column,
                                            model ? model->source_column : NULL, TF_PERSON_SOURCE),
                              &input->source_column, error);
}

static tf_status find_columns(const char *path, const tf_link_settings *settings,
                              const tf_link_tables *tables, const tf_link_model *model,
                              tf_link_input *input, tf_error *error) {
    tf_table *table = NULL;
    tf_recognised *recognised = NULL;
    tf_status status = read_beginning(path, &table, error);
    if (!status && table) {
        recognised = tf_alloc_zeroed(table->column_count, sizeof *recognised);
        status = recognised ? tf_recognise_columns(table, tables->missing, recognised, error)
                            : tf_fail_no_memory(error);
    }
    if (!status && table) {
        status = find_id(table, recognised, settings, model, input, error);
    }
    if (!status && table) {
        status = find_source(table, recognised, settings, model, input, error);
    }
    if (!status && !table) { /* no row, by which a column could be told */
        status = take_name(settings->id_column, &input->id_column, error);
    }
    tf_error_set_place(error, path);
    tf_table_free(table);
    tf_free(recognised);
    return status;
}

/* ---- all files ---- */

void tf_link_input_deinit(tf_link_input *input) {
    tf_link_records_free(input->records);
    tf_free(input->files);
    tf_free(input->id_column);
    tf_free(input->source_column);
    tf_buffer_deinit(&input->rejects);
    tf_buffer_deinit(&input->first_reject);
    *input = (tf_link_input){0};
}

/* Files whose names make one source would be taken for one file. */
static tf_status check_names(char **paths, size_t path_count, tf_error *error) {
    for (size_t i = 1; i < path_count; i++) {
        char name[SOURCE_NAME_SIZE], other[SOURCE_NAME_SIZE];
        name_source(paths[i], name, sizeof name);
        for (size_t j = 0; j < i; j++) {
            name_source(paths[j], other, sizeof other);
            if (strcmp(name, other) == 0) {
                return tf_fail(error, TF_BAD_INPUT, paths[i], 0,
                               "has the same name as %s, and files are told apart by their names; "
                               "rename one, or name the column that tells sources apart with "
                               "--source",
                               paths[j]);
            }
        }
    }
    return TF_OK;
}

static tf_status read_files(reading *to, char **paths, size_t path_count, int threads,
                            tf_error *error) {
    tf_status status = TF_OK;
    for (size_t i = 0; i < path_count && !status; i++) {
        to->path = to->input->files[i].path = paths[i];
        status = read_file(to, threads, &to->input->files[i], error);
    }
    return status;
}

tf_status tf_link_read(char **paths, size_t path_count, const tf_link_settings *settings,
                       const tf_link_tables *tables, const tf_link_model *model,
                       tf_link_progress *progress, tf_link_input *input_out, tf_error *error) {
    *input_out = (tf_link_input){.file_count = path_count};
    tf_buffer_init(&input_out->rejects);
    tf_buffer_init(&input_out->first_reject);
    input_out->files = tf_alloc_zeroed(path_count, sizeof *input_out->files);
    reading to = {.input = input_out, .progress = progress};
    tf_status status = input_out->files ? TF_OK : tf_fail_no_memory(error);
    if (!status) {
        status = find_columns(paths[0], settings, tables, model, input_out, error);
    }
    if (!status && !input_out->source_column) {
        status = check_names(paths, path_count, error);
    }
    if (!status) {
        tf_link_loader_options options = {.id_column = input_out->id_column,
                                          .source_column = input_out->source_column,
                                          .memory_limit = settings->memory_limit};
        status = tf_link_loader_new(&options, &to.loader, error);
    }
    if (!status) {
        status = read_files(&to, paths, path_count, settings->threads, error);
    }
    if (!status) {
        status = tf_link_loader_finish(to.loader, &input_out->records, error);
    }
    tf_link_loader_free(to.loader);
    if (!status && tf_link_records_count(input_out->records) == 0) {
        status = tf_fail(error, TF_BAD_INPUT, paths[0], 0,
                         "there is no record in it; give a file with at least one");
    }
    return status;
}
