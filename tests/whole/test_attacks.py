#!/usr/bin/env python3
"""What strangers try from outside, over raw sockets: each is refused, nothing is stored, and others
are answered meanwhile.

    test_attacks.py PROGRAM
"""

import re
import sqlite3
import statistics
import sys
import threading
import time
import unittest
import urllib.parse
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path += [str(TESTS / "support"), str(TESTS / "tools")]

import tap
from raw import Wire, ask, head
from reporter import receipt_of, to_the_check
from whole_site import Site

PROGRAM = Path(sys.argv.pop(1) if len(sys.argv) > 1 else "build/trefoil").resolve()
SOURCES = [file for folder in ("pages", "api")
           for file in (TESTS.parent / "src" / "web" / folder).glob("*.c")]
MICROSECONDS_A_DAY = 24 * 3600 * 1000 * 1000

BREAKS = ["%0d%0aX-Injected:%201", "%0aX-Injected:%201", "%0dX-Injected:%201",
          "%E5%98%8A%E5%98%8DX-Injected:1", "%0d%0a%0d%0a<h1>evil</h1>", "%250d%250aX-Injected:1"]

# A page has these, whatever it says.
ALWAYS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
          "Cross-Origin-Opener-Policy": "same-origin",
          "Cross-Origin-Resource-Policy": "same-origin"}


def declared(method):
    pattern = re.compile(r'\.method = "(\w+)",\s*\.path = "([^"]+)"')
    found = [path for file in SOURCES for kind, path in pattern.findall(file.read_text())
             if kind == method]
    assert found
    return sorted(set(found))


