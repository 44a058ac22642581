#include "linkage/evidence_internal.h"

static const size_t TABLE_VALUES_MOST = 4096; /* 16 MB, and only what is touched of it */

void link_evidence_free(link_evidence *evidence) {
    if (!evidence) {
        return;
    }
    for (int f = 0; f < evidence->factor_count; f++) {
        tf_free(evidence->factors[f].table);
        tf_free(evidence->factors[f].screen);
    }
    link_derivation_deinit(&evidence->derivation);
    tf_free(evidence->rows);
    tf_arena_free(evidence->arena);
    tf_free(evidence);
}

/* ---- from conditions to factors ---- */

typedef struct compilation {
    link_evidence *evidence;
    link_evidence_comparison *comparison;
    tf_error *error;
} compilation;

static tf_status new_node(compilation *compiler, tf_link_op op, int child_count,
                          link_node **node_out) {
    link_node *node = tf_arena_alloc(compiler->evidence->arena, 1, sizeof *node);
    link_node **children =
        tf_arena_alloc(compiler->evidence->arena, (size_t)child_count + 1, sizeof *children);
    if (!node || !children) {
        return tf_fail_no_memory(compiler->error);
    }
    *node = (link_node){.op = op, .children = children, .child_count = child_count};
    *node_out = node;
    return TF_OK;
}

static tf_status fail_too_many(const compilation *compiler) {
    return tf_fail(compiler->error, TF_UNSUPPORTED, NULL, 0,
                   "the comparison %.80s has more conditions than can be looked at together; "
                   "divide it, or leave levels out",
                   compiler->comparison->comparison->name);
}

/* The factor of a derived value that has the test already, or room for it. */
static tf_status find_factor(compilation *compiler, link_derived *derived, const link_test *test,
                             const link_evidence_factor **factor_out, int *test_out) {
    link_evidence *evidence = compiler->evidence;
    link_evidence_factor *roomy = NULL;
    for (int i = 0; i < evidence->factor_count; i++) {
        link_evidence_factor *factor = &evidence->factors[i];
        if (factor->factor.derived != derived) {
            continue;
        }
        for (int t = 0; t < factor->factor.test_count; t++) {
            if (link_tests_are_same(&factor->factor.tests[t], test)) {
                *factor_out = factor;
                *test_out = t;
                return TF_OK;
            }
        }
        roomy = factor->factor.test_count < LINK_MOST_TESTS ? factor : roomy;
    }
    if (!roomy) {
        if (evidence->factor_count == LINK_MOST_FACTORS) {
            return fail_too_many(compiler);
        }
        roomy = &evidence->factors[evidence->factor_count];
        *roomy = (link_evidence_factor){
            .factor = {.derived = derived, .nicknames = evidence->derivation.reading.nicknames},
            .number = evidence->factor_count++};
    }
    *test_out = roomy->factor.test_count++;
    roomy->factor.tests[*test_out] = *test;
    *factor_out = roomy;
    return TF_OK;
}

/* The comparison's use of a factor's test: which use, and which of its bits. */
static tf_status find_use(compilation *compiler, const link_evidence_factor *factor, int test,
                          int *use_out, int *bit_out) {
    link_evidence_comparison *comparison = compiler->comparison;
    int u = 0;
    while (u < comparison->use_count && comparison->uses[u].factor != factor) {
        u++;
    }
    if (u == LINK_MOST_USES) {
        return fail_too_many(compiler);
    }
    link_use *use = &comparison->uses[u];
    if (u == comparison->use_count) {
        *use = (link_use){.factor = factor};
        comparison->use_count++;
    }
    int bit = 0;
    while (bit < use->test_count && use->tests[bit] != test) {
        bit++;
    }
    if (bit == use->test_count) {
        use->tests[use->test_count++] = test;
    }
    *use_out = u;
    *bit_out = bit;
    return TF_OK;
}

/* A node for one test.  Its bit is the use's number and the test's until the shifts are known. */
static tf_status compile_test(compilation *compiler, const tf_link_value *left,
                              const tf_link_value *right, int part_count, const link_test *test,
                              link_node **node_out) {
    link_derived *derived;
    const link_evidence_factor *factor = NULL;
    int number = 0;
    int use = 0;
    int bit = 0;
    tf_status status = link_derivation_want(&compiler->evidence->derivation, left, right,
                                            part_count, &derived, compiler->error);
    if (!status) {
        status = find_factor(compiler, derived, test, &factor, &number);
    }
    if (!status) {
        status = find_use(compiler, factor, number, &use, &bit);
    }
    if (!status) {
        status = new_node(compiler, TF_LINK_EXACT, 0, node_out);
    }
    if (!status) {
        (*node_out)->bit = use * LINK_MOST_TESTS + bit;
    }
    return status;
}

