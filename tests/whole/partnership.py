"""A partnership with somebody of every role, and with what they work on: for tests that try what
each of them can do over HTTP.  Standard library only."""

import os

from reporter import receipt_of, to_the_check
from whole_site import Site

COUNCIL = "Larkenshire Council"
SCHOOL = "Wold Academy"
ENDED = "Harbour Trust"

# Who there is: name, roles, organisation (None: the police).
PEOPLE = {
    "practitioner": ("Maya Lund", "practitioner", None),
    "school lead": ("Tom Ashby", "school-safeguarding-lead", SCHOOL),
    "analyst": ("Ines Kaur", "analyst", None),
    "intake officer": ("Idris Vaughan", "intake-officer", None),
    "board member": ("Ruth Amos", "board-member", COUNCIL),
    "data lead": ("Piotr Sand", "data-lead", None),
    "council lead": ("Nia Frost", "data-lead", COUNCIL),
    "auditor": ("Olwen Price", "auditor", None),
    "council officer": ("Kit Marlow", "intake-officer", COUNCIL),
    "suspended": ("Sol Brandt", "intake-officer", None),
    "ended": ("Hedda Quill", "intake-officer", ENDED),
}


class Partnership:
    """`browsers` has one for each of PEOPLE, the administrator and two who have not signed in."""

    def __init__(self, program):
        self.site = Site(program)
        self.people = {}
        self.browsers = {}
        for name, kind in ((COUNCIL, "council"), (SCHOOL, "school"), (ENDED, "charity")):
            self.site.run("org", "add", name, "--kind", kind)
        self.site.run("setting", "set", "report-most-per-hour", "100000")
        self.site.start("--log", os.devnull)
        self.people["administrator"], self.browsers["administrator"] = self.site.activate(
            self.site.administrator_link, "rhian@larkenshire.example")
        for who, (name, roles, organisation) in PEOPLE.items():
            email = f"{name.split()[0].lower()}@larkenshire.example"
            self.people[who], self.browsers[who] = self.site.invite(
                name, email, roles, organisation or "Larkenshire Police")
        self.browsers["nobody"] = self.site.visitor()
        self.browsers["code stage only"] = self.half_signed_in("intake officer")
        self.site.run("user", "suspend", self.people["suspended"].email)
        self.site.write("UPDATE organisation SET ended_on = 20454 WHERE name = ?", ENDED)
        self.site.write("UPDATE policy_version SET version = version + 1")

    def half_signed_in(self, who):
        visitor = self.site.visitor()
        person = self.people[who]
        page = visitor.send(visitor.get("/sign-in").form("/sign-in"),
                            {"email": person.email, "passphrase": person.passphrase})
        assert page.path.startswith("/sign-in/code"), page.path
        return visitor

    def report(self, details):
        """A report of concern; its receipt code."""
        sender = self.site.visitor()
        return receipt_of(sender.send(to_the_check(sender, details).form()))

    def write_intelligence(self, concern, values):
        """A submitted report of the intake officer's, made of a report of concern; its address."""
        officer = self.browsers["intake officer"]
        page = officer.send(officer.get(f"/concerns/{concern}/intelligence").form(), values)
        address = page.path
        page = officer.send(officer.send(page.form(does="submit")).form())  # and when asked again
        assert page.status == 200 and "Submitted" in page.text, page.text
        return address

    def close(self):
        for browser in self.browsers.values():
            browser.close()
        self.site.close()
