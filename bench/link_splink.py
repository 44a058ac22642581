#!/usr/bin/env python3
"""Deduplicate a file with Splink on DuckDB: read, train, predict, cluster and write.

    link_splink.py PEOPLE OUT THREADS SETTINGS [MODEL]

The comparisons are those of link_settings.json, one for one, and the blocking rules are read from
SETTINGS; so both programs score the same pairs alike.  Prints the seconds of each step as JSON, and
writes the trained model to MODEL.
"""
import json
import logging
import os
import sys
import time

import duckdb
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from splink import ColumnExpression, DuckDBAPI, Linker, SettingsCreator, block_on

THRESHOLD = 0.5


def compare(column, *between, frequencies=False):
    return comparisons.CustomComparison(
        output_column_name=column,
        comparison_levels=[
            levels.NullLevel(column),
            levels.ExactMatchLevel(column, term_frequency_adjustments=frequencies),
            *between,
            levels.ElseLevel(),
        ])


def start_of(column, length):
    return levels.ExactMatchLevel(ColumnExpression(column).substr(1, length))


def rules_of(path):
    """Our rules are columns and substrings of them, which SQL writes the same way."""
    with open(path, encoding="utf-8") as file:
        rules = json.load(file)["blocking"]
    return [block_on(rule) if isinstance(rule, str) else block_on(*rule) for rule in rules]


def settings(rules):
    names = [compare(column, levels.JaroWinklerLevel(column, 0.92),
                     levels.JaroWinklerLevel(column, 0.8), frequencies=True)
             for column in ("given_name", "family_name")]
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        retain_matching_columns=False,
        blocking_rules_to_generate_predictions=rules,
        comparisons=[
            *names,
            compare("date_of_birth", levels.LevenshteinLevel("date_of_birth", 1),
                    start_of("date_of_birth", 4)),
            compare("postcode", levels.LevenshteinLevel("postcode", 1), start_of("postcode", 5)),
            compare("email", levels.LevenshteinLevel("email", 1)),
            compare("address", levels.JaroWinklerLevel("address", 0.9)),
        ])


def train(linker):
    """Each comparison is learnt by one of two small sessions at least."""
    linker.training.estimate_probability_two_random_records_match(
        [block_on("date_of_birth", "given_name", "family_name"), block_on("email")], recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (block_on("email"), block_on("date_of_birth", "given_name")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)


def main():
    people, out, threads, ours = sys.argv[1:5]
    os.makedirs(out, exist_ok=True)
    logging.disable(logging.WARNING)
    steps = {}
    last = time.perf_counter()

    def done(step):
        nonlocal last
        now = time.perf_counter()
        steps[step], last = now - last, now

    connection = duckdb.connect()
    connection.execute(f"SET threads = {int(threads)}")
    connection.execute("SET enable_progress_bar = false")
    connection.execute(f"CREATE TABLE people AS SELECT * FROM read_csv('{people}', header = true, "
                       "all_varchar = true)")
    api = DuckDBAPI(connection=connection)
    linker = Linker(api.register("people"), settings(rules_of(ours)))
    done("reading")
    train(linker)
    done("training")
    pairs = linker.inference.predict(threshold_match_probability=THRESHOLD)
    done("pairs")
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        pairs, threshold_match_probability=THRESHOLD)
    done("people")
    for table, name, columns in (
            (pairs, "pairs.csv",
             "record_id_l AS unique_id_l, record_id_r AS unique_id_r, * EXCLUDE "
             "(record_id_l, record_id_r)"),
            (clusters, "clusters.csv", "record_id AS unique_id, cluster_id")):
        connection.execute(f"COPY (SELECT {columns} FROM {table.physical_name}) "
                           f"TO '{os.path.join(out, name)}' (HEADER)")
    done("writing")
    if len(sys.argv) > 5:
        linker.misc.save_model_to_json(sys.argv[5], overwrite=True)
    print(json.dumps(steps))


if __name__ == "__main__":
    main()
