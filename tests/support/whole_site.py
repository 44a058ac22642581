"""The program as an operator runs it: a database made by `trefoil init`, and a server of it that
can be killed and started again.  Standard library only."""

import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
from pathlib import Path

from visitor import Visitor, one_time_code


class Person:
    """Somebody with an account."""

    def __init__(self, email, passphrase, secret, recovery):
        self.email = email
        self.passphrase = passphrase
        self.secret = secret
        self.recovery = recovery


class Site:
    """A database in a folder of its own, and whatever serves it."""

    def __init__(self, program, lead="Larkenshire Police", kind="police-force"):
        self.program = str(program)
        self.folder = Path(tempfile.mkdtemp(prefix="trefoil-site-"))
        self.database = self.folder / "site.db"
        self.server = None
        self.address = None
        self.log = self.folder / "server.log"
        said = self.run("init", "--organisation", lead, "--kind", kind, "--name", "Rhian Pugh",
                        "--email", "rhian@larkenshire.example")
        self.administrator_link = self.link_in(said)

    @staticmethod
    def link_in(said):
        found = re.search(r"(/(?:invitation|reset|device)/[\w-]+)", said)
        assert found, said
        return found.group(1)

    def run(self, *words, check=True):
        """A command on the site's database; what it says."""
        done = subprocess.run([self.program, *words, "--db", str(self.database)],
                              capture_output=True, text=True, timeout=300)
        assert not check or done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def start(self, *options):
        log = open(self.log, "ab")
        self.server = subprocess.Popen(
            [self.program, "serve", "--db", str(self.database), "--listen",
             self.address or "127.0.0.1:0", *options],
            stdout=subprocess.PIPE, stderr=log, text=True)
        log.close()
        for line in self.server.stdout:
            found = re.search(r"http://([\d.]+:\d+)", line)
            if found:
                self.address = found.group(1)
                return
        raise AssertionError(f"the server did not start: {self.log.read_text()}")

    def stop(self, how=signal.SIGTERM):
        if self.server:
            self.server.send_signal(how)
            self.server.wait(30)
            self.server.stdout.close()
        self.server = None

    def close(self):
        self.stop(signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def visitor(self):
        return Visitor(self.address)

    def ask(self, sql, *values):
        """Rows of the database, read as anybody could who has the file."""
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as database:
            return database.execute(sql, values).fetchall()

    def write(self, sql, *values):
        """What no command does: to be as if time had passed."""
        with sqlite3.connect(self.database, timeout=30) as database:
            database.execute(sql, values)

    def activate(self, link, email, passphrase="seven herons over the weir"):
        """Follow an invitation to its end, in a browser that then is signed in."""
        visitor = self.visitor()
        page = visitor.get(link)
        passphrases = {name: passphrase for name in page.form().names if "passphrase" in name}
        page = visitor.send(page.form(), passphrases)
        secret, recovery = None, []
        if any("code" in form.names for form in page.forms):  # not every role needs one
            secret = re.search(r"\b((?:[A-Z2-7]{4} ?){8})", page.text).group(1).replace(" ", "")
            page = visitor.send(page.form(), {"code": one_time_code(secret)})
            recovery = re.findall(r"\b[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}\b", page.text)
        return Person(email, passphrase, secret, recovery), visitor

    def invite(self, name, email, roles, organisation="Larkenshire Police"):
        """Make an account at the machine, and activate it in the browser."""
        said = self.run("user", "invite", email, "--name", name, "--roles", roles,
                        "--organisation", organisation)
        person, visitor = self.activate(self.link_in(said), email)
        self.confirm(email)
        return person, visitor

    def confirm(self, email):
        """At the machine, as an organisation's colleagues do; not all have roles that need it."""
        return self.run("user", "confirm", email, check=False)