/* Of two texts that are there every test is known to hold or not to. */
static bool is_known_of_texts(tf_link_op op) {
    return op == TF_LINK_EXACT || op == TF_LINK_LITERAL || op == TF_LINK_NICKNAME ||
           (op >= TF_LINK_LEVENSHTEIN && op <= TF_LINK_JACCARD);
}

/* What does not hold, of values that are there: by the bit of what holds, where there is no third
 * answer, so that it is not asked twice. */
static tf_status compile_negated(compilation *compiler, const tf_link_value *left,
                                 const tf_link_value *right, int part_count, link_test test,
                                 link_node **node_out) {
    if (!is_known_of_texts(test.op)) {
        return compile_test(compiler, left, right, part_count, &test, node_out);
    }
    link_test missing = {.op = TF_LINK_MISSING};
    test.is_negated = false;
    tf_status status = new_node(compiler, TF_LINK_AND, 2, node_out);
    if (!status) {
        status = compile_test(compiler, left, right, part_count, &test, &(*node_out)->children[0]);
    }
    if (!status) {
        status =
            compile_test(compiler, left, right, part_count, &missing, &(*node_out)->children[1]);
    }
    if (!status) {
        (*node_out)->children[0]->op = TF_LINK_NOT;
        (*node_out)->children[1]->op = TF_LINK_NOT;
    }
    return status;
}

static tf_status compile_reversed(compilation *compiler, const tf_link_condition *condition,
                                  bool is_negated, link_node **node_out) {
    link_test test = {.op = TF_LINK_EXACT, .is_negated = is_negated};
    const tf_link_value *a = &condition->values[0];
    const tf_link_value *b = &condition->values[1];
    if (condition->side == TF_LINK_LEFT) {
        return compile_test(compiler, a, b, 1, &test, node_out);
    }
    tf_status status = new_node(compiler, is_negated ? TF_LINK_OR : TF_LINK_AND, 2, node_out);
    if (!status) {
        status = compile_test(compiler, a, b, 1, &test, &(*node_out)->children[0]);
    }
    return status ? status : compile_test(compiler, b, a, 1, &test, &(*node_out)->children[1]);
}

/* A value without its last step if that takes any element of a list. */
static bool takes_any(const tf_link_value *value, tf_link_value *list_out) {
    *list_out = *value;
    if (value->step_count && value->steps[value->step_count - 1].kind == TF_LINK_ANY) {
        list_out->step_count--;
        return true;
    }
    return false;
}

/* NOT is pushed down to the tests, where "not known" is known. */
static tf_status compile_condition(compilation *compiler, const tf_link_condition *condition,
                                   bool is_negated, link_node **node_out) {
    if (condition->op == TF_LINK_NOT) {
        return compile_condition(compiler, condition->children[0], !is_negated, node_out);
    }
    if (condition->op == TF_LINK_ELSE) {
        return new_node(compiler, TF_LINK_ELSE, 0, node_out);
    }
    if (condition->op == TF_LINK_AND || condition->op == TF_LINK_OR) {
        bool is_and = (condition->op == TF_LINK_AND) != is_negated;
        tf_status status =
            new_node(compiler, is_and ? TF_LINK_AND : TF_LINK_OR, condition->child_count, node_out);
        for (int i = 0; i < condition->child_count && !status; i++) {
            status = compile_condition(compiler, condition->children[i], is_negated,
                                       &(*node_out)->children[i]);
        }
        return status;
    }
    if (condition->op == TF_LINK_REVERSED) {
        return compile_reversed(compiler, condition, is_negated, node_out);
    }
    link_test test = {.op = condition->op,
                      .threshold = condition->threshold,
                      .text = condition->text,
                      .side = condition->side,
                      .metric = condition->metric,
                      .is_negated = is_negated};
    tf_link_value values[LINK_MOST_PARTS] = {condition->values[0], condition->values[1]};
    if (takes_any(&condition->values[0], &values[0]) && condition->op == TF_LINK_EXACT) {
        test.op = TF_LINK_INTERSECTION;
        test.threshold = 1;
    }
    return (is_negated
                ? compile_negated(compiler, values, values, condition->value_count, test, node_out)
                : compile_test(compiler, values, values, condition->value_count, &test, node_out));
}

