"""A visitor of the site for tests and measurements: fills in forms as a browser does that runs no
scripts, keeps cookies, has a device that makes one-time codes.  Standard library only."""

import base64
import hashlib
import hmac
import http.client
import re
import struct
import time
import urllib.parse
from html.parser import HTMLParser


class Form:
    """A form of a page: where it goes, and what it would send as it stands."""

    def __init__(self, attributes):
        self.action = attributes.get("action") or ""
        self.method = (attributes.get("method") or "get").upper()
        self.fields = []  # (name, value) of what is sent untouched
        self.names = set()  # of every control
        self.choices = {}  # name -> values of radios, checkboxes and options
        self.button = None  # (name, value) of the button that is pressed, the first that has a name
        self.buttons = []

    def control(self, tag, attributes):
        name = attributes.get("name")
        if not name:
            return
        kind = attributes.get("type") or "text"
        if tag == "button" or kind in ("submit", "button"):
            self.buttons.append((name, attributes.get("value") or ""))
            self.button = self.buttons[0]  # the one that the return key presses
            return
        self.names.add(name)
        value = attributes.get("value") or ""
        if kind in ("radio", "checkbox"):
            self.choices.setdefault(name, []).append(value)
            if "checked" in attributes:
                self.fields.append((name, value))
        else:
            self.fields.append((name, value))


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.forms = []
        self.form = None
        self.select = None
        self.textarea = None
        self.text = []
        self.links = []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "a":
            self.links.append((attributes.get("href") or "", len(self.text)))
        elif tag == "form":
            self.form = Form(attributes)
            self.forms.append(self.form)
        elif self.form and tag in ("input", "button"):
            self.form.control(tag, attributes)
        elif self.form and tag == "textarea":
            self.textarea = [attributes.get("name"), ""]
        elif self.form and tag == "select":
            self.select = attributes.get("name")
            self.form.names.add(self.select)
        elif self.select and tag == "option":
            value = attributes.get("value") or ""
            options = self.form.choices.setdefault(self.select, [])
            options.append(value)
            if "selected" in attributes or len(options) == 1:
                self.form.fields = [f for f in self.form.fields if f[0] != self.select]
                self.form.fields.append((self.select, value))

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea" and self.textarea:
            self.form.names.add(self.textarea[0])
            self.form.fields.append((self.textarea[0], self.textarea[1].removeprefix("\n")))
            self.textarea = None

    def handle_data(self, data):
        if self.textarea:
            self.textarea[1] += data
        self.text.append(data)


class Page:
    def __init__(self, path, status, headers, body):
        self.path = path
        self.status = status
        self.headers = headers
        self.body = body
        reader = _Reader()
        reader.feed(body.decode("utf-8", "replace"))
        self.forms = reader.forms
        self.text = re.sub(r"\s+", " ", " ".join(reader.text))
        # (where to, what it says): of the link's own first piece of text
        self.links = [(href, reader.text[at].strip() if at < len(reader.text) else "")
                      for href, at in reader.links]

    def link(self, words):
        """Where the link goes that says this."""
        found = [href for href, text in self.links if text == words]
        assert found, f"{self.path} has no link {words!r}: {self.links}"
        return found[0]

    def form(self, action=None, does=None):
        """The form that goes to an address, whose button does this, or the first besides the
        masthead's."""
        found = [f for f in self.forms
                 if (f.action == action if action else f.action != "/sign-out")
                 and (does is None or does in [value for _, value in f.buttons])]
        assert len(found) >= 1, f"{self.path} ({self.status}) has no such form: {self.text[:400]}"
        if does is not None:
            found[0].button = next(b for b in found[0].buttons if b[1] == does)
        return found[0]


def one_time_code(secret, moment=None):
    """RFC 6238 with 30 seconds, 6 digits and SHA-1."""
    key = base64.b32decode(secret.replace(" ", "").upper() + "=" * (-len(secret.replace(" ", "")) % 8))
    counter = struct.pack(">Q", int((time.time() if moment is None else moment) // 30))
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1000000:06d}"


class Visitor:
    """One browser.  `host` and `port` are where the site listens."""

    def __init__(self, address, timeout=30):
        self.host, port = address.rsplit(":", 1)
        self.port = int(port)
        self.timeout = timeout
        self.cookies = {}
        self.connection = None
        self.page = None

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def request(self, method, path, fields=None, headers=None, body=None):
        """One request and its answer, whatever its status; a lost connection raises."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)
        sent = {"Host": f"{self.host}:{self.port}"}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        if fields is not None:
            body = urllib.parse.urlencode(fields)
            sent["Content-Type"] = "application/x-www-form-urlencoded"
            sent["Origin"] = f"http://{self.host}:{self.port}"
        sent.update(headers or {})
        try:
            self.connection.request(method, path, body=body, headers=sent)
            answer = self.connection.getresponse()
            content = answer.read()
        except Exception:
            self.close()
            raise
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = line.partition("=")
            value = rest.split(";")[0]
            if not value or re.search(r"max-age=0\b", line, re.IGNORECASE):
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        self.page = Page(path, answer.status, answer.headers, content)
        return self.page

    def follow(self, page):
        """Go where an answer leads."""
        for _ in range(10):
            if page.status not in (301, 302, 303, 307, 308):
                return page
            page = self.request("GET", page.headers["Location"])
        raise AssertionError(f"{page.path} leads round in a circle")

    def get(self, path):
        return self.follow(self.request("GET", path))

    def send(self, form, values=None, follows=True):
        """Fill in a form: a text, or a list of texts for several boxes, by name."""
        values = values or {}
        unknown = set(values) - form.names
        assert not unknown, f"{self.page.path}: no such controls: {unknown}; there are {form.names}"
        fields = [f for f in form.fields if f[0] not in values]
        fields += [form.button] if form.button else []
        for name, value in values.items():
            fields += [(name, v) for v in ([value] if isinstance(value, str) else value)]
        page = self.request(form.method, form.action or self.page.path, fields)
        return self.follow(page) if follows else page

    def sign_in(self, email, passphrase, secret):
        page = self.send(self.get("/sign-in").form("/sign-in"),
                         {"email": email, "passphrase": passphrase})
        if "code" in page.form().names:
            page = self.send(page.form(), {"code": one_time_code(secret)})
        return page
