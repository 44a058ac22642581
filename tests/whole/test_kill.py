#!/usr/bin/env python3
"""The server is killed again and again while people report concerns and officers read the queue.

    test_kill.py PROGRAM

Whatever was acknowledged is there exactly once, whatever was not is there at most once, and the
audit chain verifies.
"""

import random
import re
import sys
import threading
import time
import unittest
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path += [str(TESTS / "support"), str(TESTS / "tools")]

import tap
from reporter import LOST, receipt_of, to_the_check
from whole_site import Site

PROGRAM = Path(sys.argv.pop(1) if len(sys.argv) > 1 else "build/trefoil").resolve()
REPORTERS = 4
REPORTS_EACH = 250
KILLS_EVERY_S = (0.1, 1.2)


class Reporter(threading.Thread):
    """Sends reports one after the other, each until it is acknowledged."""

    def __init__(self, site, number):
        super().__init__(daemon=True)
        self.site = site
        self.number = number
        self.acknowledged = []  # receipt codes
        self.unclear = 0  # sent, and the acknowledgement got lost for good
        self.given_up = 0  # never came as far as sending
        self.fault = None

    def run(self):
        try:
            for report in range(REPORTS_EACH):
                self.report(f"Reporter {self.number} saw the grey van, time {report}.")
        except Exception as fault:  # told by the test
            self.fault = fault

    def report(self, details):
        """Whenever the connection breaks, go on as a person would: go back and press send again."""
        visitor = self.site.visitor()
        visitor.timeout = 10
        page = None
        has_sent = False
        for _ in range(200):
            try:
                if page is None:
                    page = visitor.get("/report/check") if has_sent else to_the_check(visitor, details)
                receipt = receipt_of(page)
                if receipt:
                    self.acknowledged.append(receipt)
                    return
                if has_sent and (page.path == "/report/done" or page.status == 410):
                    self.unclear += 1  # the code was shown to a connection that broke
                    return
                if page.path == "/report/check" and page.status == 200:
                    has_sent = True
                    page = visitor.send(page.form())
                else:
                    page = None
                    time.sleep(0.01)
            except LOST:
                page = None
                time.sleep(0.03)
        self.given_up += 1


class Officer(threading.Thread):
    """Looks at the queue and opens reports; counts the pages that came whole."""

    def __init__(self, visitor, running):
        super().__init__(daemon=True)
        self.visitor = visitor
        self.visitor.timeout = 10
        self.running = running
        self.pages = 0
        self.fault = None

    def run(self):
        while self.running.is_set():
            try:
                page = self.visitor.get("/concerns")
                reports = [href for href, _ in page.links if re.fullmatch(r"/concerns/\d+", href)]
                if reports:
                    page = self.visitor.get(random.choice(reports))
                if not page.path.startswith("/concerns") or page.status not in (200, 503):
                    self.fault = AssertionError(f"{page.path}: {page.status} {page.text[:300]}")
                    return
                self.pages += page.status == 200
            except LOST:
                time.sleep(0.03)


class Kill(unittest.TestCase):
    def test_what_was_acknowledged_is_there_exactly_once_however_often_the_server_is_killed(self):
        site = Site(PROGRAM)
        self.addCleanup(site.close)
        site.run("setting", "set", "report-most-per-hour", "100000")
        site.start()
        _, browser = site.invite("Idris Vaughan", "idris@larkenshire.example", "intake-officer")
        before = site.ask("SELECT count(*) FROM response")[0][0]
        running = threading.Event()
        running.set()
        officer = Officer(browser, running)
        reporters = [Reporter(site, number) for number in range(REPORTERS)]
        for thread in [officer, *reporters]:
            thread.start()
        chance = random.Random(7)
        kills = 0
        while any(reporter.is_alive() for reporter in reporters):
            time.sleep(chance.uniform(*KILLS_EVERY_S))
            site.stop(9)
            kills += 1
            site.start()
        running.clear()
        officer.join(30)
        for thread in [officer, *reporters]:
            self.assertIsNone(thread.fault)
        codes = [code for reporter in reporters for code in reporter.acknowledged]
        unclear = sum(reporter.unclear for reporter in reporters)
        given_up = sum(reporter.given_up for reporter in reporters)
        stored = site.ask("SELECT count(*) FROM response")[0][0] - before
        print(f"# {kills} kills, {len(codes)} acknowledged, {unclear} whose code got lost on the "
              f"way, {given_up} given up, {stored} stored, {officer.pages} reports read")
        self.assertGreater(kills, 10)
        self.assertGreater(officer.pages, 100)
        self.assertEqual(len(set(codes)), len(codes))
        self.assertEqual(len(codes) + unclear + given_up, REPORTERS * REPORTS_EACH)
        self.assertEqual(given_up, 0)
        self.assertEqual(stored, len(codes) + unclear)
        # Each receipt finds a report of its own: the database knows as many codes as reports.
        self.assertEqual(site.ask("SELECT count(DISTINCT receipt) FROM response")[0][0],
                         stored + before)
        collected = site.ask("SELECT count(DISTINCT object_id) FROM audit_entry "
                             "WHERE action = 'collect' AND category = 'concern'")[0][0]
        self.assertEqual(collected, stored + before)
        self.assertIn("is sound", site.run("audit", "verify"))


if __name__ == "__main__":
    tap.main()
