#!/usr/bin/env python3
"""Write, or compare with, what Splink makes of a small linkage.

    splink_oracle.py GOLDEN            compare the files in GOLDEN with the installed Splink's
    splink_oracle.py GOLDEN --write    write them

For an environment with Splink from PyPI (pip install splink==5.0.0, or 4.0.16) and pandas; the major
version is part of the names:

    splink5_model.json     what save_model_to_json saves
    splink5_scores.csv     predict(): a gamma for each comparison, the term frequencies that were
                           used, match weight and match probability
    splink5_patterns.csv   the agreement patterns of one training session, with their counts
    splink5_em.csv         m of each level and the prior, after each iteration of that session
"""

import csv
import json
import logging
import math
import random
import sys
from pathlib import Path

import pandas
import splink
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

MAJOR = splink.__version__.split(".")[0]
FORENAMES = "Anna Ben Carol David Ellen Frank Grace Henry Irene Jack Karen Liam Mary".split()
SURNAMES = "Smith Jones Taylor Brown Khan Patel Evans Hughes Walker Moss Lloyd Quill".split()
TOWNS = ["Larkenham", "Wrenport", "Finchley Cross", None]


def spoil(text, dice):
    at = dice.randrange(len(text))
    return text[:at] + dice.choice("aeiou") + text[at + 1:]


def people():
    """Records of 250 people who do not exist, most of them twice, with errors."""
    dice = random.Random(20240229)
    rows = []
    for person in range(250):
        true = {
            "first_name": FORENAMES[min(int(dice.expovariate(0.25)), len(FORENAMES) - 1)],
            "surname": SURNAMES[min(int(dice.expovariate(0.25)), len(SURNAMES) - 1)],
            "dob": f"{dice.randrange(1950, 2005)}-{dice.randrange(1, 13):02}-"
                   f"{dice.randrange(1, 29):02}",
            "town": dice.choice(TOWNS),
        }
        for _ in range(dice.choice([1, 2, 2, 3])):
            row = dict(true, unique_id=len(rows))
            for column in ("first_name", "surname"):
                if dice.random() < 0.15:
                    row[column] = spoil(row[column], dice)
                elif dice.random() < 0.05:
                    row[column] = None
            if dice.random() < 0.1:
                row["dob"] = row["dob"][:-1] + str(dice.randrange(10))
            rows.append(row)
    return pandas.DataFrame(rows)


def surname_comparison():
    """Term frequencies on a fuzzy level too, weighted and bounded."""
    return comparisons.CustomComparison(
        output_column_name="surname",
        comparison_levels=[
            levels.NullLevel("surname"),
            levels.ExactMatchLevel("surname", term_frequency_adjustments=True),
            levels.LevenshteinLevel("surname", 1).configure(
                tf_adjustment_column="surname", tf_adjustment_weight=0.5,
                tf_minimum_u_value=0.01),
            levels.ElseLevel(),
        ])


def run():
    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[block_on("surname"),
                                                block_on("substr(first_name, 1, 1)", "town")],
        comparisons=[
            comparisons.JaroWinklerAtThresholds("first_name", [0.9, 0.7]).configure(
                term_frequency_adjustments=True),
            surname_comparison(),
            comparisons.DateOfBirthComparison("dob", input_is_string=True),
            comparisons.ExactMatch("town"),
        ],
        retain_intermediate_calculation_columns=True,
        probability_two_random_records_match=0.003,
        max_iterations=12,
    )
    api = DuckDBAPI()
    data = people()
    if MAJOR == "4":
        linker = Linker(data, settings, db_api=api)
    else:
        linker = Linker(api.register(data), settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=7)
    start = linker.misc.save_model_to_json()
    session = linker.training.estimate_parameters_using_expectation_maximisation(
        block_on("town"), estimate_without_term_frequencies=True)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("dob"))
    return linker, start, session, data


