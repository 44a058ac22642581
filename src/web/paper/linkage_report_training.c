/* How the model came to what it says. */
#include "web/paper/linkage_report_internal.h"

#include "web/paper/linkage_words.h"

static const char *session_name(tf_linkage_paper *paper, const tf_link_session *session) {
    const tf_linkage_report *report = paper->report;
    if (session->rule < 0) {
        return "All pairs, or those of a sample of records with all others";
    }
    const tf_link_rule *rules =
        report->learning_rules ? report->learning_rules : report->model->rules;
    tf_buffer out;
    tf_buffer_init(&out);
    tf_linkage_words_rule(&rules[session->rule], &out);
    return tf_linkage_take(paper, &out);
}

static void write_sessions(tf_linkage_paper *paper, const tf_link_learning *learning) {
    static const tf_linkage_head heads[] = {
        {"Pairs that have", false}, {"Pairs", true},      {"Matches expected among them", true},
        {"Iterations", true},       {"Converged", false}, {"Used", false}};
    if (learning->session_count == 0) {
        return;
    }
    tf_linkage_table_begin(paper, "Sessions of expectation maximisation", heads, 6);
    for (int i = 0; i < learning->session_count; i++) {
        const tf_link_session *session = &learning->sessions[i];
        tf_linkage_row_begin(paper, session_name(paper, session));
        tf_linkage_number(paper, tf_linkage_count(paper, session->pairs));
        tf_linkage_number(paper, tf_linkage_count(paper, session->matches));
        tf_linkage_number(paper, tf_linkage_count(paper, session->iterations));
        tf_linkage_cell(paper, session->has_converged ? "yes" : "no");
        tf_linkage_cell(paper, session->was_used ? "yes" : "no: nothing could be learnt from it");
        tf_linkage_row_end(paper);
    }
    tf_linkage_table_end(paper);
}

static void add_item(tf_linkage_paper *paper, const char *text) {
    tf_html_element(paper->html, "li", NULL, text);
}

static void write_caveats(tf_linkage_paper *paper, const tf_link_learning *learning) {
    int stopped = 0;
    for (int i = 0; i < learning->session_count; i++) {
        stopped += learning->sessions[i].was_used && !learning->sessions[i].has_converged;
    }
    tf_html_open(paper->html, "ul");
    tf_html_attribute(paper->html, "class", "govuk-list govuk-list--bullet");
    add_item(paper, learning->prior_was_given
                        ? "The share of matches among all pairs was given, and not learnt."
                        : "The share of matches among all pairs was learnt; no default stands "
                          "for it.");
    add_item(paper, learning->defaulted_levels == 0
                        ? "Every m was learnt; none stayed at its starting value."
                        : tf_linkage_say(paper,
                                         "The m of %d %s could not be learnt and stayed at its "
                                         "starting value: a default.",
                                         learning->defaulted_levels,
                                         learning->defaulted_levels == 1 ? "level" : "levels"));
    add_item(paper,
             learning->unseen_levels == 0
                 ? "Every level was seen."
                 : tf_linkage_say(paper,
                                  "%d %s never seen in the pairs counted; smoothing alone "
                                  "made their m or u.",
                                  learning->unseen_levels,
                                  learning->unseen_levels == 1 ? "level was" : "levels were"));
    add_item(paper,
             stopped == 0
                 ? "Every session that was used converged."
                 : tf_linkage_say(paper, "%d of the sessions used did not converge.", stopped));
    tf_html_close(paper->html, "ul");
}

tf_status tf_linkage_write_training(tf_linkage_paper *paper) {
    const tf_link_learning *learning = paper->report->learning;
    if (!learning) {
        tf_linkage_paragraph(paper, "The model was trained before and used as it came; nothing "
                                    "was learnt from these records.");
        return TF_OK;
    }
    const char *pairs = tf_linkage_count(paper, learning->counted_pairs);
    if (learning->random_pairs > 0) {
        tf_linkage_paragraph(
            paper,
            tf_linkage_say(paper,
                           "The model was learnt from the records themselves, without labels: u "
                           "from %s pairs drawn at random, m from %s pairs in sessions of "
                           "expectation maximisation, each of which leaves out what chose its "
                           "pairs.",
                           tf_linkage_count(paper, learning->random_pairs), pairs));
    } else {
        tf_linkage_paragraph(
            paper, tf_linkage_say(paper,
                                  "The model was learnt from the records themselves, without "
                                  "labels: m, u and the share of matches were found together by "
                                  "expectation maximisation over %s pairs.",
                                  pairs));
    }
    tf_linkage_paragraph(paper,
                         tf_linkage_say(paper, "By what was learnt, %s pairs of all are matches.",
                                        tf_linkage_count(paper, learning->expected_matches)));
    write_caveats(paper, learning);
    write_sessions(paper, learning);
    return TF_OK;
}