static void place_bits(const link_evidence_comparison *comparison, link_node *node) {
    if (node->op == TF_LINK_EXACT || node->op == TF_LINK_NOT) {
        const link_use *use = &comparison->uses[node->bit / LINK_MOST_TESTS];
        node->bit = use->shift + node->bit % LINK_MOST_TESTS;
    }
    for (int i = 0; i < node->child_count; i++) {
        place_bits(comparison, node->children[i]);
    }
}

static bool holds(const link_node *node, uint64_t answers) {
    switch (node->op) {
    case TF_LINK_ELSE:
        return true;
    case TF_LINK_AND:
        for (int i = 0; i < node->child_count; i++) {
            if (!holds(node->children[i], answers)) {
                return false;
            }
        }
        return true;
    case TF_LINK_OR:
        for (int i = 0; i < node->child_count; i++) {
            if (holds(node->children[i], answers)) {
                return true;
            }
        }
        return false;
    case TF_LINK_NOT:
        return !(answers >> node->bit & 1);
    default:
        return answers >> node->bit & 1;
    }
}

int link_level_by_nodes(const link_evidence_comparison *comparison, uint64_t answers) {
    int last = comparison->comparison->level_count - 1;
    for (int i = 0; i < last; i++) {
        if (holds(comparison->nodes[i], answers)) {
            return i;
        }
    }
    return last;
}

static tf_status compile_comparison(compilation *compiler) {
    link_evidence_comparison *comparison = compiler->comparison;
    const tf_link_comparison *from = comparison->comparison;
    comparison->nodes =
        tf_arena_alloc(compiler->evidence->arena, (size_t)from->level_count, sizeof(link_node *));
    if (!comparison->nodes) {
        return tf_fail_no_memory(compiler->error);
    }
    for (int i = 0; i < from->level_count; i++) {
        tf_status status =
            compile_condition(compiler, from->levels[i].condition, false, &comparison->nodes[i]);
        if (!status && from->levels[i].tf_column) {
            link_derived *derived;
            tf_link_value value = {.column = from->levels[i].tf_column};
            status = link_derivation_want(&compiler->evidence->derivation, &value, &value, 1,
                                          &derived, compiler->error);
        }
        if (status) {
            return status;
        }
    }
    for (int i = 0; i < comparison->use_count; i++) {
        link_use *use = &comparison->uses[i];
        use->shift = comparison->bit_count;
        comparison->bit_count += use->test_count;
        comparison->factors |= 1ULL << use->factor->number;
        for (unsigned answer = 0; answer < LINK_ANSWERS; answer++) {
            for (int t = 0; t < use->test_count; t++) {
                use->map[answer] |= (uint8_t)((answer >> use->tests[t] & 1) << t);
            }
        }
    }
    if (comparison->bit_count > LINK_MOST_ANSWER_BITS) {
        return fail_too_many(compiler);
    }
    for (int i = 0; i < from->level_count; i++) {
        place_bits(comparison, comparison->nodes[i]);
    }
    return TF_OK;
}

/* The level of every combination of answers. */
static tf_status tabulate_levels(link_evidence *evidence, link_evidence_comparison *comparison,
                                 tf_error *error) {
    if (comparison->bit_count > LINK_MOST_TABLE_BITS) {
        return TF_OK;
    }
    size_t count = (size_t)1 << comparison->bit_count;
    comparison->levels = tf_arena_alloc(evidence->arena, count, 1);
    if (!comparison->levels) {
        return tf_fail_no_memory(error);
    }
    uint8_t *levels = comparison->levels;
    for (size_t answers = 0; answers < count; answers++) {
        levels[answers] = (uint8_t)link_level_by_nodes(comparison, answers);
    }
    return TF_OK;
}

/* ---- rows ---- */

