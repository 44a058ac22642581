#!/usr/bin/env python3
"""Every page and every form, asked for by everybody there is: what each may follows from their role,
and what another site sends in their name does nothing.

    test_roles.py PROGRAM
"""

import re
import sys
import unittest
import urllib.parse
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path += [str(TESTS / "support"), str(TESTS / "tools")]

import tap
from partnership import COUNCIL, PEOPLE, Partnership

PROGRAM = Path(sys.argv.pop(1) if len(sys.argv) > 1 else "build/trefoil").resolve()
SOURCES = TESTS.parent / "src" / "web" / "pages"

OUTSIDE = ("nobody", "code stage only", "suspended", "ended")
SIGNED_IN = ("practitioner", "school lead", "analyst", "intake officer", "board member", "data lead",
             "administrator", "auditor", "council officer", "council lead")
EVERYBODY = OUTSIDE + SIGNED_IN

ADMINISTERS = {"administrator"}
LOOKS_AFTER = {"administrator", "data lead", "council lead", "auditor"}  # accounts, the installation
AUDITS = {"data lead", "council lead", "auditor"}
READS_AGREEMENTS = set(SIGNED_IN)
LEADS = {"data lead", "council lead"}  # of the two parties of the agreement
AGREES = LEADS | {"administrator"}  # drafts one; only a data lead signs and ends one
TRIAGES = {"intake officer", "council officer"}
GATHERS = {"practitioner", "school lead", "analyst", "intake officer", "council officer"}
READS_INTELLIGENCE = GATHERS - {"school lead"}  # who sees own drafts alone
IMPORTS = {"analyst", "administrator"} | LEADS

# Who gets a page of those who have signed in; others are refused.
PAGES = {
    "/account": set(SIGNED_IN),
    "/account/passphrase": set(SIGNED_IN),
    "/account/recovery-codes": set(SIGNED_IN),
    "/admin": LOOKS_AFTER,
    "/admin/accounts": LOOKS_AFTER,
    "/admin/accounts/new": ADMINISTERS,
    "/admin/accounts/{practitioner}": LOOKS_AFTER - {"council lead"},
    "/admin/accounts/{council officer}": {"administrator", "auditor", "council lead"},
    "/admin/accounts/{practitioner}/roles": ADMINISTERS,
    "/admin/organisations": ADMINISTERS,
    "/admin/organisations/new": ADMINISTERS,
    "/admin/organisations/2": ADMINISTERS,
    "/admin/self-check": LOOKS_AFTER,
    "/admin/emergency-access": AUDITS,
    "/agreements": READS_AGREEMENTS,
    "/agreements/new": AGREES,
    "/agreements/1": READS_AGREEMENTS,
    "/agreements/1/change": LEADS,
    "/audit": AUDITS,
    "/audit/verification": {"auditor"},  # of all that anybody did
    "/concerns": TRIAGES,
    "/concerns/1": {"intake officer"},  # nobody has assigned it, and no agreement shares it
    "/concerns/1/intelligence": {"intake officer"},  # it shows what was reported
    "/concerns/statistics": set(SIGNED_IN),
    "/intelligence": GATHERS,  # the school lead's own drafts
    "/intelligence/new": GATHERS,
    "/intelligence/1": READS_INTELLIGENCE - {"council officer"},  # it was not shared with them
    "/intelligence/1/change": set(),  # it was submitted
    "/intelligence/1/correct": {"intake officer", "analyst"},
    "/intelligence/2": READS_INTELLIGENCE - {"council officer"},  # the practitioner's draft
    "/intelligence/2/change": {"practitioner", "intake officer", "analyst"},
    "/import": IMPORTS,
}

PUBLIC = ("/", "/areas", "/sources", "/methods", "/api", "/accessibility", "/report",
          "/report/receipt", "/report/what")

DAYS = ("&starts-day=1&starts-month=1&starts-year=2027&review-day=1&review-month=6&review-year=2027"
        "&ends-day=31&ends-month=12&ends-year=2027")

