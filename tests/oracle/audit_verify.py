#!/usr/bin/env python3
"""Verify the audit chain of a Trefoil database without Trefoil.

    audit_verify.py DATABASE [--key FILE [--mark FILE]] [--head FILE ...]

Written from docs/audit.md with Python's own library alone: sqlite3, hashlib, and Ed25519 as RFC
8032 has it.  KEY is the site's key file, without which the end of the chain is not vouched for; MARK
is the file of how far the chain has come, of a machine that was not started anew since.
Says what the first fault is and at which entry, with exit code 1, or that there is none.
"""

import argparse
import contextlib
import datetime
import hashlib
import hmac
import json
import sqlite3
import sys

DAY = 24 * 3600 * 1_000_000  # microseconds
COLUMNS = ("id at account_id organisation_id actor action category object_id person_id purpose "
           "agreement_id recipients outcome detail").split()
TEXTS = {"actor", "action", "category", "purpose", "recipients", "outcome", "detail"}
MAY_BE_NULL = {"purpose", "recipients", "detail"}


class Fault(Exception):
    def __init__(self, entry, what):
        super().__init__(f"entry {entry}: {what}")
        self.entry = entry


class Text(bytes):
    """What SQLite stores as text; what it stores as bytes is of the type bytes itself."""


def blake2b(message, key=b""):
    return hashlib.blake2b(message, digest_size=32, key=key).digest()