static tf_status fill_rows(link_evidence *evidence, tf_error *error) {
    link_derivation *derivation = &evidence->derivation;
    uint32_t slots = 0;
    for (size_t i = 0; i < derivation->count; i++) {
        slots += derivation->items[i]->is_across ? 2 : 1;
    }
    evidence->stride = slots;
    evidence->rows = tf_alloc((size_t)evidence->record_count * slots + 1, sizeof(uint32_t));
    if (!evidence->rows) {
        return tf_fail_no_memory(error);
    }
    uint32_t slot = 0;
    for (size_t i = 0; i < derivation->count; i++) {
        link_derived *derived = derivation->items[i];
        for (int side = 0; side < (derived->is_across ? 2 : 1); side++, slot++) {
            const uint32_t *codes = side ? derived->right_codes : derived->left_codes;
            uint32_t *at = evidence->rows + slot;
            for (uint32_t r = 0; r < evidence->record_count; r++, at += slots) {
                *at = codes[r];
            }
        }
        link_derived_drop_codes(derived);
    }
    return TF_OK;
}

static void place_slots(link_evidence *evidence, link_evidence_factor *factor) {
    const link_derivation *derivation = &evidence->derivation;
    uint32_t slot = 0;
    for (size_t i = 0; derivation->items[i] != factor->factor.derived; i++) {
        slot += derivation->items[i]->is_across ? 2 : 1;
    }
    factor->left_slot = slot;
    factor->right_slot = factor->factor.derived->is_across ? slot + 1 : slot;
}

/* A table of all pairs of values where they are few.  (A cache for the others was slower than to
 * compare again: it lies further away than the texts.) */
static tf_status keep_answers(link_evidence_factor *factor, tf_error *error) {
    const link_factor *tests = &factor->factor;
    size_t values = tests->derived->values->count;
    if (factor->is_exact) {
        return TF_OK;
    }
    if (values < TABLE_VALUES_MOST) {
        factor->table_side = (uint32_t)values + 1;
        factor->table = tf_alloc_zeroed((values + 1) * (values + 1), sizeof *factor->table);
        return factor->table ? TF_OK : tf_fail_no_memory(error);
    }
    return TF_OK;
}

static tf_status screen_factor(link_evidence_factor *factor, tf_error *error) {
    factor->is_exact = true;
    for (int t = 0; t < factor->factor.test_count; t++) {
        tf_link_op op = factor->factor.tests[t].op;
        factor->is_exact = factor->is_exact && (op == TF_LINK_EXACT || op == TF_LINK_MISSING);
        factor->usual_answer |= (uint8_t)((unsigned)factor->factor.tests[t].is_negated << t);
    }
    return link_screen_new(&factor->factor, &factor->screen, error);
}

static void describe_quickly(const link_evidence_factor *factor, link_quick *quick) {
    *quick = (link_quick){
        .left_slot = factor->left_slot,
        .right_slot = factor->right_slot,
        .missing_answer = factor->factor.missing_answer,
        .equal_answer =
            factor->factor.has_equal_answer ? factor->factor.equal_answer : LINK_NO_ANSWER,
        .differ_answer = factor->is_exact ? factor->usual_answer : LINK_NO_ANSWER,
        .table_side = factor->table_side,
        .table = factor->table,
    };
}

static tf_status build(link_evidence *evidence, int thread_count, tf_error *error) {
    const tf_link_model *model = evidence->model;
    evidence->comparisons = tf_arena_alloc(evidence->arena, (size_t)model->comparison_count,
                                           sizeof *evidence->comparisons);
    evidence->factors =
        tf_arena_alloc(evidence->arena, LINK_MOST_FACTORS, sizeof *evidence->factors);
    evidence->quick = tf_arena_alloc(evidence->arena, LINK_MOST_FACTORS, sizeof *evidence->quick);
    if (!evidence->comparisons || !evidence->factors || !evidence->quick) {
        return tf_fail_no_memory(error);
    }
    compilation compiler = {evidence, NULL, error};
    for (int c = 0; c < model->comparison_count; c++) {
        compiler.comparison = &evidence->comparisons[c];
        *compiler.comparison = (link_evidence_comparison){.comparison = &model->comparisons[c]};
        evidence->comparison_count = c + 1;
        tf_status status = compile_comparison(&compiler);
        if (status) {
            return status;
        }
    }
    tf_status status = link_derivation_run(&evidence->derivation, thread_count, error);
    if (!status) {
        status = fill_rows(evidence, error);
    }
    tf_similarity_unit unit =
        model->compares_bytes ? TF_SIMILARITY_BYTES : TF_SIMILARITY_CODE_POINTS;
    for (int c = 0; c < model->comparison_count && !status; c++) {
        status = tabulate_levels(evidence, &evidence->comparisons[c], error);
    }
    for (int f = 0; f < evidence->factor_count && !status; f++) {
        place_slots(evidence, &evidence->factors[f]);
        status = link_factor_ready(&evidence->factors[f].factor, unit, error);
        if (!status) {
            status = screen_factor(&evidence->factors[f], error);
        }
        if (!status) {
            status = keep_answers(&evidence->factors[f], error);
        }
        describe_quickly(&evidence->factors[f], &evidence->quick[f]);
    }
    return status;
}