# What somebody may send, and what they would send to do it.
FORMS = [
    ("/admin/accounts/new", "name=Eve&email=eve@example.org&organisation=1&role-1=1", ADMINISTERS),
    ("/admin/accounts/{practitioner}", "do=suspend", ADMINISTERS),
    ("/admin/accounts/{practitioner}/roles", "role-4=1&role-6=1&role-7=1", ADMINISTERS),
    ("/admin/organisations/new", "name=Eve&kind=council", ADMINISTERS),
    ("/admin/organisations/2", "name=Eve+Council&kind=council&contact=Eve", ADMINISTERS),
    ("/admin/organisations/2/end", "day=2099-01-02&successor=1", ADMINISTERS),
    ("/admin/emergency-access/1", "verdict=right&finding=Fine", AUDITS),
    ("/agreements/new", "title=Eve" + DAYS + "&basis=public-task&assessment=D&retention=90"
     "&purpose-1=1&share-0=1&condition=C"
     "&party-0=1&part-0=gives&party-1=2&part-1=receives", AGREES),
    ("/agreements/1/change", "title=Eve" + DAYS + "&basis=public-task&assessment=D&retention=90"
     "&purpose-1=1&share-0=1&condition=C"
     "&party-0=1&part-0=gives&party-1=2&part-1=receives", LEADS),
    ("/agreements/1/sign", "revision=2", LEADS),
    ("/agreements/1/end", "reason=Mine", LEADS),
    ("/concerns", "colleague={intake officer}", {"intake officer", "council officer"}),
    ("/colleagues/confirm", "colleague={analyst}", {"intake officer", "practitioner"}),
    ("/concerns/1", "do=claim", {"intake officer"}),
    ("/concerns/1", "do=hand-over&colleague={intake officer}", {"intake officer"}),
    ("/concerns/1", "do=ask&ask=Eve", {"intake officer"}),
    ("/concerns/1", "do=note&note=Eve", {"intake officer"}),
    ("/concerns/1", "do=add-reader&colleague={intake officer}", {"intake officer"}),
    ("/concerns/1", "do=close&reason=known", {"intake officer"}),
    ("/concerns/1", "do=reopen", {"intake officer"}),
    ("/concerns/1/intelligence", "source=1&information=A&handling=P&text=Eve", {"intake officer"}),
    ("/intelligence/new", "source=1&information=A&handling=P&text=Eve", GATHERS),
    ("/intelligence/1", "do=share&organisation=2&purpose=prevent-crime", {"intake officer"}),
    ("/intelligence/1", "do=submit", {"intake officer", "analyst"}),
    ("/intelligence/1", "do=keep&group=other", {"intake officer", "analyst"}),
    ("/intelligence/1", "do=dispose", {"intake officer", "analyst", "data lead"}),
    ("/intelligence/2/change", "source=1&information=A&handling=P&text=Eve",
     {"practitioner", "intake officer", "analyst"}),
    ("/intelligence/2", "do=dispose", {"practitioner", "intake officer", "analyst", "data lead"}),
    ("/intelligence/2", "do=submit", {"intake officer", "analyst"}),
    ("/intelligence/1/change", "source=1&information=A&handling=P&text=Eve",
     {"intake officer", "analyst"}),
    ("/intelligence/1/correct", "source=1&information=A&handling=P&text=Eve",
     {"intake officer", "analyst"}),
]

# Forms that anybody, or whoever has signed in, may send; they are tried below in others' names.
OTHER_FORMS = ["/account/passphrase", "/account/recovery-codes", "/account/sign-out-everywhere",
               "/import", "/sign-in", "/sign-in/code", "/sign-in/set-up", "/sign-in/set-up/begin",
               "/sign-out", "/invitation/x", "/reset/x", "/device/x", "/report/what",
               "/forms/report/what", "/report/receipt"]
FOR_ANYBODY = {"/sign-in", "/invitation/x", "/reset/x", "/device/x", "/report/what",
               "/forms/report/what", "/report/receipt"}

CONCERN = "The zwqconcern van stands in Mill Lane."
INTELLIGENCE = {"source": "2", "information": "B", "handling": "P",
                "text": "Dealing zwqintelligence in Mill Lane.", "provenance": "zwqprovenance"}