# ---- Ed25519: RFC 8032, 5.1.7 ----

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def x_of(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def decompress(bytes_):
    number = int.from_bytes(bytes_, "little")
    y = number & (1 << 255) - 1
    x = x_of(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (x_of(BASE_Y, 0), BASE_Y, 1, x_of(BASE_Y, 0) * BASE_Y % P)


def is_signed(public_key, message, signature):
    point, r = decompress(public_key), decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if point is None or r is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little")
    left, right = multiply(s, BASE), add(r, multiply(h % ORDER, point))
    return ((left[0] * right[2] - right[0] * left[2]) % P == 0
            and (left[1] * right[2] - right[1] * left[2]) % P == 0)


def public_key_of(seed):
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254
    x, y, z, _ = multiply(scalar, BASE)
    inverse = pow(z, P - 2, P)
    x, y = x * inverse % P, y * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


# ---- the chain ----

def number_bytes(number):
    return number.to_bytes(8, "little", signed=True)


def entry_hash(before, values):
    pieces = [before]
    for value in values:
        if value is None:
            pieces.append(number_bytes(-1))
        elif isinstance(value, int):
            pieces.append(number_bytes(value))
        else:
            pieces += [number_bytes(len(value)), value]
    return blake2b(b"".join(pieces))


def has_right_types(values):
    for name, value in zip(COLUMNS, values):
        right = Text if name in TEXTS else int
        if type(value) is not right and not (value is None and name in MAY_BE_NULL):
            return False
    return True


def is_head_signed(head, keys):
    day, entry, hash_, public_key, signature = head
    if [type(value) for value in head] != [int, int, bytes, bytes, bytes]:
        return False
    if (len(hash_), len(public_key), len(signature)) != (32, 32, 64) or len(keys | {public_key}) > 1:
        return False
    keys.add(public_key)
    message = f"Trefoil audit head, day {day}, entry {entry}, hash {hash_.hex()}"
    return is_signed(public_key, message.encode(), signature)


def read_key(path):
    lines = open(path, encoding="ascii").read().split("\n")
    return bytes.fromhex(lines[1])


def read_head(path):
    fields = json.load(open(path, encoding="utf-8"))
    day = (datetime.date.fromisoformat(fields["day"]) - datetime.date(1970, 1, 1)).days
    return (day, fields["entry"], *(bytes.fromhex(fields[name])
                                    for name in ("hash", "public_key", "signature")))


def read_mark(path, root):
    """The hashes of the entries that the mark names."""
    text = open(path, "rb").read()
    lines = text.split(b"\n")
    mac = blake2b(text[:text.rindex(b"mac     ")], blake2b(b"mark", root)).hex().encode()
    if len(lines) != 6 or lines[4] != b"mac     " + mac:
        raise Fault(0, "the mark is not authentic")
    places = [line[8:].split() for line in lines[1:3]]
    return {int(entry): bytes.fromhex(hash_.decode()) for entry, hash_ in places if int(entry)}


def check_end(database, root, last, hash_):
    ends = database.execute("SELECT entry_id, hash, mac FROM audit_end").fetchall()
    if len(ends) != 1:
        raise Fault(last, f"there are {len(ends)} records of the end")
    entry, end_hash, mac = ends[0]
    if [type(value) for value in ends[0]] != [int, bytes, bytes]:
        raise Fault(last, "the record of the end is none")
    if root:
        right = blake2b(number_bytes(entry) + end_hash, blake2b(b"audit", root))
        if not hmac.compare_digest(mac, right):
            raise Fault(last, "the record of the end is not authentic")
    if entry != last:
        raise Fault(min(last, entry + 1), f"the end should be entry {entry}")
    if end_hash != hash_:
        raise Fault(last, "the end is another entry")


def verify(path, key_path=None, head_paths=(), mark_path=None):
    """The number of entries of a sound chain.  Raises Fault."""
    marked = read_mark(mark_path, read_key(key_path)) if mark_path else {}
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        database.text_factory = Text
        database.execute("BEGIN")
        return verify_database(database, key_path, head_paths, marked)


def verify_database(database, key_path, head_paths, marked):
    root = read_key(key_path) if key_path else None
    keys = {public_key_of(blake2b(b"sign", root))} if root else set()
    kept = {}
    for head_path in head_paths:
        head = read_head(head_path)
        if not is_head_signed(head, keys):
            raise Fault(head[1], f"{head_path} is not signed by the site")
        kept.setdefault(head[1], set()).add(head[2])
    heads = database.execute("SELECT day, entry_id, hash, public_key, signature FROM audit_head "
                             "ORDER BY day").fetchall()
    last, last_at, hash_ = 0, None, bytes(32)
    for row in database.execute(f"SELECT {', '.join(COLUMNS)}, hash FROM audit_entry ORDER BY id"):
        values, stored = row[:-1], row[-1]
        if values[0] != last + 1:
            is_gap = type(values[0]) is not int or values[0] > last + 1
            raise Fault(last + 1 if is_gap else values[0], "the numbers have a gap or a double")
        if not has_right_types(values) or stored != entry_hash(hash_, values):
            raise Fault(last + 1, "it is not what was entered")
        at = values[1]
        if last and at < last_at:
            raise Fault(last + 1, "it is before the one before it")
        if last and at // DAY != last_at // DAY:
            head = heads.pop(0) if heads else None
            if (not head or head[:3] != (last_at // DAY, last, hash_)
                    or not is_head_signed(head, keys)):
                raise Fault(last, "its day has no head, or one that is not its")
        last, last_at, hash_ = last + 1, at, stored
        if not kept.pop(last, {hash_}) <= {hash_}:
            raise Fault(last, "a head that was kept names another")
        if marked.pop(last, hash_) != hash_:
            raise Fault(last, "the mark names another")
    if last or root:
        check_end(database, root, last, hash_)
    if marked:
        raise Fault(last, "the mark names what is not there any more")
    if heads or kept:
        raise Fault(last, "a head names what is not there any more")
    return last


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("database")
    parser.add_argument("--key")
    parser.add_argument("--mark")
    parser.add_argument("--head", action="append", default=[])
    arguments = parser.parse_args()
    try:
        count = verify(arguments.database, arguments.key, arguments.head, arguments.mark)
    except Fault as fault:
        sys.exit(f"{arguments.database}: {fault}")
    print(f"{arguments.database} is sound: {count} entries")


if __name__ == "__main__":
    main()