tf_status link_evidence_new(const tf_link_records *records, const link_reading *reading,
                            int thread_count, link_evidence **evidence_out, tf_error *error) {
    *evidence_out = NULL;
    link_evidence *evidence = tf_alloc_zeroed(1, sizeof *evidence);
    if (!evidence) {
        return tf_fail_no_memory(error);
    }
    evidence->records = records;
    evidence->model = reading->model;
    evidence->record_count = records->count;
    evidence->derivation = (link_derivation){.records = records, .reading = *reading};
    evidence->arena = tf_arena_new();
    tf_status status =
        evidence->arena ? build(evidence, thread_count, error) : tf_fail_no_memory(error);
    if (status) {
        link_evidence_free(evidence);
        return status;
    }
    *evidence_out = evidence;
    return TF_OK;
}

/* ---- workers ---- */

tf_status link_worker_init(link_worker *worker, tf_error *error) {
    *worker = (link_worker){0};
    return tf_similarity_scratch_init(&worker->scratch, LINK_LONGEST_COMPARED, error);
}

void link_worker_deinit(link_worker *worker) {
    tf_similarity_scratch_deinit(&worker->scratch);
}

/* From the signature, which is near already. */
static inline void operand_of(const link_evidence_factor *factor, uint32_t code,
                              link_operand *operand) {
    const link_derived *derived = factor->factor.derived;
    const link_signature *signature = &factor->screen->signatures[code];
    uint32_t length = signature->flags & LINK_FLAG_LENGTH;
    const char *text = derived->values->bytes + (size_t)signature->start * LINK_TEXT_ALIGNMENT;
    length = length ? length : derived->values->lengths[code];
    operand->code = code;
    operand->text = (tf_text){text, length};
    operand->similarity = (tf_similarity_text){.narrow = (const uint8_t *)text, .length = length};
    operand->signature = signature;
    if (factor->factor.needs & LINK_NEEDS_DAYS) {
        operand->days = derived->days[code];
    }
}

static uint8_t compare_codes(const link_evidence_factor *factor, uint32_t left, uint32_t right,
                             link_worker *worker) {
    link_operand a, b;
    if (factor->screen && !factor->factor.derived->prepared) {
        operand_of(factor, left, &a);
        operand_of(factor, right, &b);
    } else {
        link_factor_operand(&factor->factor, left, &a);
        link_factor_operand(&factor->factor, right, &b);
    }
    return link_factor_compare(&factor->factor, &a, &b, &worker->scratch);
}

uint8_t link_answer_slowly(const link_evidence_factor *factor, uint32_t left, uint32_t right,
                           link_worker *worker) {
    if (factor->screen && !link_screen_passes(factor->screen, left, right)) {
        return factor->usual_answer;
    }
    if (factor->table_side) {
        uint8_t answer = compare_codes(factor, left, right, worker);
        atomic_store_explicit(&factor->table[(size_t)left * factor->table_side + right],
                              (unsigned char)(answer + 1), memory_order_relaxed);
        return answer;
    }
    return compare_codes(factor, left, right, worker);
}

uint8_t link_answer_new(const link_evidence_factor *factor, uint32_t left,
                        const link_operand *right, link_worker *worker) {
    if (factor->screen && !link_screen_passes_new(factor->screen, left, right->signature)) {
        return factor->usual_answer;
    }
    link_operand operand;
    if (factor->screen && !factor->factor.derived->prepared) {
        operand_of(factor, left, &operand);
    } else {
        link_factor_operand(&factor->factor, left, &operand);
    }
    return link_factor_compare(&factor->factor, &operand, right, &worker->scratch);
}