DRAFT = {"source": "1", "information": "A", "handling": "P", "text": "Two zwqdraft cars.",
         "provenance": "zwqorigin"}


def declared(method):
    """The paths of the routes of this method, as the program's own text has them."""
    pattern = re.compile(r'\.method = "(\w+)",\s*\.path = "([^"]+)"')
    found = [path for file in SOURCES.glob("*.c") for kind, path in pattern.findall(file.read_text())
             if kind == method]
    assert len(found) > 30 or method == "POST", found
    return found


def matches(path, declared_path):
    return re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", declared_path), path.split("?")[0])


class Roles(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.all = Partnership(PROGRAM)
        site = cls.all.site
        cls.receipt = cls.all.report(CONCERN)
        cls.all.write_intelligence(1, INTELLIGENCE)
        author = cls.all.browsers["practitioner"]
        page = author.send(author.get("/intelligence/new").form(), DRAFT)
        assert page.path.startswith("/intelligence/2"), page.text
        site.run("agreement", "add", "Children at risk", "--gives", "Larkenshire Police",
                 "--receives", COUNCIL, "--data", "intelligence", "--purposes", "prevent-crime",
                 "--basis", "law-enforcement", "--condition", "Article 10", "--assessment", "D-1",
                 "--retention", "90", "--from", "2026-01-01", "--review", "2030-01-01")
        cls.numbers = {who: str(site.ask("SELECT id FROM account WHERE email = ?",
                                         person.email)[0][0])
                       for who, person in cls.all.people.items()}

    @classmethod
    def tearDownClass(cls):
        cls.all.close()

    def filled(self, text):
        for who, number in self.numbers.items():
            text = text.replace("{" + who + "}", number)
        return text

    def look(self, who, path):
        return self.all.browsers[who].request("GET", self.filled(path))

    def mark(self, who):
        """The mark of this person's own session."""
        body = self.all.browsers[who].request("GET", "/methods").body.decode()
        found = re.search(r'name="form-token" value="([^"]+)"', body)
        return found.group(1) if found else "x" * 43

    def post(self, who, path, body, **headers):
        browser = self.all.browsers[who]
        before = dict(browser.cookies)
        sent = {"Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://{self.all.site.address}"}
        if path == "/import":
            sent["Content-Type"] = "multipart/form-data; boundary=b"
            body = (f'--b\r\nContent-Disposition: form-data; name="form-token"\r\n\r\n'
                    f'{dict(urllib.parse.parse_qsl(body)).get("form-token", "")}\r\n--b--\r\n')
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        sent = {name: value for name, value in sent.items() if value is not None}
        page = browser.request("POST", self.filled(path), body=self.filled(body), headers=sent)
        browser.cookies = before  # a refusal may take a cookie away
        return page

    def stored(self):
        """All that is stored but the audit and what is counted to limit abuse."""
        passing = {"session", "recent", "sqlite_sequence"}
        names = [row[0] for row in self.all.site.ask(
            "SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: self.all.site.ask(f'SELECT * FROM "{name}"') for name in names
                if name not in passing and not name.startswith("audit_")}

    # ---- the tables are whole ----

    def test_every_route_of_the_program_is_tried(self):
        special = ["/sign-in", "/sign-in/code", "/sign-in/set-up", "/invitation/x", "/reset/x",
                   "/device/x", "/imports/1", "/imports/1/progress", "/assets/x", "/areas/x",
                   "/profile", "/profile.pdf", "/compare", "/sources/1", "/forms/report",
                   "/forms/report/what", "/admin/emergency-access/1"]
        pages = list(PAGES) + list(PUBLIC) + special
        for path in declared("GET"):
            self.assertTrue(any(matches(own, path) for own in pages), f"GET {path} is not tried")
        forms = [path for path, _, _ in FORMS] + OTHER_FORMS
        for path in declared("POST"):
            self.assertTrue(any(matches(own, path) for own in forms), f"POST {path} is not tried")

    # ---- looking ----

    def test_a_page_is_for_whom_the_table_says(self):
        wrong = []
        for path, allowed in PAGES.items():
            for who in SIGNED_IN:
                status = self.look(who, path).status
                if (status == 200) != (who in allowed) or status not in (200, 400, 403, 404):
                    wrong.append(f"{who} gets {status} for {path}")
        self.assertEqual(wrong, [])

    def test_who_has_not_signed_in_is_led_there_and_told_nothing(self):
        for path in PAGES:
            for who in OUTSIDE:
                page = self.look(who, path)
                self.assertEqual(page.status, 303, f"{who} {path}")
                self.assertTrue(page.headers["Location"].startswith("/sign-in?to="), path)
                self.assertEqual(page.body, b"", path)

    def test_what_is_public_is_there_for_everybody(self):
        for path in PUBLIC:
            for who in EVERYBODY:
                self.assertEqual(self.look(who, path).status, 200, f"{who} {path}")

    def test_nobody_without_the_right_reads_a_word_of_a_report(self):
        seen = {who: set() for who in EVERYBODY}
        pages = [path for path in PAGES if path != "/intelligence/1/correct"]
        for path in [*pages, *PUBLIC, "/intelligence/1?purpose=prevent-crime",
                     "/concerns/1?purpose=safeguard", "/audit?category=concern",
                     "/audit?category=intelligence", "/concerns?part=closed"]:
            for who in EVERYBODY:
                body = self.look(who, path).body.decode("utf-8", "replace")
                seen[who].update(re.findall(r"zwq[a-z]+", body))
        expected = {who: set() for who in EVERYBODY}
        draft = {"zwqdraft", "zwqorigin"}  # seen by its author, and by who may change it
        expected["intake officer"] = {"zwqconcern", "zwqintelligence"} | draft
        expected["analyst"] = {"zwqintelligence"} | draft
        expected["practitioner"] = {"zwqintelligence"} | draft
        self.assertEqual(seen, expected)

    def test_where_a_report_came_from_is_seen_by_who_corrects_it(self):
        seen = {who for who in EVERYBODY
                if "zwqprovenance" in self.look(who, "/intelligence/1/correct").text}
        self.assertEqual(seen, {"intake officer", "analyst"})

    def test_an_emergency_opens_nothing_to_a_role_that_has_none_or_that_it_is_not_sealed_to(self):
        for who in EVERYBODY:
            if who in READS_INTELLIGENCE - {"council officer"}:
                continue
            page = self.post(who, "/intelligence/1", f"form-token={self.mark(who)}&do=open"
                             "&purpose=safeguard&justification=A+child+is+in+danger.")
            self.assertNotIn("zwq", page.text, who)
            self.assertGreaterEqual(page.status, 400, who)

    def test_nobody_sees_who_works_elsewhere(self):
        """But who looks after all accounts, and in the record of who did what: a data lead is told
        who read what the own organisation gave."""
        police = "Larkenshire Police"
        home = {name: organisation or police for name, _, organisation in PEOPLE.values()}
        home["Rhian Pugh"] = police
        for who in EVERYBODY:
            if who in ("administrator", "auditor"):
                continue
            own = PEOPLE[who][2] or police if who in SIGNED_IN else None
            own = police if who == "code stage only" else own  # has said who it is
            for path in [*PAGES, *PUBLIC, "/intelligence/1?purpose=prevent-crime"]:
                if who in LEADS and path.startswith(("/audit", "/admin/emergency-access")):
                    continue
                text = self.look(who, path).text
                for name, organisation in home.items():
                    if organisation != own:
                        # Whose account, report or data it is may know who looked at it.
                        shown = text.split("Who has seen or changed")[0]
                        self.assertNotIn(name, shown, f"{who} {path}")

    # ---- doing ----

    def test_nobody_does_what_their_role_does_not_allow(self):
        before = self.stored()
        wrong = []
        for path, body, allowed in FORMS:
            for who in EVERYBODY:
                if who in allowed:
                    continue
                mark = self.mark(who)
                page = self.post(who, path, f"form-token={mark}&sure=1&{body}")
                expected = (401,) if who in OUTSIDE else (403, 404)
                if page.status not in expected:
                    wrong.append(f"{who} gets {page.status} for {path} {body}")
        self.assertEqual(wrong, [])
        after = self.stored()
        for name, rows in before.items():
            self.assertEqual(after[name], rows, name)

    def test_a_form_of_another_site_does_nothing_in_anybodys_name(self):
        """For each form whoever could do the most with it."""
        tries = [
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Origin": None, "Sec_Fetch_Site": "cross-site"},
            {"Sec_Fetch_Site": "cross-site"},
            {"Origin": f"https://{self.all.site.address}.evil.example"},
            {"Origin": f"http://{self.all.site.address}@evil.example"},
        ]
        before = self.stored()
        for path, body, allowed in FORMS + [(path, "", {"administrator"}) for path in OTHER_FORMS]:
            who = next(iter(sorted(allowed & {"intake officer", "data lead"}) or sorted(allowed)))
            mark = self.mark(who)
            for headers in tries:
                page = self.post(who, path, f"form-token={mark}&sure=1&{body}", **headers)
                self.assertEqual(page.status, 403, f"{path} {headers}")
                self.assertNotIn("Set-Cookie", page.headers)
        after = self.stored()
        for name, rows in before.items():
            self.assertEqual(after[name], rows, name)

    def test_a_form_without_the_mark_of_this_very_session_does_nothing(self):
        before = self.stored()
        others = self.mark("board member")
        for path, body, allowed in FORMS + [(path, "", {"administrator"}) for path in OTHER_FORMS
                                            if path not in FOR_ANYBODY]:
            who = next(iter(sorted(allowed & {"intake officer", "data lead"}) or sorted(allowed)))
            own = self.mark(who)
            for mark in ("", f"form-token={others}&", f"form-token={own[:-1]}&", "form-token=&",
                         f"Form-Token={own}&", f"form-token={own}%00&", f"form-token={own}+x&"):
                page = self.post(who, path, mark + body)
                self.assertEqual(page.status, 403, f"{path} with {mark!r}")
        after = self.stored()
        for name, rows in before.items():
            self.assertEqual(after[name], rows, name)

    # ---- what is kept on the way ----

    def test_what_somebody_sees_is_kept_by_nobody_on_the_way(self):
        for who in SIGNED_IN:
            for path in [*PAGES, "/", "/methods", "/areas", "/report/what", "/report/receipt"]:
                page = self.look(who, path)
                self.assertEqual(page.headers["Cache-Control"], "no-store", f"{who} {path}")
                self.assertNotIn("ETag", page.headers)

    def test_the_page_of_somebody_is_never_the_next_ones(self):
        for who in ("intake officer", "administrator"):
            for path in ("/", "/methods", "/areas", "/sources", "/api"):
                self.assertIn("Sign out", self.look(who, path).text)
                page = self.look("nobody", path)
                self.assertNotIn("Sign out", page.text)
                self.assertNotIn("Idris", page.text)
                self.assertNotIn(b"form-token", page.body)
    # ---- and those who may ----

    def test_whoever_may_do_it_does(self):
        """Comes last, by its name: it changes what the others look at.  Without it, forms that
        nobody could send would pass for refused."""
        too_late = {  # what cannot be done any more, or is not there, whoever asks;
            # and no agreement is in force
            "/admin/emergency-access/1": (404,), "/intelligence/1/change": (400,),
            "do=submit": (400,), "/intelligence/2": (303,), "do=share": (403,), "do=hand-over": (303, 400), "do=add-reader": (303, 400),
            "/concerns": (303, 400), "/colleagues/confirm": (400,),
        }
        got = {}
        for path, body, allowed in FORMS:
            who = next(iter(sorted(allowed & {"intake officer", "data lead"}) or sorted(allowed)))
            mark = self.mark(who)
            got[f"{path} {body}"] = (who, path, body,
                                     self.post(who, path, f"form-token={mark}&sure=1&{body}").status)
        for who, path, body, status in got.values():
            deed = body.split("&")[0]
            expected = too_late.get(path, too_late.get(deed, (200, 303)))
            self.assertIn(status, expected, f"{who} {path} {body}")


if __name__ == "__main__":
    tap.main()