def score_rows(linker):
    scores = linker.inference.predict()
    rows = pandas.DataFrame(scores.as_record_list() if hasattr(scores, "as_record_list")
                            else scores.as_record_dict())
    columns = sorted(c for c in rows.columns if c.startswith(("gamma_", "tf_")))
    rows = rows.sort_values(["unique_id_l", "unique_id_r"])
    # A few rows of each agreement pattern, with different frequencies, are enough.
    rows = rows.drop_duplicates(columns)
    rows = rows.groupby([c for c in columns if c.startswith("gamma_")]).head(2)
    rows = rows[columns + ["match_weight", "match_probability"]]
    return [list(rows.columns)] + [
        ["" if isinstance(v, float) and math.isnan(v) else repr(float(v)) for v in row]
        for row in rows.values.tolist()]


def pattern_rows(linker, session, data):
    """The agreement patterns of the session, counted from its own pairs."""
    names = [c.output_column_name for c in session.core_model_settings.comparisons]
    vectors = session._comparison_vectors()
    rows = pandas.DataFrame(vectors.as_record_list() if hasattr(vectors, "as_record_list")
                            else vectors.as_record_dict())
    gammas = [f"gamma_{name}" for name in names]
    counts = rows.groupby(gammas).size().reset_index(name="count").sort_values(gammas)
    return [gammas + ["count"]] + [[str(int(v)) for v in row] for row in counts.values.tolist()]


def em_rows(session):
    rows = [["iteration", "comparison", "gamma", "m"]]
    for iteration, settings in enumerate(session._core_model_settings_history):
        prior = settings.probability_two_random_records_match
        rows.append([str(iteration), "", "", repr(float(prior))])
        for comparison in settings.comparisons:
            for level in comparison._comparison_levels_excluding_null:
                rows.append([str(iteration), comparison.output_column_name,
                             str(level.comparison_vector_value),
                             repr(float(level.m_probability or 0))])
    return rows


def same(ours, theirs):
    if ours == theirs:
        return True
    try:
        return math.isclose(float(ours), float(theirs), rel_tol=1e-9, abs_tol=1e-9)
    except ValueError:
        return False


def check_csv(path, rows, is_writing):
    if is_writing:
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
        return 0
    with path.open(newline="", encoding="utf-8") as file:
        golden = list(csv.reader(file))
    wrong = abs(len(golden) - len(rows))
    for ours, theirs in zip(golden, rows):
        wrong += not all(map(same, ours, theirs))
    print(f"{'not ok' if wrong else 'ok'} - {path.name}: {len(rows)} rows, {wrong} differ")
    return wrong


def check_model(path, model, is_writing):
    model.pop("linker_uid", None)
    text = json.dumps(model, indent=1) + "\n"
    if is_writing:
        path.write_text(text, encoding="utf-8")
        return 0
    golden = json.loads(path.read_text(encoding="utf-8"))
    wrong = int([c["comparison_levels"][i]["sql_condition"]
                 for c in golden["comparisons"] for i in range(len(c["comparison_levels"]))] !=
                [c["comparison_levels"][i]["sql_condition"]
                 for c in model["comparisons"] for i in range(len(c["comparison_levels"]))])
    print(f"{'not ok' if wrong else 'ok'} - {path.name}: the same conditions")
    return wrong


def main():
    logging.disable(logging.CRITICAL)
    folder = Path(sys.argv[1])
    is_writing = "--write" in sys.argv
    if not is_writing:
        print("1..5")
    linker, start, session, data = run()
    wrong = check_model(folder / f"splink{MAJOR}_start.json", start, is_writing)
    wrong += check_model(folder / f"splink{MAJOR}_model.json",
                         linker.misc.save_model_to_json(), is_writing)
    wrong += check_csv(folder / f"splink{MAJOR}_scores.csv", score_rows(linker), is_writing)
    wrong += check_csv(folder / f"splink{MAJOR}_patterns.csv",
                       pattern_rows(linker, session, data), is_writing)
    wrong += check_csv(folder / f"splink{MAJOR}_em.csv", em_rows(session), is_writing)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
