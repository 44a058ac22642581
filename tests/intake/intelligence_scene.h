/* What the tests of intelligence share: drafts, and reading as somebody. */
#ifndef TREFOIL_TESTS_INTAKE_INTELLIGENCE_SCENE_H
#define TREFOIL_TESTS_INTAKE_INTELLIGENCE_SCENE_H

#include "report_scene.h"

#include "intake/intelligence.h"
#include "intake/retention.h"
#include "trefoil/base/date.h"

static const char sanitised[] = "A grey estate delivers to the boathouse on Thursdays.";

static inline tf_intelligence_form form_of(const char *text) {
    return (tf_intelligence_form){.source = tf_text_of("2"),
                                  .information = tf_text_of("B"),
                                  .handling = tf_text_of("P"),
                                  .text = tf_text_of(text),
                                  .conditions = tf_text_of(""),
                                  .provenance = tf_text_of("Seen in passing by a resident")};
}

static inline int64_t draft_of(report_scene *scene, int64_t response_id, int64_t corrects_id,
                               const char *text) {
    tf_error error;
    int64_t id;
    tf_intelligence_form form = form_of(text);
    assert_ok(tf_intelligence_draft(scene->access, &scene->actors[ASHA], response_id, corrects_id,
                                    &form, &id, &error),
              &error);
    return id;
}

static inline tf_intelligence read_as(report_scene *scene, int account, int purpose, int64_t id) {
    tf_error error;
    tf_intelligence report;
    tf_intent intent = {.purpose = purpose};
    assert_ok(tf_intelligence_read(scene->access, &scene->actors[account], &intent, id,
                                   scene->arena, &report, &error),
              &error);
    return report;
}

static inline int64_t send_full(report_scene *scene) {
    tf_answers answers = full_answers(scene);
    char code[TF_RECEIPT_SIZE];
    return send_report(scene, &answers, code);
}

static inline int prevent(report_scene *scene) {
    return tf_access_purpose(tf_access_get_rules(scene->access), "prevent-crime");
}

/* Asha drafts and submits one of nothing. */
static inline int64_t submitted_of(report_scene *scene, const char *text) {
    tf_error error;
    int64_t id = draft_of(scene, 0, 0, text);
    assert_ok(tf_intelligence_submit(scene->access, &scene->actors[ASHA], id, &error), &error);
    return id;
}

#endif
