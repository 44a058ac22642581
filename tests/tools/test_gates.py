"""The gates let good code through and stop bad code: a gate that cannot fail guards nothing."""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(os.environ["TREFOIL_SOURCE"])
sys.path.insert(0, str(ROOT / "tools"))
sys.dont_write_bytecode = True

import check_files  # noqa: E402
import check_layers  # noqa: E402
import count_tests  # noqa: E402
import tap  # noqa: E402


class Layers(unittest.TestCase):
    def check(self, files):
        """The problems of a tree: the path of each file, and what it includes."""
        with tempfile.TemporaryDirectory() as folder:
            for name, included in files.items():
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("".join(f"\n#include {each}\n" for each in included))
            return check_layers.check(Path(folder))[0]

    def assert_one(self, problems, text):
        self.assertEqual(len(problems), 1, problems)
        self.assertIn(text, problems[0])

    def test_a_folder_may_use_the_folders_above_it(self):
        self.assertEqual([], self.check({
            "include/trefoil/table/a.h": ['"trefoil/base/b.h"', "<stdint.h>"],
            "src/table/a.c": ['"trefoil/table/a.h"', '"table/a_internal.h"', "<sys/stat.h>"],
            "src/table/a_internal.h": [],
            "src/store/s.h": ['"trefoil/space/x.h"'],
            "src/web/pages/p.c": ['"web/html/h.h"', '"store/s.h"'],
            "src/cli/main.c": ['"web/pages/p.h"', '"demo/d.h"'],
        }))

    def test_a_folder_below_is_refused(self):
        self.assert_one(self.check({"src/table/a.c": ['"store/s.h"']}), "src/table/a.c:2: store/s.h")
        self.assert_one(self.check({"src/web/http/a.c": ['"web/pages/p.h"']}), "stands below")

    def test_a_folder_of_the_same_row_is_refused(self):
        self.assert_one(self.check({"src/space/a.c": ['"trefoil/network/n.h"']}), "beside")

    def test_a_public_header_that_uses_a_private_one_is_refused(self):
        problems = self.check({"include/trefoil/table/a.h": ['"base/embedded.h"']})
        self.assert_one(problems, "not public")

    def test_another_folder_s_internal_header_is_refused(self):
        self.assert_one(self.check({"src/store/a.c": ['"table/a_internal.h"']}), "private to table")

    def test_a_public_header_outside_the_engine_is_refused(self):
        self.assert_one(self.check({"include/trefoil/store/a.h": []}), "only libtrefoil")

    def test_an_unknown_folder_is_refused(self):
        self.assert_one(self.check({"src/misc/a.c": []}), "src/misc/a.c: is in no folder")
        self.assert_one(self.check({"src/base/a.c": ['"misc/a.h"']}), "is in no folder")

    def test_a_file_name_without_its_folder_is_refused_outside_the_folder(self):
        self.assertEqual([], self.check({"src/base/a.c": ['"b.h"'], "src/base/b.h": []}))
        self.assert_one(self.check({"src/table/a.c": ['"b.h"'], "src/base/b.h": []}), "whole path")

    def test_a_second_adaptor_of_a_third_party_is_refused(self):
        problems = self.check({"src/table/a.c": ["<zlib.h>"], "src/table/b.c": ["<zlib.h>"]})
        self.assert_one(problems, "src/table/b.c:2: <zlib.h>")

    def test_a_third_party_in_a_header_is_refused(self):
        self.assert_one(self.check({"src/table/a_internal.h": ["<zlib.h>"]}), "adaptor")

    def test_markup_that_is_not_escaped_is_refused_but_where_it_is_listed(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("src/web/html/html.c", "src/web/pages/methods.c", "src/web/pages/area.c"):
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("\ntf_html_markup(html, (tf_markup){text});\n")
            problems = check_layers.check(Path(folder))[0]
        self.assertEqual(2, len(problems), problems)
        for problem in problems:
            self.assertIn("src/web/pages/area.c:2: ", problem)

    def test_a_folder_without_a_single_include_is_no_project(self):
        with tempfile.TemporaryDirectory() as folder:
            gate = [sys.executable, ROOT / "tools/check_layers.py", folder]
            self.assertEqual(1, subprocess.run(gate, stdout=subprocess.DEVNULL).returncode)


class Files(unittest.TestCase):
    def test_an_ordinary_file_passes(self):
        self.assertEqual([], list(check_files.check("src/a.c", "int a;\n" * 600)))

    def test_a_long_file_is_refused(self):
        self.assertEqual(1, len(list(check_files.check("src/a.c", "int a;\n" * 601))))
        self.assertEqual([], list(check_files.check("tests/test_a.c", "int a;\n" * 601)))

    def test_each_kind_of_untidiness_is_refused_with_its_line(self):
        for text in ("/wo" + "rk/a", "TO" + "DO", "FIX" + "ME", "fa" + "rm-1", "int a; ", "a\r",
                     "<" * 7 + " ours", ">" * 7 + " theirs", "=" * 7):
            with self.subTest(text):
                problems = list(check_files.check("src/a.c", f"int a;\n{text}\n"))
                self.assertTrue(problems)
                self.assertTrue(problems[0].startswith("src/a.c:2: "), problems)

    def test_a_last_line_without_an_end_is_refused(self):
        self.assertEqual(1, len(list(check_files.check("run", "exit 0"))))

    def test_the_licence_and_the_seeds_of_fuzzers_stay_as_they_are(self):
        self.assertEqual([], list(check_files.check("fuzz/corpus/csv/a", "a \r\n")))


class Count(unittest.TestCase):
    def count(self, output, result="OK"):
        test = {"name": "table-csv", "stdout": output, "result": result, "returncode": 1}
        counts, reasons, _ = count_tests.count_program(test)
        return (counts["passed"], counts["failed"], counts["skipped"]), dict(reasons)

    def test_each_test_case_counts(self):
        self.assertEqual(((2, 0, 0), {}), self.count("1..2\nok 1 - a\nok 2 - b\n# ok - csv\n"))
        self.assertEqual(((1, 1, 0), {}), self.count("1..2\nok 1 - a\nnot ok 2 - b\n", "FAIL"))

    def test_what_is_wrong_with_a_test_case_is_told(self):
        output = "1..2\nnot ok 1 - a\n# 1 != 2\n# a.c:3: error\nok 2 - b\n# not ok - csv\n"
        failures = count_tests.count_program({"name": "n", "stdout": output, "result": "FAIL"})[2]
        self.assertEqual(1, len(failures))
        self.assertEqual(["1 - a", "1 != 2", "a.c:3: error"],
                         [line.strip() for line in failures[0].splitlines()])

    def test_a_skip_counts_with_its_reason(self):
        output = "1..3\n# skipped: no real data at x\nok 1 - a\nok 2 - b # SKIP no peer\nok 3 - c\n"
        self.assertEqual(((1, 0, 2), {"no real data at x": 1, "no peer": 1}), self.count(output))

    def test_a_failure_is_no_skip_whatever_was_said_before(self):
        self.assertEqual(((0, 1, 0), {}), self.count("1..1\n# skipped: x\nnot ok 1 - a\n", "FAIL"))

    def test_what_a_crash_prevented_has_failed(self):
        self.assertEqual(((1, 2, 0), {}), self.count("1..3\nok 1 - a\n", "ERROR"))

    def test_a_crash_after_the_last_test_case_is_a_failure(self):
        self.assertEqual(((1, 1, 0), {}), self.count("1..1\nok 1 - a\n", "ERROR"))

    def test_a_program_that_dies_before_it_says_anything_is_a_failure(self):
        self.assertEqual(((0, 1, 0), {}), self.count("", "ERROR"))
        self.assertEqual(((0, 1, 0), {}), self.count("", "TIMEOUT"))

    def test_a_program_without_tap_counts_once(self):
        self.assertEqual(((1, 0, 0), {}), self.count("all well\n"))

    def run_count(self, text):
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "testlog.json"
            if text is not None:
                log.write_text(text)
            done = subprocess.run([sys.executable, ROOT / "tools/count_tests.py", f"gcc={log}"],
                                  stdout=subprocess.PIPE, text=True)
            return done.returncode, done.stdout.splitlines()[-1]

    def test_the_last_line_and_the_exit_status_tell_the_outcome(self):
        good = {"name": "a", "result": "OK", "stdout": "1..1\nok 1 - a\n"}
        bad = {"name": "b", "result": "FAIL", "stdout": "1..1\nnot ok 1 - b\n"}
        self.assertEqual((0, "1 passed, 0 failed"), self.run_count(json.dumps(good)))
        self.assertEqual((1, "1 passed, 1 failed"),
                         self.run_count(json.dumps(good) + "\n" + json.dumps(bad)))

    def test_a_variant_that_left_no_log_has_failed(self):
        self.assertEqual((1, "0 passed, 1 failed"), self.run_count(None))
        self.assertEqual((1, "0 passed, 1 failed"), self.run_count(""))


class Door(unittest.TestCase):
    def run_door(self, *arguments):
        return subprocess.run([ROOT / "run", *arguments], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)

    def test_the_help_names_every_command(self):
        done = self.run_door()
        self.assertEqual(0, done.returncode)
        for command in "demo build test bench fuzz lint format package clean help".split():
            self.assertIn(f"./run {command} ", done.stdout)

    def test_an_unknown_command_is_a_wrong_use(self):
        self.assertEqual(2, self.run_door("dmeo").returncode)


class Components(unittest.TestCase):
    def names(self, folder, glob, pattern):
        text = "".join(path.read_text() for path in sorted((ROOT / folder).glob(glob)))
        return sorted(name.replace("_", "-") for name in re.findall(pattern, text))

    def test_each_component_is_held_against_its_fixtures(self):
        written = self.names("src/web/html", "*.h", r"\bvoid tf_govuk_(\w+)\(")
        tested = self.names("tests/web/html", "test_fixtures_*.c", r'\{"([a-z-]+)", write_')
        self.assertGreater(len(written), 0)
        self.assertEqual(written, tested)


tap.main()
