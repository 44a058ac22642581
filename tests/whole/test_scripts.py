#!/usr/bin/env python3
"""A script in every text that anybody can type, and in every part of an address: it is shown as
text, wherever it stands, and a spreadsheet that opens an export runs nothing.

    test_scripts.py PROGRAM
"""

import csv
import io
import json
import re
import sys
import unittest
import urllib.parse
from html.parser import HTMLParser
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path += [str(TESTS / "support"), str(TESTS / "tools")]

import tap
from partnership import COUNCIL, Partnership
from reporter import receipt_of

PROGRAM = Path(sys.argv.pop(1) if len(sys.argv) > 1 else "build/trefoil").resolve()
SOURCES = [*(TESTS.parent / "src" / "web" / "pages").glob("*.c"),
           *(TESTS.parent / "src" / "web" / "api").glob("*.c")]

MAY_HOLD_ADDRESS = {"href", "src", "action", "content", "formaction", "data-import"}


def attack(mark):
    """What opens a tag, ends an attribute, a script and a comment, and begins a formula; the mark
    tells where it came from."""
    return f"=1'\"--><script>{mark}()</script><img src=x onerror={mark}()>"


def small(mark):
    """The same where there is room for few characters."""
    return f"=1'\"><svg onload={mark}()>"


class _Watcher(HTMLParser):
    """Collects whatever a browser would run of a page, or fetch from elsewhere."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.runs = []
        self.text = []
        self.script = None

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "script":
            self.script = values
            if values.get("type") != "application/json" and not (
                    values.get("src") or "").startswith("/assets/"):
                self.runs.append((tag, values))
        elif tag in ("svg", "math", "iframe", "object", "embed", "base", "style"):
            if tag != "svg" or set(values) & {"onload"}:
                self.runs.append((tag, values))
        elif tag == "img" and values.get("src") == "x":
            self.runs.append((tag, values))
        for name, value in attributes:
            value = (value or "").strip().lower()
            if name.startswith("on") or name == "style":
                self.runs.append((tag, name, value))
            if name in MAY_HOLD_ADDRESS and re.match(r"(javascript|data|vbscript):", value):
                self.runs.append((tag, name, value))
        self.text += [value or "" for name, value in attributes if name in ("value", "title")]

    def handle_endtag(self, tag):
        if tag == "script":
            self.script = None

    def handle_data(self, data):
        if self.script is None:
            self.text.append(data)
        elif data.strip() and self.script.get("type") != "application/json":
            self.runs.append(("script", data))

    def handle_comment(self, data):
        self.runs.append(("comment", data))


class Scripts(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.all = Partnership(PROGRAM)
        cls.shown = set()  # marks that were seen as text
        try:
            cls.write_everywhere()
        except BaseException:
            cls.all.close()
            raise

    @classmethod
    def tearDownClass(cls):
        cls.all.close()

    @classmethod
    def write_everywhere(cls):
        site = cls.all.site
        admin = cls.all.browsers["administrator"]
        officer = cls.all.browsers["intake officer"]
        lead = cls.all.browsers["data lead"]
        cls.receipt = cls.send_report()
        officer.send(officer.get("/concerns/1").form(does="claim"))
        for does, mark in (("ask", "zqask"), ("note", "zqnote")):
            page = officer.send(officer.get("/concerns/1").form(does=does), {does: attack(mark)})
            assert page.status == 200, page.text
        sender = site.visitor()
        page = sender.send(sender.get("/report/receipt").form(), {"code": cls.receipt})
        assert sender.send(page.form(does="write"), {"text": attack("zqanswer")}).status == 200
        page = officer.send(officer.get("/concerns/1/intelligence").form(),
                            {"source": "2", "information": "B", "handling": "C",
                             "text": attack("zqtext"), "provenance": attack("zqprovenance"),
                             "conditions": attack("zqconditions")})
        assert page.status == 400, page.text  # the sender is called something like this
        cls.warned_page = page
        page = officer.send(page.form(), {"checked": "1"})
        assert page.status == 200, page.text
        officer.send(officer.send(page.form(does="submit")).form())
        page = admin.send(admin.get("/admin/organisations/new").form(),
                          {"name": attack("zqorganisation"), "kind": "council",
                           "contact": attack("zqcontact")})
        assert page.status == 200, page.text
        _, cls.eve = site.invite(attack("zqaccount"), "eve@larkenshire.example", "board-member",
                                 attack("zqorganisation"))
        form = {"title": attack("zqtitle"), "condition": attack("zqcondition"),
                "assessment": attack("zqassessment"), "retention": "90", "basis": "public-task",
                "starts-day": "1", "starts-month": "1", "starts-year": "2026",
                "review-day": "1", "review-month": "1", "review-year": "2029",
                "ends-day": "31", "ends-month": "12", "ends-year": "2029"}
        page = lead.get("/agreements/new")
        form.update({name: "1" for name in page.form().names if name in ("share-0", "purpose-0",
                                                                         "purpose-1")})
        form.update({"party-0": "1", "part-0": "gives", "party-1": "2", "part-1": "receives"})
        draft = page.form()
        draft.button = ("do", "save")  # the first would add another party
        page = lead.send(draft, form)
        assert page.status == 200 and page.path.startswith("/agreements/"), page.text
        lead.send(page.form("/agreements/1/sign"))
        page = lead.send(lead.get("/agreements/1").form("/agreements/1/end"),
                         {"reason": attack("zqreason")})
        page = lead.send(page.form("/agreements/1/end"))  # and when asked again
        assert page.status == 200 and "has ended" in page.text, page.text
        cls.import_file(lead)

    @classmethod
    def send_report(cls):
        """Every question there is, each with a text of its own."""
        sender = cls.all.site.visitor()
        page = sender.get(sender.get("/report").link("Start now"))
        for _ in range(20):
            if page.path == "/report/check":
                cls.check_page = page
                return receipt_of(sender.send(page.form()))
            form, values = page.form(), {}
            for name in form.names:
                if name in form.choices and not name.endswith("-exact"):
                    kept = [v for v in form.choices[name] if v not in ("none", "unsure", "no")]
                    values[name] = kept if name in ("what", "home_signs", "travel_how") else kept[0]
                    if name == "when":
                        values[name] = "once"
                elif re.match(r"contact-(?!name)|last-|.*-(latitude|longitude)", name):
                    continue
                else:
                    values[name] = attack("zq" + re.sub(r"\W|_", "", name))[:90]
            page = sender.send(form, values)
            assert page.status == 200, f"{page.path}: {page.text}"
        raise AssertionError("the form never comes to an end")

    @classmethod
    def import_file(cls, browser):
        """A file whose name is an attack and whose rows are none."""
        mark = re.search(r'name="form-token" value="([^"]+)"', browser.get("/import").body.decode())
        name = "=2023-01-" + small("zqfile").replace('"', "%22") + "-street.csv"
        head = ("Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,"
                "LSOA name,Crime type,Last outcome category,Context\r\n")
        rows = (f",2023-01,=HYPERLINK(1),Larkenshire,x,y,{small('zqplace')},E01,@SUM(1),"
                f"{small('zqkind')},,\r\n") * 2
        body = (f'--b\r\nContent-Disposition: form-data; name="form-token"\r\n\r\n{mark.group(1)}'
                f'\r\n--b\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
                f"Content-Type: text/csv\r\n\r\n{head}{rows}\r\n--b--\r\n")
        page = browser.request("POST", "/import", body=body.encode(), headers={
            "Content-Type": "multipart/form-data; boundary=b",
            "Origin": f"http://{cls.all.site.address}"})
        assert page.status in (200, 303, 400), page.text
        for _ in range(50):
            page = browser.follow(page)
            if "Done" in page.text or "Failed" in page.text or page.status == 400:
                break
            page = browser.get(page.path)
        cls.import_page = page

    # ---- watching ----

    def watch(self, page):
        """That nothing of a page runs; notes what it shows."""
        if not page.headers.get("Content-Type", "").startswith("text/html"):
            return
        watcher = _Watcher()
        watcher.feed(page.body.decode("utf-8"))
        watcher.close()
        self.assertEqual(watcher.runs, [], f"{page.path} ({page.status})")
        self.shown.update(re.findall(r"zq[a-z]+(?=\(\))", " ".join(watcher.text)))

    def crawl(self, who, most=150):
        browser = self.all.browsers[who]
        seen, waiting = set(), ["/", "/account", "/admin", "/audit", "/concerns", "/intelligence",
                                "/agreements", "/report", "/sources", "/concerns?part=mine",
                                "/concerns?part=closed", "/intelligence/1/correct"]
        while waiting and len(seen) < most:
            path = waiting.pop(0)
            if path in seen:
                continue
            seen.add(path)
            page = browser.request("GET", path)
            self.watch(page)
            waiting += [href.split("#")[0] for href, _ in page.links
                        if href.startswith("/") and not href.startswith("/assets/")]
            if page.status in (301, 302, 303):
                waiting.append(page.headers["Location"])
        return seen

    def test_what_was_typed_anywhere_is_text_on_every_page_that_shows_it(self):
        for page in (self.check_page, self.warned_page, self.import_page):
            self.watch(page)
        for who in ("intake officer", "administrator", "data lead", "auditor", "analyst", "nobody"):
            self.assertGreater(len(self.crawl(who)), 10)
        sender = self.all.site.visitor()
        self.watch(sender.send(sender.get("/report/receipt").form(), {"code": self.receipt}))
        expected = {"zqask", "zqnote", "zqanswer", "zqtext", "zqconditions", "zqprovenance",
                    "zqorganisation", "zqcontact", "zqaccount", "zqtitle", "zqcondition",
                    "zqassessment", "zqreason", "zqdetails", "zqwho", "zqvehicles", "zqwhere",
                    "zqlinenumber", "zqchildabout", "zqcontactname", "zqfile"}
        self.assertEqual(expected - self.shown, set(), "what nobody saw was not tested")

    def names_of_fields(self):
        found = set()
        for file in SOURCES:
            found.update(re.findall(r'\.name = "([\w-]+)"', file.read_text()))
        found.update({"to", "title", "starts", "review", "ends", "assessment", "retention",
                      "condition", "details", "what", "where", "where-exact", "contact-name",
                      "contact-email", "contact-phone", "last-day", "change", "language"})
        return sorted(found)

    def paths(self, method):
        pattern = re.compile(r'\.method = "(\w+)",\s*\.path = "([^"]+)"')
        pairs = [pair for file in SOURCES for pair in pattern.findall(file.read_text())]
        return sorted({path for kind, path in pairs if kind == method})

    def test_what_stands_in_an_address_is_text_in_the_answer(self):
        fields = self.names_of_fields()
        self.assertGreater(len(fields), 40)
        for start in range(0, len(fields), 24):
            query = urllib.parse.urlencode([(name, small("zqquery"))
                                            for name in fields[start : start + 24]])
            for path in self.paths("GET"):
                for segment in ("1", "what", urllib.parse.quote(small("zqsegment"), safe="")):
                    target = re.sub(r"\{[^}]*\}", segment, path)
                    for who in ("administrator", "intake officer"):
                        self.watch(self.all.browsers[who].request("GET", f"{target}?{query}"))
                    if "{" not in path:
                        break
        self.assertIn("zqquery", self.shown)

    def test_what_is_sent_by_a_form_is_text_when_it_is_shown_again(self):
        fields = [name for name in self.names_of_fields() if name not in ("do", "form-token")]
        for path in self.paths("POST"):
            if path in ("/sign-out", "/account/sign-out-everywhere", "/sign-in"):
                continue
            target = re.sub(r"\{[^}]*\}", "what" if "page-name" in path else "1", path)
            for who in ("administrator", "intake officer", "data lead"):
                browser = self.all.browsers[who]
                mark = re.search(r'name="form-token" value="([^"]+)"',
                                 browser.get("/methods").body.decode()).group(1)
                for do in ("", "ask", "note", "close", "share", "write"):
                    page = browser.request("POST", target, [("form-token", mark), ("do", do)] + [
                        (name, small("zqform")) for name in fields])
                    self.watch(page)
                    if "concerns" not in path and "intelligence" not in path:
                        break
        stranger = self.all.site.visitor()
        page = stranger.get("/sign-in")
        self.watch(stranger.send(page.form("/sign-in"), {"email": small("zqemail"),
                                                         "passphrase": small("zqpassphrase")}))
        self.assertIn("zqform", self.shown)
        self.assertIn("zqemail", self.shown)
        self.assertNotIn("zqpassphrase", self.shown)

    # ---- files for programs ----

    def cells(self, text):
        return [cell for row in csv.reader(io.StringIO(text)) for cell in row]

    def test_no_export_has_a_cell_that_a_spreadsheet_would_run(self):
        site = self.all.site
        exports = [site.run("audit", "export", "--for", attack("zqfor")) for _ in range(2)]
        nobody = site.visitor()
        for batch, in site.ask("SELECT id FROM batch"):
            page = nobody.get(f"/api/v1/sources/batches/{batch}/rejects?format=csv")
            self.assertEqual(page.status, 200, page.text)
            exports.append(page.body.decode())
        self.assertIn("zqaccount", exports[0])
        self.assertIn("zqfor", exports[1])
        self.assertGreater(len(exports), 2)
        for export in exports:
            for cell in self.cells(export):
                self.assertNotRegex(cell, r"\A[=+\-@\t\r]")

    def test_what_programs_are_given_is_no_page(self):
        for path in self.paths("GET"):
            if not path.startswith("/api/"):
                continue
            target = re.sub(r"\{[^}]*\}", "1", path)
            page = self.all.site.visitor().get(f"{target}?area={urllib.parse.quote(small('zq'))}")
            kind = page.headers["Content-Type"]
            self.assertNotIn("html", kind)
            self.assertEqual(page.headers["X-Content-Type-Options"], "nosniff")
            if "json" in kind and page.body:
                json.loads(page.body)
        for line in self.all.site.run("audit", "export", "--format", "jsonl", "--for",
                                      "us").splitlines():
            if line.startswith("{"):
                json.loads(line)


if __name__ == "__main__":
    tap.main()
