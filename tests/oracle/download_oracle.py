"""What a profile is downloaded as, other programs read, with the right types and values.

    download_oracle.py TREFOIL

The fictional county is imported, and each form of its profile is held against the JSON form.
"""

import datetime
import json
import math
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
from pyarrow import csv, ipc

sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))
import tap  # noqa: E402

PROGRAM = sys.argv[1]
FOLDER = Path(tempfile.mkdtemp(prefix="trefoil-oracle-"))
DATABASE = FOLDER / "county.db"


def run(*words):
    return subprocess.run([PROGRAM, *map(str, words)], check=True, stdout=subprocess.PIPE).stdout


def profile(form):
    """The path of the profile in a form."""
    path = FOLDER / f"profile.{form}"
    if not path.exists():
        run("profile", "--db", DATABASE, "--area", "larkenshire", "--type", "drugs", "--from",
            "2022-04", "--to", "2024-03", "--format", form, "--output", path)
    return path


def setUpModule():
    county = FOLDER / "county"
    run("demo-data", county)
    run("import", "police", county / "police", "--db", DATABASE)
    run("import", "areas", county / "areas/small-areas.geojson", "--layer", "small-area",
        "--parent", "parent", "--db", DATABASE)
    run("import", "population", county / "population.csv", "--db", DATABASE)
    run("import", "lookup", county / "lookup.csv", "--db", DATABASE)


def tearDownModule():
    for path in sorted(FOLDER.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    FOLDER.rmdir()


def truth():
    return json.loads(profile("json").read_text())


def sheet(name):
    """The rows of a sheet as dictionaries of cells."""
    rows = list(openpyxl.load_workbook(profile("xlsx"))[name].iter_rows())
    names = [cell.value for cell in rows[0]]
    return [dict(zip(names, row)) for row in rows[1:]]


class Workbook(unittest.TestCase):
    def test_sheets_are_the_figures_with_filters_and_a_header_in_sight(self):
        book = openpyxl.load_workbook(profile("xlsx"))
        self.assertEqual(book.sheetnames[0], "Key figures")
        self.assertEqual(book.sheetnames[-1], "Sources")
        for page in book:
            self.assertEqual(page.freeze_panes, "A2")
            self.assertEqual(page.auto_filter.ref, page.dimensions)
            self.assertTrue(all(cell.font.bold for cell in page[1]))
        self.assertEqual(book.properties.created, datetime.datetime(2024, 4, 1))

    def test_months_are_dates_and_counts_are_numbers(self):
        months = sheet("Months")
        self.assertEqual(len(months), 24)
        for row, month in zip(months, truth()["months"]):
            self.assertTrue(row["month"].is_date)
            self.assertEqual(row["month"].value.strftime("%Y-%m"), month["month"])
            self.assertEqual((row["count"].data_type, row["count"].value), ("n", month["count"]))
            self.assertEqual((row["is_missing"].data_type, row["is_missing"].value),
                             ("b", month["missing"]))
            self.assertTrue(math.isclose(row["upper_limit"].value, month["upper"]))

    def test_small_areas_have_their_values(self):
        areas = {area["code"]: area for area in truth()["areas"]}
        rows = sheet("Small areas")
        self.assertEqual(len(rows), len(areas))
        for row in rows:
            area = areas[row["area_code"].value]
            self.assertEqual(row["area_name"].value, area["name"])
            self.assertEqual(row["count"].value, area["count"])
            self.assertTrue(math.isclose(row["gi_star_z"].value, area["gi_star_z"], abs_tol=1e-12))
            self.assertIs(row["is_hot"].value, area["hot"])

    def test_shares_are_percentages(self):
        rows = sheet("Outcomes")
        self.assertTrue(math.isclose(sum(row["share"].value for row in rows), 1))
        self.assertEqual({row["share"].number_format for row in rows}, {"0.0%"})
        self.assertEqual({row["outcome"].value: row["count"].value for row in rows},
                         {row["outcome"]: row["count"] for row in truth()["outcomes"]})

    def test_the_last_sheet_names_every_source(self):
        rows = sheet("Sources")
        named = [(row["item"].value, row["text"].value, row["sha256"].value, row["rows"].value)
                 for row in rows if row["sha256"].value]
        self.assertEqual(named, [(s["feed"], s["file"], s["sha256"], s["rows"])
                                 for s in truth()["sources"]])
        texts = {row["item"].value: row["text"].value for row in rows}
        self.assertEqual(texts["Licence"], "Open Government Licence v3.0")
        self.assertEqual(texts["Period"], "2022-04 to 2024-03")


class Tables(unittest.TestCase):
    COLUMNS = {"figure": pa.utf8(), "area_code": pa.utf8(), "area_name": pa.utf8(),
               "month": pa.date32(), "category": pa.utf8(), "value": pa.float64(),
               "lower": pa.float64(), "upper": pa.float64()}

    def arrow(self):
        return ipc.open_stream(profile("arrow").read_bytes()).read_all()

    def test_pyarrow_finds_the_types_of_the_arrow_form(self):
        table = self.arrow()
        plain = {field.name: field.type.value_type if pa.types.is_dictionary(field.type)
                 else field.type for field in table.schema}
        self.assertEqual(plain, self.COLUMNS)
        table.validate(full=True)

    def test_the_csv_form_is_the_same_table(self):
        ours = self.arrow()
        ours = pa.table({name: ours[name].cast(kind) for name, kind in self.COLUMNS.items()})
        kinds = {**self.COLUMNS, "month": pa.utf8()}
        theirs = csv.read_csv(profile("csv"), convert_options=csv.ConvertOptions(
            column_types=kinds, strings_can_be_null=True))
        months = pa.array([month and month.strftime("%Y-%m") for month in
                           ours["month"].to_pylist()], pa.utf8())
        ours = ours.set_column(3, "month", months)
        self.assertEqual(ours.to_pylist(), theirs.to_pylist())

    def test_duckdb_reads_csv_and_arrow_alike(self):
        table = self.arrow()
        database = duckdb.connect()
        database.register("arrow_form", table)
        question = "SELECT figure, count(*), sum(value) FROM {} GROUP BY figure ORDER BY figure"
        from_arrow = database.execute(question.format("arrow_form")).fetchall()
        from_csv = database.execute(question.format(
            f"read_csv('{profile('csv')}', header = true, nullstr = '')")).fetchall()
        self.assertEqual(len(from_arrow), len(from_csv))
        for (figure, count, total), other in zip(from_arrow, from_csv):
            self.assertEqual((figure, count), other[:2])
            self.assertEqual(total is None, other[2] is None)
            self.assertTrue(total is None or math.isclose(total, other[2], rel_tol=1e-9))


def turn(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:]))