class Attacks(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.site = Site(PROGRAM)
        cls.site.run("setting", "set", "report-most-per-hour", "100000")
        cls.site.start()
        cls.officer, cls.browser = cls.site.invite("Idris Vaughan", "idris@larkenshire.example",
                                                   "intake-officer")
        cls.address = cls.site.address
        sender = cls.site.visitor()
        cls.receipt = receipt_of(sender.send(to_the_check(sender, "A van in Mill Lane.").form()))

    @classmethod
    def tearDownClass(cls):
        cls.site.close()

    def post(self, path, body, *lines, kind="application/x-www-form-urlencoded"):
        body = body if isinstance(body, bytes) else body.encode()
        lines = "".join(line + "\r\n" for line in lines)
        return ask(self.address, f"POST {path} HTTP/1.1\r\nHost: {self.address}\r\n{lines}"
                   f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)

    def reporter_at(self, page_name):
        """Somebody who has come as far as this page of a report; their cookie line."""
        visitor = self.site.visitor()
        page = visitor.get(visitor.get("/report").link("Start now"))
        values = {"what": ["child", "line"], "child_danger": "unsure", "details": "Seen it.",
                  "when": "once", "safe": "yes"}
        while page.path != f"/report/{page_name}":
            form = page.form()
            page = visitor.send(form, {k: v for k, v in values.items() if k in form.names})
            assert page.status == 200 and page.path != "/report/check", page.text
        return visitor, "Cookie: " + "; ".join(f"{k}={v}" for k, v in visitor.cookies.items())

    def drafts(self):
        return self.site.ask("SELECT id, touched_at, content FROM form_draft ORDER BY id")

    def reports(self):
        return self.site.ask("SELECT count(*) FROM response")[0][0]

    # ---- heads ----

    def test_nothing_that_is_sent_ends_a_header_of_an_answer(self):
        fields = ("to", "done", "language", "change", "page", "part", "id", "area", "format",
                  "older", "from", "name")
        for path in declared("GET"):
            for text in BREAKS:
                target = re.sub(r"\{[^}]*\}", text, path)
                query = "&".join(f"{field}=/{text}" for field in fields)
                for cookie in ("", "Cookie: " + "; ".join(
                        f"{k}={v}" for k, v in self.browser.cookies.items())):
                    reply = head(self.address, "GET", f"{target}?{query}", *([cookie] or []))
                    self.assertNotRegex(reply.head, rb"(?mi)^x-injected|^<h1>", path)
                if "{" not in path and text != BREAKS[0]:
                    break
        for name in ("trefoil", "trefoil-device", "draft-report", "language"):
            reply = head(self.address, "GET", "/report/what", f"Cookie: {name}=a%0d%0aX-Injected: 1")
            self.assertNotIn(b"X-Injected", reply.head)

    def test_every_answer_has_the_headers_that_protect_it(self):
        own = "Cookie: " + "; ".join(f"{k}={v}" for k, v in self.browser.cookies.items())
        tag = head(self.address, "GET", "/methods").header("ETag")[0]
        asset = re.search(rb"/assets/[^\"]+", head(self.address, "GET", "/methods").body).group()
        replies = {
            "a page": head(self.address), "its head": head(self.address, "HEAD"),
            "one's own": head(self.address, "GET", "/concerns", own),
            "not changed": head(self.address, "GET", "/methods", f"If-None-Match: {tag}"),
            "led on": head(self.address, "GET", "/account"),
            "not there": head(self.address, "GET", "/no-such-page"),
            "not so": head(self.address, "PUT", "/", "Content-Length: 0"),
            "one's own, not there": head(self.address, "GET", "/areas/E01", own),
            "refused": self.post("/report/what", "what=line", "Origin: https://evil.example"),
            "too large": self.post("/report/what", b"a" * 70000),
            "no page of ours": ask(self.address, "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"),
            "malformed": ask(self.address, "GET / HTTP/1.1\r\nHost : a\r\n\r\n"),
            "too long": ask(self.address, "GET /" + "a" * 9000 + " HTTP/1.1\r\nHost: a\r\n\r\n"),
            "wrong form": self.post("/report/what", "what=none-such"),
            "a file": head(self.address, "GET", asset.decode()),
            "for programs": head(self.address, "GET", "/api/v1/openapi.json"),
            "a program's mistake": head(self.address, "GET", "/api/v1/areas/none-such"),
            "a document": head(self.address, "GET", "/profile.pdf"),
        }
        for what, reply in replies.items():
            self.assertGreater(reply.status, 0, what)
            for name, value in ALWAYS.items():
                self.assertEqual(reply.header(name), [value], f"{what} ({reply.status}): {name}")
            policy = reply.header("Content-Security-Policy")
            self.assertEqual(len(policy), 1, what)
            for rule in ("default-src 'none'", "script-src 'self'", "form-action 'self'",
                         "base-uri 'none'", "frame-ancestors 'none'"):
                self.assertIn(rule, policy[0], what)
            self.assertNotIn("unsafe", policy[0], what)
            self.assertEqual(reply.header("Access-Control-Allow-Origin"), [], what)
            self.assertEqual(reply.header("Server"), [], what)
        for line in replies["one's own"].header("Set-Cookie"):
            self.assertIn("HttpOnly", line)

    def test_no_other_method_does_or_tells_anything(self):
        before = self.drafts()
        for path in sorted({*declared("GET"), *declared("POST")}):
            target = re.sub(r"\{[^}]*\}", "what", path)
            for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get", "PROPFIND"):
                reply = head(self.address, method, target, "Content-Length: 0", "X-Echo: zwqecho")
                self.assertIn(reply.status, (400, 404, 405, 501), f"{method} {target}")
                self.assertNotIn(b"zwqecho", reply.body)
        self.assertEqual(self.drafts(), before)

    def test_the_site_answers_for_no_other_name(self):
        port = self.address.rsplit(":", 1)[1]
        for host in ("evil.example", f"evil.example:{port}", "localhost.evil.example",
                     f"127.0.0.1.evil.example:{port}", "127.1", "0x7f000001", "2130706433",
                     f"evil.example@127.0.0.1:{port}", "[::ffff:127.0.0.1]", ""):
            for method in ("GET", "POST"):
                reply = ask(self.address, f"{method} /report/what HTTP/1.1\r\nHost: {host}\r\n"
                            "Content-Type: application/x-www-form-urlencoded\r\n"
                            "Content-Length: 0\r\n\r\n" if method == "POST" else
                            f"GET /report/what HTTP/1.1\r\nHost: {host}\r\n\r\n")
                self.assertIn(reply.status, (400, 421), f"{method} {host!r}")
        reply = ask(self.address, f"GET http://evil.example/ HTTP/1.1\r\nHost: {self.address}\r\n\r\n")
        self.assertIn(reply.status, (400, 421))

    def test_two_readers_never_see_two_requests_where_one_was_sent(self):
        smuggled = f"GET /methods HTTP/1.1\r\nHost: {self.address}\r\n\r\n"
        start = (f"POST /report/what HTTP/1.1\r\nHost: {self.address}\r\n"
                 "Content-Type: application/x-www-form-urlencoded\r\n")
        for lines, body in [
            (f"Content-Length: {len(smuggled) + 5}\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
            ("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"),
            (f"Content-Length: 0\r\nContent-Length: {len(smuggled)}\r\n", ""),
            ("Content-Length: 0\r\n Transfer-Encoding: chunked\r\n", ""),
            ("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", "0\r\n\r\n"),
            ("Transfer-Encoding: \x0bchunked\r\nContent-Length: 0\r\n", ""),
            ("Content_Length: 5\r\nContent-Length: +0\r\n", ""),
            ("Content-Length: 0\nX: y\r\n", ""),
            ("Content-Length : 0\r\n", ""),
        ]:
            with Wire(self.address) as wire:
                wire.put((start + lines + "\r\n" + body + smuggled).encode("latin-1"))
                reply = wire.get()
                self.assertIn(reply.status, (400, 411, 501), lines)
                self.assertTrue(wire.has_ended(), lines)

    # ---- paths ----

    def test_no_path_leads_out(self):
        secrets = ("/site.db", "/site.db.key", "/etc/passwd", "/proc/self/environ")
        starts = ("", "/assets", "/areas", "/imports", "/report", "/forms", "/sources")
        ups = ("/..", "/%2e%2e", "/%2E.", "/..%2f", "/%252e%252e", "/%252e%252e%252f", "/..;",
               "/....//", "/..%5c", "/\\..", "/%c0%ae%c0%ae", "/%00..", "//..")
        for start in starts:
            for up in ups:
                for secret in secrets:
                    reply = head(self.address, "GET", start + up * 6 + secret)
                    self.assertIn(reply.status, (303, 400, 404, 414), start + up)
                    for word in (b"SQLite format", b"root:", b"PATH="):
                        self.assertNotIn(word, reply.body)
        for target in ("file:///etc/passwd", "//etc/passwd", "\\etc\\passwd", "?/etc/passwd", "*"):
            self.assertNotEqual(head(self.address, "GET", target).status, 200, target)

    # ---- fields ----

    def test_what_is_no_text_never_comes_back_as_it_was_sent(self):
        """A choice is refused; a text is kept as what can be read of it, so that a report is not
        lost for one strange byte."""
        bad = ["%", "%4", "%zz", "%00", "a%00b", "%ff", "%c0%af", "%ed%a0%80", "%f4%90%80%80",
               "%e2%82", "a%1bb", "%u0041", "a%E2%80%AEb"]
        texts = {"line": ["line_number"], "child-about": ["child_about"], "details": ["details"],
                 "where": ["where"], "who": ["who", "vehicles"],
                 "contact": ["contact-name", "contact-email", "contact-telephone"],
                 "last": ["last-day", "last-month", "last-year"]}
        choices = {"when": ["when"], "child": ["child_danger"], "safe": ["safe"]}
        for page, fields in [*texts.items(), *choices.items()]:
            visitor, cookie = self.reporter_at(page)
            for field in fields:
                for text in bad:
                    reply = self.post(f"/report/{page}", f"{field}={text}", cookie)
                    self.assertIn(reply.status, (200, 303, 400), f"{page}: {field}={text}")
                    if page in choices:
                        self.assertEqual(reply.status, 400, f"{page}: {field}={text}")
                    reply.body += visitor.request("GET", f"/report/{page}").body
                    self.assertNotRegex(reply.body.decode("utf-8"), "[\0-\x08\x0b-\x1f\x7f\u202e]")
                    reply = self.post(f"/report/{page}", f"{text}=1", cookie)
                    self.assertLess(reply.status, 500, f"{page}: a name of {text}")
                reply = self.post(f"/report/{page}", f"{field}=now&{field}=no", cookie)
                self.assertLess(reply.status, 500, f"{page}: {field} twice")

    def test_what_is_too_much_is_refused_and_nothing_is_kept(self):
        _, cookie = self.reporter_at("details")
        before = self.drafts()
        long = {
            "one field": "details=" + "a" * 5001,
            "of four bytes": "details=" + "%F0%9F%98%80" * 5001,
            "marks on one letter": "details=a" + "%CC%81" * 5001,
            "many fields": "&".join(f"f{i}=1" for i in range(201)) + "&details=a",
            "one name": "a" * 60000 + "=1",
            "nothing but marks": "&" * 60000,
            "a body": "details=" + "a" * 131072,
        }
        for what, body in long.items():
            reply = self.post("/report/details", body, cookie)
            self.assertIn(reply.status, (400, 413), what)
        with Wire(self.address) as wire:  # what is announced, before it is sent
            wire.put((f"POST /report/details HTTP/1.1\r\nHost: {self.address}\r\n{cookie}\r\n"
                      "Content-Type: application/x-www-form-urlencoded\r\n"
                      "Content-Length: 99999999999999\r\n\r\n").encode())
            self.assertEqual(wire.get().status, 413)
        with Wire(self.address) as wire:  # and in chunks, without an end
            wire.put((f"POST /report/details HTTP/1.1\r\nHost: {self.address}\r\n{cookie}\r\n"
                      "Content-Type: application/x-www-form-urlencoded\r\n"
                      "Transfer-Encoding: chunked\r\n\r\n").encode())
            for _ in range(20):
                wire.put(b"2000\r\n" + b"a" * 0x2000 + b"\r\n")
            self.assertEqual(wire.get().status, 413)
        for line in ("Cookie: draft-report=" + "a" * 20000, "X: " + "a" * 20000,
                     "\r\n".join(f"X{i}: 1" for i in range(80))):
            self.assertEqual(head(self.address, "GET", "/report/what", line).status, 431)
        self.assertEqual(self.drafts(), before)
        # As long as it may be it is taken: 5,000 characters of four bytes each.
        reply = self.post("/report/details", "details=" + "%F0%9F%98%80" * 5000, cookie)
        self.assertEqual(reply.status, 303)

    def test_a_form_of_another_kind_is_not_taken(self):
        before = self.drafts()
        for kind in ("text/plain", "application/json", "multipart/form-data; boundary=b",
                     "application/x-www-form-urlencoded, text/plain", "text/html", ""):
            for path in ("/report/what", "/report/receipt", "/sign-in"):
                reply = self.post(path, "what=line", kind=kind)
                self.assertEqual(reply.status, 415, f"{path} as {kind}")
        self.assertEqual(self.drafts(), before)

    # ---- cookies ----

    def test_a_planted_draft_is_not_taken_up(self):
        planted = "A" * 43
        reply = self.post("/report/what", "what=line", f"Cookie: draft-report={planted}")
        self.assertEqual(reply.status, 303)
        given = re.search(r"draft-report=([^;]*)", reply.header("Set-Cookie")[0]).group(1)
        self.assertNotEqual(given, planted)
        reply = head(self.address, "GET", "/report/line", f"Cookie: draft-report={planted}")
        self.assertEqual(reply.status, 410)
        line = reply.header("Set-Cookie")
        self.assertEqual([one for one in line if planted in one], [])

    def test_a_draft_is_opened_by_its_own_cookie_alone(self):
        visitor, _ = self.reporter_at("when")
        token = visitor.cookies["draft-report"]
        other, _ = self.reporter_at("when")
        foreign = other.cookies["draft-report"]
        session = self.browser.cookies["trefoil"]
        wrong = [token[:-1], token + "A", token[1:], token.swapcase(), token[::-1], session, "",
                 '"' + token + '"', f"{token}; draft-report={foreign}", token + "=", "." * 43]
        wrong += [token[:i] + ("B" if token[i] != "B" else "C") + token[i + 1:]
                  for i in range(0, len(token), 6)]
        for value in wrong:
            reply = head(self.address, "GET", "/report/when", f"Cookie: draft-report={value}")
            self.assertEqual(reply.status, 410, value)
            reply = self.post("/report/when", "when=now", f"Cookie: draft-report={value}")
            self.assertEqual(reply.status, 410, value)
        for name in ("draft-Report", "Draft-report", "draft-report2", "trefoil"):
            reply = head(self.address, "GET", "/report/when", f"Cookie: {name}={token}")
            self.assertEqual(reply.status, 410, name)
        reply = head(self.address, "GET", "/account", f"Cookie: trefoil={token}")
        self.assertEqual(reply.status, 303)
        self.assertEqual(visitor.request("GET", "/report/when").status, 200)

    # ---- who there is ----

    def wrong_code(self, code):
        reply = self.post("/report/receipt", f"code={urllib.parse.quote(code)}")
        return reply.status, reply.body, re.sub(rb"Date: [^\r]*", b"", reply.head)

    def test_no_answer_tells_one_wrong_code_from_another(self):
        near = self.receipt[:-1] + ("0" if self.receipt[-1] != "0" else "1")
        first = self.wrong_code("0000-0000-0000-0000")
        self.assertEqual(first[0], 400)
        for code in (near, "7KQ2-M9XD-4RTN-C8WP", "no-code", "", "1", self.receipt[:15],
                     self.receipt + "0", "UUUU-UUUU-UUUU-UUUU"):
            self.assertEqual(self.wrong_code(code), first, code)

    def medians(self, tries, count):
        """Of the time that each takes, in turn; and how far apart they lie for one and the same."""
        times = {name: [] for name in tries}
        for _ in range(count):
            for name, attempt in tries.items():
                start = time.perf_counter()
                attempt()
                times[name].append(time.perf_counter() - start)
        return {name: statistics.median(values) for name, values in times.items()}

    def assert_alike(self, tries, count, most):
        """The first two do the very same: if they are told apart, the machine is too noisy.  What
        takes longer or shorter than they do takes so each time."""
        first, second, *_ = tries
        suspects, noise = set(tries), 0
        for _ in range(4):
            medians = self.medians(tries, count)
            usual = (medians[first] + medians[second]) / 2
            noise = max(noise, abs(medians[first] - medians[second]) / usual)
            suspects &= {name for name, median in medians.items()
                         if max(median, usual) / min(median, usual) > most}
            if not suspects:
                return
        if noise > (most - 1) / 2:
            self.skipTest(f"too noisy to tell: {medians}")
        self.fail(f"{suspects} can be told by time: {medians}")

    def test_no_time_tells_one_wrong_code_from_another(self):
        near = self.receipt[:-1] + ("0" if self.receipt[-1] != "0" else "1")
        self.assert_alike({"one": lambda: self.wrong_code("7KQ2-M9XD-4RTN-C8WP"),
                           "the same": lambda: self.wrong_code("7KQ2-M9XD-4RTN-C8WP"),
                           "near": lambda: self.wrong_code(near),
                           "none": lambda: self.wrong_code("no-code")}, 60, 1.35)

    def test_no_time_tells_who_has_an_account(self):
        site = Site(PROGRAM)
        self.addCleanup(site.close)
        site.start()
        site.invite("Ada Moss", "ada@larkenshire.example", "analyst")
        site.invite("Bea Holt", "bea@larkenshire.example", "analyst")
        site.run("user", "suspend", "bea@larkenshire.example")
        site.run("user", "invite", "cyd@larkenshire.example", "--name", "Cyd Vane", "--roles",
                 "analyst")
        numbers = iter(range(10000))

        def attempt(email):
            body = urllib.parse.urlencode({"email": email, "passphrase": "wrong wrong wrong"})
            reply = ask(site.address, f"POST /sign-in HTTP/1.1\r\nHost: {site.address}\r\n"
                        f"Content-Type: application/x-www-form-urlencoded\r\n"
                        f"Content-Length: {len(body)}\r\n\r\n{body}")
            assert reply.status in (403, 503), reply.status

        self.assert_alike({"nobody": lambda: attempt(f"eve{next(numbers)}@larkenshire.example"),
                           "nobody else": lambda: attempt(f"eve{next(numbers)}@larkenshire.example"),
                           "somebody": lambda: attempt("ada@larkenshire.example"),
                           "suspended": lambda: attempt("bea@larkenshire.example"),
                           "invited": lambda: attempt("cyd@larkenshire.example")}, 7, 1.5)

    # ---- an administrator alone ----

    def test_an_administrator_alone_reads_no_report(self):
        """By a colleague whom they have invented, and by a link for the passphrase of a real one."""
        site = Site(PROGRAM)
        self.addCleanup(site.close)
        site.start()
        _, administrator = site.activate(site.administrator_link, "rhian@larkenshire.example")
        officer, desk = site.invite("Idris Vaughan", "idris@larkenshire.example", "intake-officer")

        def report(details):
            sender = site.visitor()
            receipt_of(sender.send(to_the_check(sender, details).form()))
            return site.ask("SELECT max(id) FROM response")[0][0]

        def opens(browser, number):
            page = browser.request("GET", f"/concerns/{number}")
            return page.status == 200 and "heron" in page.text

        def press(address, does):
            return administrator.send(administrator.get(address).form(does=does))

        form = administrator.get("/admin/accounts/new").form()
        roles = re.search(r'name="(role-\d+)"[^>]*>\s*<label[^>]*>\s*Intake officer',
                          administrator.page.body.decode()).group(1)
        values = {"name": "Nia Frost", "email": "nia@larkenshire.example", roles: "1"}
        if form.choices.get("organisation"):
            values["organisation"] = form.choices["organisation"][-1]
        page = administrator.send(form, values)
        link = re.search(r"/invitation/[\w-]+", page.body.decode()).group()
        _, puppet = site.activate(link, "nia@larkenshire.example")
        first = report("A heron of the first report.")
        self.assertTrue(opens(desk, first))
        self.assertFalse(opens(puppet, first))
        self.assertIn("Nothing is sealed to you yet", puppet.get("/concerns").text)
        number = site.ask("SELECT id FROM account WHERE email = 'nia@larkenshire.example'")[0][0]
        for browser in (administrator, puppet):
            token = re.search(rb'name="form-token" value="(\w+)"', browser.get("/account").body)
            page = browser.request("POST", "/colleagues/confirm",
                                   {"colleague": number, "sure": "1",
                                    "form-token": token.group(1).decode()})
            self.assertEqual(page.status, 403, page.text)
        self.assertIn("Nia Frost", desk.get("/concerns").text)  # who is told of it

        idris = site.ask("SELECT id FROM account WHERE email = ?", officer.email)[0][0]
        administrator.send(press(f"/admin/accounts/{idris}", "codes").form())  # and when asked again
        page = press(f"/admin/accounts/{idris}", "link")
        link = re.search(r"/reset/[\w-]+", page.body.decode()).group()
        _, thief = site.activate(link, officer.email, "nine ravens on the roof")
        self.assertFalse(opens(thief, first))
        # Nor is another sealed to either: where nobody is left who can open it, none is taken.
        self.assertNotIn("Start now", [words for _, words in site.visitor().get("/report").links])
        for browser in (thief, puppet):
            for report_number, in site.ask("SELECT id FROM response"):
                self.assertFalse(opens(browser, report_number))
        self.assertIn("trefoil user confirm", thief.get("/concerns").text)

    # ---- whoever can write to the database ----

    def test_whoever_writes_to_the_database_alone_is_nobody(self):
        """A session of the administrator's whose token they have made, without the site's key."""
        site = Site(PROGRAM)
        self.addCleanup(site.close)
        site.start()
        _, administrator = site.activate(site.administrator_link, "rhian@larkenshire.example")
        self.assertEqual(administrator.request("GET", "/admin/accounts").status, 200)
        _, eve = site.invite("Eve Board", "eve@larkenshire.example", "board-member")
        with sqlite3.connect(site.database) as database:
            database.execute("UPDATE session SET account_id = 1, stage = 'full' WHERE account_id = 2")
        self.assertNotEqual(eve.request("GET", "/admin/accounts").status, 200)
        with sqlite3.connect(site.database) as database:
            database.execute("INSERT INTO account_role VALUES (2, 'intake-officer')")
        self.assertIn("not written by this program: 2", site.run("doctor", check=False))

    # ---- slowness ----

    def test_who_sends_a_byte_a_second_keeps_nobody_waiting(self):
        wires = [Wire(self.address) for _ in range(300)]
        request = (f"POST /report/what HTTP/1.1\r\nHost: {self.address}\r\n"
                   "Content-Type: application/x-www-form-urlencoded\r\n"
                   "Content-Length: 60000\r\n\r\n").encode()
        try:
            for number, wire in enumerate(wires):  # half of them in the head, half in the body
                wire.put(request[:40] if number % 2 else request + b"what=")
            slowest = 0
            for byte in range(12):
                for wire in wires:
                    wire.put(b"a")
                start = time.perf_counter()
                self.assertEqual(head(self.address, "GET", "/report/what").status, 200)
                self.assertEqual(self.browser.request("GET", "/concerns").status, 200)
                slowest = max(slowest, time.perf_counter() - start)
                time.sleep(max(0, 1 - (time.perf_counter() - start)))
            self.assertLess(slowest, 5)
            ended = sum(self.was_given_up(wire) for wire in wires)
            self.assertEqual(ended, len(wires))
        finally:
            for wire in wires:
                wire.socket.close()

    def test_many_who_try_to_sign_in_at_once_do_not_close_the_site(self):
        running = threading.Event()
        running.set()
        body = "email=eve%40example.org&passphrase=wrong+wrong+wrong"
        request = (f"POST /sign-in HTTP/1.1\r\nHost: {self.address}\r\n"
                   "Content-Type: application/x-www-form-urlencoded\r\n"
                   f"Content-Length: {len(body)}\r\n\r\n{body}").encode()

        def knock():
            while running.is_set():
                try:
                    with Wire(self.address, 60) as wire:
                        wire.put(request)
                        wire.get()
                except OSError:
                    pass
                time.sleep(0.05)

        threads = [threading.Thread(target=knock, daemon=True) for _ in range(60)]
        for thread in threads:
            thread.start()
        time.sleep(0.5)
        try:
            for _ in range(5):
                start = time.perf_counter()
                self.assertEqual(head(self.address, "GET", "/report/what").status, 200)
                self.assertEqual(self.browser.request("GET", "/concerns").status, 200)
                self.assertLess(time.perf_counter() - start, 8)
        finally:
            running.clear()
            for thread in threads:
                thread.join(60)

    @staticmethod
    def was_given_up(wire):
        wire.socket.settimeout(10)
        try:
            while wire.socket.recv(4096):
                pass
            return True
        except ConnectionError:
            return True
        except OSError:
            return False

    # ---- the way out ----

    def test_the_way_out_works_without_scripts(self):
        for path in ("/report", "/report/what", "/report/receipt"):
            body = head(self.address, "GET", path).body.decode()
            link = re.search(r'<a [^>]*govuk-exit-this-page__button[^>]*>', body).group()
            address = re.search(r'href="([^"]+)"', link).group(1)
            self.assertTrue(address.startswith("https://"), address)
            self.assertIn("noreferrer", re.search(r'rel="([^"]*)"', link).group(1))
            self.assertNotIn("target=", link)
            self.assertEqual(body.count("<form"), body.count('method="post"'), path)

    # ---- clocks ----

    def change(self, sql, *values):
        with sqlite3.connect(self.site.database, timeout=10) as database:
            database.execute(sql, values)

    def test_a_session_of_another_time_is_none_for_good(self):
        """As it stands after the clock was set back, or on: the database says what was before."""
        email, passphrase = "una@larkenshire.example", "seven herons over the weir"
        self.site.invite("Una Reed", email, "board-member")
        for shift in (-MICROSECONDS_A_DAY, MICROSECONDS_A_DAY):
            browser = self.site.visitor()
            browser.send(browser.get("/sign-in").form("/sign-in"),
                         {"email": email, "passphrase": passphrase})
            self.assertEqual(browser.request("GET", "/account").status, 200)
            kept = dict(browser.cookies)
            own = "account_id = (SELECT id FROM account WHERE email = ?)"
            self.change(f"UPDATE session SET seen_at = seen_at + ? WHERE {own}", shift, email)
            self.assertEqual(browser.request("GET", "/account").status, 303, shift)
            self.change(f"UPDATE session SET seen_at = seen_at - ? WHERE {own}", shift, email)
            browser.cookies = kept
            self.assertEqual(browser.request("GET", "/account").status, 303, "it came back")

    def test_a_draft_that_was_left_is_gone(self):
        visitor, _ = self.reporter_at("when")
        self.change("UPDATE form_draft SET touched_at = touched_at - ?", MICROSECONDS_A_DAY)
        page = visitor.request("GET", "/report/when")
        self.assertEqual(page.status, 410)
        self.assertNotIn("Seen it", page.text)


if __name__ == "__main__":
    tap.main()
