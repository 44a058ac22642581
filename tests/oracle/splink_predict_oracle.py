#!/usr/bin/env python3
"""Write, or compare with, what Splink predicts about a file of invented people.

    splink_predict_oracle.py GOLDEN            compare the files in GOLDEN with the installed Splink's
    splink_predict_oracle.py GOLDEN --write    write them

For an environment with Splink from PyPI (pip install splink==5.0.0, or 4.0.16) and pandas; the major
version is part of the names:

    splink_predict_data.csv     the people; a list is written a|b
    splink5_predict_model.json  a model of nearly every comparison that Splink has, m and u given
    splink5_bytes_pairs.csv     predict(): the pairs that its blocking rules find, the first rule that
                                does, a gamma for each comparison, and the match weight
    splink5_bytes_between.csv   the same between two sources, even ids and odd

DuckDB's text measures count bytes of UTF-8 in version 2.0.0, and letters in 2.0.1: what it then finds
is in splink5_letters_pairs.csv and splink5_letters_between.csv.
"""

import csv
import json
import logging
import math
import random
import sys
from pathlib import Path

import duckdb
import pandas
import splink
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from splink import ColumnExpression, DuckDBAPI, Linker, SettingsCreator, block_on

MAJOR = splink.__version__.split(".")[0]
FORENAMES = "Anna Zoë Carol José Ellen Frank Gráinne Henry Irene Jack Karen Łukasz".split()
SURNAMES = "Smith Müller Taylor Brown Khan O'Neill Evans Hughes Ångström Jack Henry Lloyd".split()
TOWNS = ["Larkenham", "Wrenport", "Finchley Cross", "Upper Wrenport", None]
TAGS = ["heron", "kite", "owl", "rook", "tern"]
COLUMNS = ["unique_id", "first_name", "surname", "dob", "postcode", "email", "town", "lat", "long",
           "amount", "tags", "aliases"]


def spoil(text, dice):
    at = dice.randrange(len(text))
    kind = dice.randrange(4)
    if kind == 0:
        return text[:at] + dice.choice("aeéi") + text[at + 1:]
    if kind == 1 and len(text) > 2:
        return text[:at] + text[at + 1:]
    if kind == 2 and at + 1 < len(text):
        return text[:at] + text[at + 1] + text[at] + text[at + 2:]
    return text[:at] + dice.choice("aeiou") + text[at:]


def pick(values, dice):
    return values[min(int(dice.expovariate(0.3)), len(values) - 1)]


def person(dice):
    first, last = pick(FORENAMES, dice), pick(SURNAMES, dice)
    area = dice.choice(["QA", "QB", "Q"])
    return {
        "first_name": first,
        "surname": last,
        "dob": f"{dice.randrange(1950, 2005)}-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02}",
        "postcode": f"{area}{dice.randrange(1, 4)} {dice.randrange(1, 4)}"
                    f"{dice.choice('ABD')}{dice.choice('EFG')}",
        "email": f"{first.lower()}.{last.lower()}@{dice.choice(['example.org', 'example.com'])}",
        "town": dice.choice(TOWNS),
        "lat": round(51 + dice.random() / 2, 4),
        "long": round(-1 + dice.random() / 2, 4),
        "amount": dice.randrange(1, 400) / 4,
        "tags": sorted(dice.sample(TAGS, dice.randrange(1, 4))),
        "aliases": [first] + dice.sample(FORENAMES, dice.randrange(0, 2)),
    }


def copy_of(true, dice):
    """The person as another service wrote it down."""
    row = dict(true)
    for column in ("first_name", "surname", "postcode", "email"):
        if dice.random() < 0.25:
            row[column] = spoil(row[column], dice)
    if dice.random() < 0.1:
        row["first_name"], row["surname"] = row["surname"], row["first_name"]
    if dice.random() < 0.3:
        at = dice.choice([3, 6, 8, 9])
        row["dob"] = row["dob"][:at] + str(dice.randrange(2)) + row["dob"][at + 1:]
    if dice.random() < 0.5:
        row["lat"] = round(row["lat"] + dice.random() / 50, 4)
        row["amount"] += dice.randrange(-8, 9) / 4
        row["tags"] = row["tags"][:1] + [dice.choice(TAGS)]
        row["aliases"] = [spoil(name, dice) for name in row["aliases"]]
    for column in COLUMNS[1:]:
        if dice.random() < 0.06:
            row[column] = None
    if dice.random() < 0.05:
        row["lat"] = row["long"] = None
    return row


