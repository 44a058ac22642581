#!/usr/bin/env python3
"""Whoever has a copy of everything that the server writes, and no passphrase, reads nothing of what
people reported.

    test_secrecy.py PROGRAM
"""

import os
import re
import sqlite3
import sys
import tempfile
import unittest
import zlib
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path += [str(TESTS / "support"), str(TESTS / "tools")]

import tap
from reporter import receipt_of, to_the_check
from whole_site import Site

PROGRAM = Path(sys.argv.pop(1) if len(sys.argv) > 1 else "build/trefoil").resolve()

# Words that stand nowhere else, for everything that somebody writes.
MARKS = {
    "draft": "zwqdraftmark", "report": "zwqreportmark", "message": "zwqmessagemark",
    "answer": "zwqanswermark", "note": "zwqnotemark", "text": "zwqintelligencemark",
    "provenance": "zwqprovenancemark",
}
DRAFT = "01-what is not sent: "


def forms_of(word):
    """A word as it might stand in bytes."""
    for text in (word, word.upper(), word.capitalize()):
        yield text.encode()
        yield text.encode("utf-16-le")
        yield text.encode().hex().encode()


def open_files(process):
    """What a process has open that has no name any more."""
    folder = Path(f"/proc/{process.pid}/fd")
    for entry in folder.iterdir():
        target = os.readlink(entry)
        if "(deleted)" in target and target.startswith("/"):
            yield target, entry.read_bytes()


class Secrecy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="trefoil-secrecy-")
        os.environ["TMPDIR"] = cls.temporary.name
        cls.site = Site(PROGRAM)
        cls.site.start()
        cls.officer, cls.browser = cls.site.invite("Idris Vaughan", "idris@larkenshire.example",
                                                   "intake-officer")
        cls.live_through_a_report()
        cls.copies = cls.copy_everything()

    @classmethod
    def tearDownClass(cls):
        cls.site.close()
        cls.temporary.cleanup()

    @classmethod
    def live_through_a_report(cls):
        unsent = cls.site.visitor()
        to_the_check(unsent, DRAFT + MARKS["draft"])
        sender = cls.site.visitor()
        cls.receipt = receipt_of(sender.send(to_the_check(sender, MARKS["report"]).form()))
        officer = cls.browser
        page = officer.get("/concerns/1")
        assert MARKS["report"] in page.text, page.text
        officer.send(page.form(does="claim"))
        officer.send(officer.get("/concerns/1").form(does="ask"), {"ask": MARKS["message"]})
        officer.send(officer.get("/concerns/1").form(does="note"), {"note": MARKS["note"]})
        page = sender.send(sender.get("/report/receipt").form(), {"code": cls.receipt})
        assert MARKS["message"] in page.text, page.text
        sender.send(page.form(does="write"), {"text": MARKS["answer"]})
        page = officer.get("/concerns/1")
        assert MARKS["answer"] in page.text and MARKS["note"] in page.text, page.text
        page = officer.send(officer.get("/concerns/1/intelligence").form(),
                            {"source": "2", "information": "B", "handling": "P",
                             "text": MARKS["text"], "provenance": MARKS["provenance"]})
        assert page.status == 200 and MARKS["text"] in page.text, page.text

    @classmethod
    def copy_everything(cls):
        """Every byte on disk while the server runs, then a backup, then the database alone."""
        copies = dict(open_files(cls.site.server))
        for root in (cls.site.folder, Path(cls.temporary.name)):
            copies.update({str(p): p.read_bytes() for p in root.rglob("*") if p.is_file()})
        assert any(name.endswith("-wal") for name in copies), sorted(copies)
        cls.site.run("backup", "key", str(cls.site.folder / "operator.key"))
        backup = cls.site.folder / "one.backup"
        cls.site.run("backup", str(backup))
        copies["the backup"] = backup.read_bytes()
        cls.site.stop()
        copies["after the server"] = cls.site.database.read_bytes()
        return copies

    def test_no_word_of_a_report_a_message_a_note_or_a_draft_stands_in_any_file(self):
        for name, content in self.copies.items():
            if "site.db" in name:
                self.assertIn(b"idris@larkenshire.example", self.copies["after the server"])
            for what, mark in MARKS.items():
                for form in forms_of(mark):
                    self.assertNotIn(form, content, f"{what} can be read in {name}")

    def test_what_is_kept_of_it_does_not_give_way_to_a_decompressor(self):
        """Nothing hides behind compression: no value of the database inflates to a mark."""
        with sqlite3.connect(self.site.database) as database:
            tables = [row[0] for row in database.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table'")]
            for table in tables:
                for row in database.execute(f'SELECT * FROM "{table}"'):
                    for value in row:
                        if isinstance(value, bytes):
                            self.assertNotRegex(self.inflated(value), b"zwq[a-z]+mark")

    @staticmethod
    def inflated(value):
        for window in (15, -15, 31):
            try:
                return zlib.decompressobj(window).decompress(value)
            except zlib.error:
                continue
        return b""

    def test_the_receipt_code_the_passphrase_and_the_seed_of_codes_stand_in_no_file(self):
        secrets = [self.receipt, self.receipt.replace("-", ""), self.officer.passphrase,
                   self.officer.secret, *self.officer.recovery,
                   *(code.replace("-", "") for code in self.officer.recovery)]
        cookies = [value for value in self.browser.cookies.values() if len(value) > 20]
        self.assertTrue(cookies)
        for name, content in self.copies.items():
            for secret in secrets + cookies:
                self.assertNotIn(secret.encode(), content, name)

    def test_the_access_log_has_no_address_and_no_word_of_a_form(self):
        self.site.start("--log", str(self.site.folder / "access.log"))
        sender = self.site.visitor()
        sender.send(to_the_check(sender, MARKS["report"]).form())
        self.site.stop()
        log = (self.site.folder / "access.log").read_text()
        self.assertIn("/report", log)
        self.assertNotRegex(log, r"127\.0\.0\.1|::1")
        self.assertNotIn(MARKS["report"], log)
        self.assertIsNone(re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", log))


if __name__ == "__main__":
    tap.main()
