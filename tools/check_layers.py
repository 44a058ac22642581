#!/usr/bin/env python3
"""The layer gate: a folder includes only what stands above it.

    check_layers.py [ROOT]

Every #include of src/ and include/ is held against the order of ARCHITECTURE.md:

- A folder uses the folders above it, never those of its own row or below.
- What is public, in include/trefoil/, uses nothing that is not.
- A header named *_internal.h is its own folder's alone.
- The header of a third party is included by one .c file, its adaptor, and by no header.
- Bytes that are not escaped enter a page through few files: see MARKUP_USERS.
"""

import re
import sys
from pathlib import Path

# From the ground up; the folders of one row do not know each other.
ROWS = [
    ["base"],
    ["table"],
    ["stats"],
    ["linkage", "network", "space"],
    # libtrefoil ends here.
    ["pack"],
    ["store"],
    ["access"],
    ["intake"],
    ["identity"],
    ["casework"],
    ["supply"],
    ["engagement"],
    ["insight"],
    ["oversight"],
    ["demo"],
    ["web/http"],
    ["web/html"],
    ["web/chart"],
    ["web/site"],
    ["web/paper"],
    ["web/api"],
    ["web/pages"],
    ["cli"],
]
ENGINE_ROWS = 4
ROW_OF = {folder: row for row, folders in enumerate(ROWS) for folder in folders}

SYSTEM = re.compile(
    r"(sys|linux|arpa|net|netinet)/|.*mmintrin\.h$|arm_neon\.h$|("
    # the C standard
    "assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal "
    "stdalign stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath "
    "threads time uchar wchar wctype "
    # POSIX and the C library
    "aio cpuid dirent dlfcn endian fcntl fnmatch ftw getopt glob grp iconv langinfo libgen "
    "malloc monetary netdb nl_types poll pthread pwd regex sched search semaphore spawn strings "
    "syslog termios unistd utime wordexp".replace(" ", "|") + r")\.h$"
)
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")', re.MULTILINE)

# Who may name tf_markup or write it; everybody else's text is escaped.
MARKUP_USERS = {
    "src/web/html/html.h",
    "src/web/html/html.c",
    "src/web/pages/methods.c",
    "src/web/paper/linkage_report.c",
    "src/web/pages/profile_document.c",
}
MARKUP = re.compile(r"\btf_(html_)?markup\b|\btf_html_style\b")


def folder_of(path):
    """The folder of the list that a path such as web/http/server.h is in; None if it is in none."""
    parts = path.split("/")[:-1]
    for length in (2, 1):
        if len(parts) >= length and "/".join(parts[:length]) in ROW_OF:
            return "/".join(parts[:length])
    return None


def check_project_include(folder, is_public, included, siblings):
    """What is wrong with #include "included" in a file of the folder; None if nothing is."""
    if "/" not in included:
        if included in siblings:
            return None
        return "is not in this folder; write the whole path"
    target_is_public = included.startswith("trefoil/")
    target = folder_of(included.removeprefix("trefoil/"))
    if target is None:
        return "is in no folder of the list in tools/check_layers.py"
    if is_public and not target_is_public:
        return "is not public, but this header is"
    if target == folder:
        return None
    if included.endswith("_internal.h"):
        return f"is private to {target}"
    if ROW_OF[target] == ROW_OF[folder]:
        return f"stands beside {folder}, not above it"
    if ROW_OF[target] > ROW_OF[folder]:
        return f"stands below {folder}"
    return None


def check(root):
    """The sentences that say what is wrong, and the number of includes that were looked at."""
    problems = []
    adaptors = {}
    count = 0
    for top in ("include/trefoil", "src"):
        for path in sorted((root / top).rglob("*.[ch]")):
            place = path.relative_to(root).as_posix()
            folder = folder_of(path.relative_to(root / top).as_posix())
            is_public = top != "src"
            if folder is None:
                problems.append(f"{place}: is in no folder of the list in tools/check_layers.py")
                continue
            if is_public and ROW_OF[folder] >= ENGINE_ROWS:
                problems.append(f"{place}: only libtrefoil has public headers; move it to src")
            siblings = {sibling.name for sibling in path.parent.iterdir()}
            text = path.read_text(encoding="utf-8")
            if place not in MARKUP_USERS:
                for match in MARKUP.finditer(text):
                    line = text.count("\n", 0, match.start()) + 1
                    problems.append(f"{place}:{line}: {match.group(0)} writes what is not escaped; "
                                    "this file is not in MARKUP_USERS of tools/check_layers.py")
            for match in INCLUDE.finditer(text):
                count += 1
                line = text.count("\n", 0, match.start(0)) + 1
                line += match.group(0).count("\n")  # the blank lines that the pattern ran over
                third, own = match.groups()
                if own:
                    problem = check_project_include(folder, is_public, own, siblings)
                    if problem:
                        problems.append(f"{place}:{line}: {own} {problem}")
                elif not SYSTEM.match(third):
                    adaptors.setdefault(third, []).append((place, line))
    for header, places in sorted(adaptors.items()):
        for place, line in places:
            if place.endswith(".h"):
                problems.append(f"{place}:{line}: <{header}> belongs in one .c file, its adaptor")
        for place, line in places[1:]:
            problems.append(f"{place}:{line}: <{header}> is {places[0][0]}'s to include")
    return problems, count


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent)
    problems, count = check(root)
    for problem in problems:
        print(problem)
    if count == 0:
        print(f"{root}: no include line found; this is not the project's root")
    return 1 if problems or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