def people():
    dice = random.Random(20250623)
    rows = []
    for _ in range(90):
        true = person(dice)
        for _ in range(dice.choice([1, 2, 2, 3])):
            rows.append(dict(copy_of(true, dice), unique_id=len(rows) + 1))
    return rows


def name_levels():
    """Every text measure, and term frequencies on fuzzy levels, bounded, weighted, by own u."""
    return [
        levels.NullLevel("surname"),
        levels.ExactMatchLevel("surname", term_frequency_adjustments=True),
        levels.LevenshteinLevel("surname", 1).configure(
            tf_adjustment_column="surname", tf_adjustment_weight=0.5, tf_minimum_u_value=0.05),
        levels.DamerauLevenshteinLevel("surname", 1).configure(
            tf_adjustment_column="surname", disable_tf_exact_match_detection=True),
        levels.JaroLevel("surname", 0.8),
        levels.JaroWinklerLevel("surname", 0.7),
        levels.JaccardLevel("surname", 0.4),
        levels.ElseLevel(),
    ]


def town_levels():
    """Conditions joined by and, or, not, values changed before they are compared."""
    town = ColumnExpression("town")
    return [
        levels.NullLevel("town"),
        levels.And(levels.LiteralMatchLevel("town", "Wrenport", "string", "left"),
                   levels.LiteralMatchLevel("town", "Upper Wrenport", "string", "right")),
        levels.ExactMatchLevel("town").configure(tf_adjustment_column="town"),
        levels.Or(levels.ExactMatchLevel(town.lower().substr(2, 3)),
                  levels.Not(levels.LevenshteinLevel("town", 11))),
        levels.ElseLevel(),
    ]


def names_levels():
    return [
        levels.And(levels.NullLevel("first_name"), levels.NullLevel("surname")),
        levels.And(levels.ExactMatchLevel("first_name"), levels.ExactMatchLevel("surname")),
        levels.ColumnsReversedLevel("first_name", "surname", symmetrical=True),
        levels.ColumnsReversedLevel("first_name", "surname"),
        levels.ElseLevel(),
    ]


def amount_levels():
    return [
        levels.NullLevel("amount"),
        levels.ExactMatchLevel("amount"),
        levels.AbsoluteDifferenceLevel("amount", 0.5),
        levels.PercentageDifferenceLevel("amount", 0.1),
        levels.ElseLevel(),
    ]


def custom(name, list_of_levels):
    return comparisons.CustomComparison(output_column_name=name,
                                        comparison_levels=list_of_levels)


def settings_of(link_type):
    settings = SettingsCreator(
        link_type=link_type,
        blocking_rules_to_generate_predictions=[
            block_on("surname"),
            block_on("substr(first_name, 1, 2)", "town"),
            "l.first_name = r.surname",  # Splink asks this one way only, Trefoil both
            "l.surname = r.first_name",
            "YEAR(try_strptime(l.dob, '%Y-%m-%d')) = YEAR(try_strptime(r.dob, '%Y-%m-%d'))",
            block_on("tags", "postcode", arrays_to_explode=["tags"]),
        ],
        comparisons=[
            comparisons.ForenameSurnameComparison("first_name", "surname"),
            custom("surname", name_levels()),
            custom("names", names_levels()),
            comparisons.DateOfBirthComparison("dob", input_is_string=True),
            comparisons.PostcodeComparison("postcode", lat_col="lat", long_col="long",
                                           km_thresholds=[1, 5, 30]),
            comparisons.EmailComparison("email"),
            custom("town", town_levels()),
            custom("amount", amount_levels()),
            comparisons.ArrayIntersectAtSizes("tags", [3, 2, 1]),
            comparisons.PairwiseStringDistanceFunctionAtThresholds(
                "aliases", "jaro_winkler", [0.95, 0.8]),
        ],
        probability_two_random_records_match=0.004,
    ).create_settings_dict("duckdb")
    for number, comparison in enumerate(settings["comparisons"]):
        held = [level for level in comparison["comparison_levels"]
                if not level.get("is_null_level")]
        for at, level in enumerate(held):
            level["m_probability"] = round(0.8 / (1.7 + at + 0.1 * number) ** 2 + 0.003, 6)
            level["u_probability"] = round(0.9 * (at + 1 + 0.1 * number) ** 3 /
                                           (len(held) + 1) ** 3 + 0.0007, 6)
    return settings


