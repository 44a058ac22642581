"""The picture of /sign-in/set-up, read by another program's reader of QR codes (zxing-cpp).

    qr_oracle.py TREFOIL

What is read is an otpauth address as apps for one-time codes know it; codes made from nothing but
that address set the account up, and sign it in.
"""

import re
import sys
import time
import urllib.parse
from pathlib import Path

import numpy
import zxingcpp

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from visitor import one_time_code  # noqa: E402
from whole_site import Site  # noqa: E402

PASSPHRASE = "seven herons over the weir"
EMAIL = "rhian@larkenshire.example"


def draw(page, pixels):
    """The SVG of the page as grey pixels, so many to a module, on the dark page of a dark theme."""
    picture = re.search(r'<svg class="app-qr-code".*?</svg>', page, re.DOTALL).group(0)
    side = int(re.search(r'viewBox="0 0 (\d+) \1"', picture).group(1))
    light = int(re.search(r'<rect width="(\d+)" height="\1" fill="#ffffff">', picture).group(1))
    modules = numpy.full((side + 8, side + 8), 40, dtype=numpy.uint8)
    modules[4 : 4 + light, 4 : 4 + light] = 255
    path = re.search(r'<path d="([^"]*)" fill="#000000">', picture).group(1)
    drawn = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path)
    assert "".join(f"M{x} {y}h{n}v1h-{m}z" for x, y, n, m in drawn) == path, path[:200]
    for x, y, width, back in drawn:
        assert width == back
        modules[4 + int(y), 4 + int(x) : 4 + int(x) + int(width)] = 0
    return numpy.kron(modules, numpy.ones((pixels, pixels), dtype=numpy.uint8))


def read(page, pixels):
    found = zxingcpp.read_barcodes(draw(page, pixels))
    assert len(found) == 1, f"{len(found)} codes were found at {pixels} pixels a module"
    assert found[0].format == zxingcpp.BarcodeFormat.QRCode
    return found[0].text


def check(site):
    site.start()
    visitor = site.visitor()
    page = visitor.get(site.administrator_link)
    page = visitor.send(page.form(), {"passphrase": PASSPHRASE})
    assert page.path == "/sign-in/set-up", page.path
    markup = page.body.decode()
    address = read(markup, 4)
    assert read(markup, 3) == address == read(markup, 7)

    # https://github.com/google/google-authenticator/wiki/Key-Uri-Format
    parts = urllib.parse.urlsplit(address)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp"), address
    issuer, _, account = urllib.parse.unquote(parts.path).lstrip("/").partition(":")
    settings = dict(urllib.parse.parse_qsl(parts.query, strict_parsing=True))
    assert account == EMAIL and issuer and settings["issuer"] == issuer, address
    assert settings.get("digits", "6") == "6" and settings.get("period", "30") == "30", address
    assert settings.get("algorithm", "SHA1") == "SHA1", address
    shown = re.search(r'app-seed">([A-Z2-7 ]+)<', markup).group(1).replace(" ", "")
    assert settings["secret"] == shown, "what is scanned is not what can be typed"

    now = time.time()
    page = visitor.send(page.form(), {"code": one_time_code(settings["secret"], now)})
    assert page.status == 200 and "recovery codes" in page.text.lower(), page.text[:300]
    other = site.visitor()
    page = other.send(other.get("/sign-in").form("/sign-in"),
                      {"email": EMAIL, "passphrase": PASSPHRASE})
    # Each code is good once; that of the next half minute is good already.
    page = other.send(page.form(), {"code": one_time_code(settings["secret"], now + 30)})
    assert other.get("/account").status == 200 and EMAIL in other.page.text, page.text[:300]


def main():
    print("1..1")
    site = Site(Path(sys.argv[1]).resolve())
    try:
        check(site)
    finally:
        site.close()
    print("ok 1 - another reader finds in the picture what signs in")


if __name__ == "__main__":
    main()