class GeoJson(unittest.TestCase):
    def rings(self):
        for feature in json.loads(profile("geojson").read_text())["features"]:
            geometry = feature["geometry"]
            parts = geometry["coordinates"]
            for part in [parts] if geometry["type"] == "Polygon" else parts:
                yield part

    def test_outlines_keep_to_rfc_7946(self):
        west, south, east, north = json.loads(profile("geojson").read_text())["bbox"]
        points = []
        for outer, *holes in self.rings():
            self.assertGreater(turn(outer), 0)
            self.assertTrue(all(turn(hole) < 0 for hole in holes))
            for ring in (outer, *holes):
                self.assertGreaterEqual(len(ring), 4)
                self.assertEqual(ring[0], ring[-1])
                points += ring
        self.assertEqual([west, south], [min(p[0] for p in points), min(p[1] for p in points)])
        self.assertEqual([east, north], [max(p[0] for p in points), max(p[1] for p in points)])
        self.assertTrue(all(round(x, 6) == x for point in points for x in point))

    def test_duckdb_takes_it_for_areas_with_typed_properties(self):
        form = f"read_json('{profile('geojson')}', maximum_object_size = 100000000)"
        kinds = {row[0]: row[1] for row in duckdb.execute(f"DESCRIBE FROM {form}").fetchall()}
        self.assertEqual([kinds[name] for name in ("geometry", "area_code", "count", "gi_star_z",
                                                   "is_hot")],
                         ["GEOMETRY", "VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN"])
        rows = duckdb.execute(f"SELECT area_code, count FROM {form} "
                              "WHERE geometry IS NOT NULL").fetchall()
        self.assertEqual(dict(rows), {a["code"]: a["count"] for a in truth()["areas"]})


if __name__ == "__main__":
    tap.main()