def predict(rows, link_type):
    """The rows are as a database has them: lists are lists."""
    connection = duckdb.connect()
    # Splink writes x -> f(x), which DuckDB 2 reads only when it is told to.
    connection.execute("SET lambda_syntax = 'ENABLE_SINGLE_ARROW'")
    api = DuckDBAPI(connection=connection)
    frames = [pandas.DataFrame(rows, columns=COLUMNS)]
    names = ["people"]
    if link_type == "link_only":
        frames = [frames[0][frames[0].unique_id % 2 == side].copy() for side in (0, 1)]
        names = ["even", "odd"]
    if MAJOR == "4":
        linker = Linker(frames if len(frames) > 1 else frames[0], settings_of(link_type), db_api=api,
                        input_table_aliases=names if len(frames) > 1 else None)
    else:
        tables = [api.register(frame, dataset_display_name=name)
                  for frame, name in zip(frames, names)]
        linker = Linker(tables if len(tables) > 1 else tables[0], settings_of(link_type))
    scores = linker.inference.predict()
    found = (scores.as_record_list() if hasattr(scores, "as_record_list")
             else scores.as_record_dict())
    gammas = [f"gamma_{c['output_column_name']}" if c["output_column_name"] else None
              for c in linker.misc.save_model_to_json()["comparisons"]]
    header = ["unique_id_l", "unique_id_r", "match_key"] + gammas
    out = [[int(row[name]) for name in header] + [repr(float(row["match_weight"]))]
           for row in found]
    return [header + ["match_weight"]] + sorted(out), linker.misc.save_model_to_json()


def text_unit():
    distance = duckdb.sql("SELECT levenshtein('é', 'e')").fetchall()[0][0]
    return "bytes" if distance == 2 else "letters"


def cell(value):
    if value is None:
        return ""
    return "|".join(value) if isinstance(value, list) else str(value)


def same(ours, theirs):
    if str(ours) == str(theirs):
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
        wrong += not (len(ours) == len(theirs) and all(map(same, ours, theirs)))
    print(f"{'not ok' if wrong else 'ok'} - {path.name}: {len(rows)} rows, {wrong} differ")
    return wrong


def check_model(path, model, is_writing):
    model.pop("linker_uid", None)
    if is_writing:
        path.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")
        return 0
    golden = json.loads(path.read_text(encoding="utf-8"))
    is_wrong = golden["comparisons"] != model["comparisons"]
    print(f"{'not ok' if is_wrong else 'ok'} - {path.name}: the same comparisons")
    return is_wrong


def main():
    logging.disable(logging.CRITICAL)
    folder = Path(sys.argv[1])
    is_writing = "--write" in sys.argv
    rows = people()
    unit = text_unit()
    if not is_writing:
        print("1..4")
    wrong = check_csv(folder / "splink_predict_data.csv",
                      [COLUMNS] + [[cell(row[name]) for name in COLUMNS] for row in rows],
                      is_writing)
    pairs, model = predict(rows, "dedupe_only")
    wrong += check_model(folder / f"splink{MAJOR}_predict_model.json", model, is_writing)
    wrong += check_csv(folder / f"splink{MAJOR}_{unit}_pairs.csv", pairs, is_writing)
    pairs, _ = predict(rows, "link_only")
    wrong += check_csv(folder / f"splink{MAJOR}_{unit}_between.csv", pairs, is_writing)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
