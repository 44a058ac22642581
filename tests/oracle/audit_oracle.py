#!/usr/bin/env python3
"""Another program verifies the audit chain that Trefoil writes, and both find the same faults.

    audit_oracle.py TREFOIL WRITER

WRITER (tests/access/write_audit_chain.c) writes chains over some days, with their keys;
audit_verify.py verifies them, as they are and after changes with plain SQL at random.
"""

import contextlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tools")]
import audit_verify  # noqa: E402
import tap  # noqa: E402

TREFOIL, WRITER = sys.argv[1:3]
COLUMNS = audit_verify.COLUMNS + ["hash"]


def ask_trefoil(path, *options):
    """0 for sound, else what it says."""
    done = subprocess.run([TREFOIL, "audit", "verify", "--db", path, *options],
                          capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else 0


def ask_python(path, heads=()):
    try:
        audit_verify.verify(path, f"{path}.key", heads, f"{path}.mark")
    except audit_verify.Fault as fault:
        return fault
    return 0


def change_value(value, chance):
    if value is None:
        return "x"
    if isinstance(value, int):
        return value ^ 1 << chance.randrange(40)
    changed = bytearray(value.encode() if isinstance(value, str) else value)
    changed[chance.randrange(len(changed))] ^= 1
    return changed.decode() if isinstance(value, str) else bytes(changed)


def tamper(database, chance):
    """One change of one of the tables; where it is to be found, or None: that depends."""
    last, = database.execute("SELECT max(id) FROM audit_entry").fetchone()
    entry = chance.randint(1, last)
    kind = chance.randrange(6)
    if kind == 0:
        column = chance.choice([name for name in COLUMNS if name not in ("id", "hash")])
        value, = database.execute(f"SELECT {column} FROM audit_entry WHERE id = ?",
                                  (entry,)).fetchone()
        changed = "x" if value == "" else change_value(value, chance)
        database.execute(f"UPDATE audit_entry SET {column} = ? WHERE id = ?", (changed, entry))
        return entry
    if kind == 1:
        database.execute("DELETE FROM audit_entry WHERE id = ?", (entry,))
        return entry if entry < last else last - 1
    if kind == 2:
        database.execute("DELETE FROM audit_entry WHERE id > ?", (entry - 1,))
        return entry - 1
    if kind == 3:
        database.execute(
            f"INSERT INTO audit_entry SELECT ?, {', '.join(COLUMNS[1:])} FROM audit_entry "
            "WHERE id = ?", (last + 1, entry))
        return None if entry < last else last + 1
    table = "audit_head" if kind == 4 else "audit_end"
    column = chance.choice(["entry_id", "hash", "signature" if kind == 4 else "mac"])
    rowid, value = chance.choice(database.execute(f"SELECT rowid, {column} FROM {table}").fetchall())
    database.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?",
                     (change_value(value, chance), rowid))
    return None


class Audit(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="trefoil-audit-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, name, count, seed):
        path = self.folder / name
        subprocess.run([WRITER, path, str(count), str(seed)], check=True)
        return path

    def test_another_program_finds_every_chain_sound(self):
        for seed in range(1, 6):
            path = self.write(f"{seed}.db", 40 * seed, seed)
            self.assertEqual(ask_python(path), 0)
            self.assertEqual(ask_trefoil(path), 0)
            self.assertEqual(audit_verify.verify(path), 40 * seed)

    def test_both_find_an_end_that_was_put_back(self):
        path = self.write("back.db", 60, 11)
        root = audit_verify.read_key(f"{path}.key")
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
            hash_, = database.execute("SELECT hash FROM audit_entry WHERE id = 40").fetchone()
            mac = audit_verify.blake2b(audit_verify.number_bytes(40) + hash_,
                                       audit_verify.blake2b(b"audit", root))
            database.execute("DELETE FROM audit_entry WHERE id > 40")
            database.execute("DELETE FROM audit_head WHERE entry_id >= 40")
            database.execute("UPDATE audit_end SET entry_id = 40, hash = ?, mac = ?", (hash_, mac))
        self.assertEqual(audit_verify.verify(path, f"{path}.key"), 40)
        self.assertEqual(ask_python(path).entry, 40)
        self.assertIn("had come to entry 60", ask_trefoil(path))

    def test_another_program_verifies_the_heads(self):
        path = self.write("heads.db", 60, 9)
        heads = []
        for name, options in [("day.json", []), ("now.json", ["--now"])]:
            heads.append(self.folder / name)
            subprocess.run([TREFOIL, "audit", "head", "--db", path, "--out", heads[-1], *options],
                           check=True)
        self.assertEqual(ask_python(path, heads), 0)
        other = self.write("other.db", 60, 10)
        self.assertIsInstance(ask_python(other, heads), audit_verify.Fault)
        self.assertIn("head", ask_trefoil(other, f"--head={heads[1]}"))

    def test_both_find_what_was_changed_and_where(self):
        chance = random.Random(20261130)
        untouched = self.write("untouched.db", 30, 3)
        for change in range(150):
            path = self.folder / f"{change}.db"
            for ending in (".key", ".mark"):
                shutil.copy(f"{untouched}{ending}", f"{path}{ending}")
            shutil.copy(untouched, path)
            database = sqlite3.connect(path)
            where = tamper(database, chance)
            database.commit()
            database.close()
            ours, other = ask_trefoil(path), ask_python(path)
            self.assertIsInstance(other, audit_verify.Fault, f"change {change}: {ours}")
            self.assertNotEqual(ours, 0, f"change {change}: {other}")
            self.assertRegex(ours, rf"[Ee]ntr(y|ies) {other.entry}\b", str(other))
            if where is not None:
                self.assertEqual(other.entry, where, ours)


if __name__ == "__main__":
    sys.argv[1:] = []
    tap.main()
