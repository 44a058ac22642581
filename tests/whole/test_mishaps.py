#!/usr/bin/env python3
"""What goes wrong at a bad moment: the disk is full, time is over, a button is pressed twice.

    test_mishaps.py PROGRAM
"""

import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path += [str(TESTS / "support"), str(TESTS / "tools")]

import tap
from reporter import receipt_of, to_the_check
from whole_site import Site

PROGRAM = Path(sys.argv.pop(1) if len(sys.argv) > 1 else "build/trefoil").resolve()
MICROSECONDS_A_DAY = 24 * 3600 * 1000 * 1000
NOT_STORED = "Nothing was stored. Your answers are still on this page."
DETAILS = "A grey van stands in Mill Lane every night."


class Mishaps(unittest.TestCase):
    def site(self):
        site = Site(PROGRAM)
        self.addCleanup(site.close)
        site.start()
        _, browser = site.invite("Idris Vaughan", "idris@larkenshire.example", "intake-officer")
        return site, browser

    def change(self, site, sql, *values):
        with sqlite3.connect(site.database, timeout=10) as database:
            database.execute(sql, values)

    def reports(self, site):
        return site.ask("SELECT count(*) FROM response")[0][0]

    # ---- a disk that is full ----

    def small_disk(self):
        """A file system of its own for what the server writes, if that may be had here."""
        folder = tempfile.mkdtemp(prefix="trefoil-disk-")
        self.addCleanup(os.rmdir, folder)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "none", folder],
                                 capture_output=True, check=False)
        if mounted.returncode:
            self.skipTest("a file system can only be mounted by root")
        self.addCleanup(subprocess.run, ["umount", "-l", folder], check=False)
        kept = tempfile.tempdir
        tempfile.tempdir = folder

        def restore():
            tempfile.tempdir = kept

        self.addCleanup(restore)
        return Path(folder)

    @staticmethod
    def fill(disk):
        with open(disk / "filler", "ab", buffering=0) as filler:
            size = 1 << 20
            while size >= 1:
                try:
                    filler.write(b"x" * size)
                except OSError:
                    size //= 2

    def test_on_a_full_disk_nothing_is_stored_nothing_is_lost_and_the_same_button_works_later(self):
        disk = self.small_disk()
        site, browser = self.site()
        sender = site.visitor()
        page = to_the_check(sender, DETAILS)
        self.fill(disk)
        for _ in range(3):
            page = sender.send(page.form())
            self.assertEqual(page.status, 503, page.text[:300])
            self.assertIn(NOT_STORED, page.text)
            self.assertIn(DETAILS, page.text)
            self.assertEqual(page.path, "/report/check")
        self.assertEqual(self.reports(site), 0)
        # Somebody in the middle of the form keeps what was typed on the page.
        other = site.visitor()
        page_of_other = other.get(other.get("/report").link("Start now"))
        answer = other.send(page_of_other.form(), {"what": "line"})
        self.assertEqual(answer.status, 503)
        self.assertRegex(answer.body.decode(), r'value="line"[^>]*checked|checked[^>]*value="line"')
        # Nothing is read that could not be entered.
        queue = browser.request("GET", "/concerns")
        self.assertIn(queue.status, (500, 503))
        (disk / "filler").unlink()
        page = sender.send(page.form())
        self.assertIsNotNone(receipt_of(page), page.text[:300])
        self.assertEqual(self.reports(site), 1)
        self.assertIn(DETAILS, browser.get("/concerns/1").text)
        self.assertIn("is sound", site.run("audit", "verify"))

    # ---- time that is over ----

    def test_a_receipt_whose_time_is_over_says_so_and_nothing_else(self):
        site, browser = self.site()
        sender = site.visitor()
        code = receipt_of(sender.send(to_the_check(sender, DETAILS).form()))
        browser.send(browser.get("/concerns/1").form(does="ask"), {"ask": "zqwhich door?"})
        browser.send(browser.get("/concerns/1").form(does="close"), {"reason": "known"})
        page = sender.send(sender.get("/report/receipt").form(), {"code": code})
        self.assertIn("zqwhich", page.text)
        self.change(site, "UPDATE response SET closed_at = closed_at - ?, received_at = "
                    "received_at - ?", 400 * MICROSECONDS_A_DAY, 400 * MICROSECONDS_A_DAY)
        site.run("reports", "purge")
        page = sender.send(sender.get("/report/receipt").form(), {"code": code})
        self.assertEqual(page.status, 200)
        self.assertIn("erased", page.text)
        self.assertNotIn("zqwhich", page.text)
        self.assertEqual([form for form in page.forms if "text" in form.names], [])
        late = sender.request("POST", "/report/receipt", [("code", code), ("text", "One more"),
                                                          ("do", "write")])
        self.assertEqual(late.status, 400)
        self.assertNotIn("was sent", late.text)
        gone = browser.get("/concerns/1")
        self.assertNotIn(DETAILS, gone.text)
        self.assertNotIn("zqwhich", gone.text)
        self.assertIn("is sound", site.run("audit", "verify"))

    # ---- a button that is pressed twice ----

    def at_once(self, count, work):
        results, start = [], threading.Barrier(count)

        def run():
            start.wait()
            results.append(work())

        threads = [threading.Thread(target=run) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        self.assertEqual(len(results), count)
        return results

    def copy_of(self, site, visitor):
        copy = site.visitor()
        copy.cookies = dict(visitor.cookies)
        return copy

    def test_a_report_that_is_sent_many_times_at_once_is_stored_once(self):
        site, _ = self.site()
        for number in range(1, 6):
            sender = site.visitor()
            form = to_the_check(sender, DETAILS).form()
            pages = self.at_once(8, lambda sender=sender, form=form: self.copy_of(
                site, sender).send(form))
            self.assertEqual(self.reports(site), number)
            codes = {receipt_of(page) for page in pages} - {None}
            self.assertEqual(len(codes), 1, [(page.path, page.status) for page in pages])

    def test_an_invitation_that_is_used_many_times_at_once_makes_one_session(self):
        site, _ = self.site()
        said = site.run("user", "invite", "una@larkenshire.example", "--name", "Una Reed",
                        "--roles", "board-member")
        link = site.link_in(said)
        form = site.visitor().get(link).form()

        def use():
            visitor = site.visitor()
            page = visitor.request("POST", link, [*form.fields,
                                                  ("passphrase", "seven herons over the weir")])
            return page.status, "trefoil" in visitor.cookies

        results = self.at_once(6, use)
        self.assertEqual(sorted(has_session for _, has_session in results), [False] * 5 + [True])
        self.assertEqual({status for status, has in results if not has}, {404})

    def test_an_officer_who_claims_and_another_who_does_at_once_leave_one_owner(self):
        site, browser = self.site()
        _, second = site.invite("Nia Frost", "nia@larkenshire.example", "intake-officer")
        sender = site.visitor()
        sender.send(to_the_check(sender, DETAILS).form())
        forms = iter([(who, who.get("/concerns/1").form(does="claim"))
                      for who in (browser, second)])

        def claim():
            who, form = next(forms)
            return who.send(form, follows=False).status

        self.assertEqual(sorted(self.at_once(2, claim)), [303, 400])
        owners = site.ask("SELECT claimed_by FROM response")
        self.assertEqual(len(owners), 1)
        page = browser.get("/concerns/1")
        self.assertRegex(page.text, re.compile("Claimed by (Idris|Nia)"))


if __name__ == "__main__":
    tap.main()
