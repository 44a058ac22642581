#!/usr/bin/env python3
"""The gate for what no compiler reads: how long a file is, and what it must not say.

    check_files.py [ROOT]

Looks at every text file that git knows or would add.
"""

import re
import subprocess
import sys
from pathlib import Path

LONGEST = 600  # lines of a .c or .h file outside tests; beyond, it has a second subject

# Test inputs are as the world writes them, and the licence is as it is.
OUTSIDE = re.compile(r"^(LICENSE|fuzz/corpus/.*|tests/.*\.(csv|json|geojson|arrows|txt))$")

# Spelt so that this file does not find itself.
FORBIDDEN = [
    (re.compile(r"\b(TO" + r"DO|FIX" + r"ME)\b"), "an unfinished note; do it, or file an issue"),
    (re.compile(r"(?<![\w.])/(wo" + r"rk|ho" + r"me|ro" + r"ot|Us" + r"ers)/"),
     "a path of one machine"),
    (re.compile("fa" + "rm-"), "the name of a machine"),
    (re.compile(r"^(<{7} |>{7} |={7}$)", re.MULTILINE), "an unresolved merge"),
    (re.compile(r"[ \t]+$", re.MULTILINE), "white space at the end of the line"),
    (re.compile(r"\r"), "a carriage return"),
]


def check(name, text):
    """The sentences that say what is wrong with a file."""
    if OUTSIDE.match(name):
        return
    for pattern, what in FORBIDDEN:
        for match in pattern.finditer(text):
            yield f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {what}"
    if text and not text.endswith("\n"):
        yield f"{name}: the last line has no end"
    length = text.count("\n")
    if name.endswith((".c", ".h")) and length > LONGEST and not name.startswith("tests/"):
        yield f"{name}: {length} lines, more than {LONGEST}; find the second subject in it"
    if name.endswith((".c", ".h", ".py")) and "\t" in text:
        yield f"{name}:{text[:text.index(chr(9))].count(chr(10)) + 1}: a tab"


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent)
    listing = subprocess.run(
        ["git", "-C", root, "ls-files", "-coz", "--exclude-standard"],
        stdout=subprocess.PIPE, check=True).stdout.decode()
    problems = []
    for name in sorted(filter(None, listing.split("\0"))):
        path = root / name
        if not path.is_file():
            continue
        data = path.read_bytes()
        if b"\0" not in data:
            problems += check(name, data.decode("utf-8", "replace"))
    for problem in problems:
        print(problem)
    if not listing:
        print(f"{root}: git knows no file here")
    return 1 if problems or not listing else 0


if __name__ == "__main__":
    sys.exit(main())
