#!/usr/bin/env python3
"""Make a C file that holds other files, so that one program is all there is to deploy.

    embed.py --name tf_migrations --root src/store/migrations --output migrations.c FILE...

The C file defines `const tf_embedded_folder tf_migrations` (src/base/embedded.h) with the files
in order of their names, which are their paths below the root.
"""

import argparse
from pathlib import Path


def c_string(text):
    return '"' + "".join(c if c.isalnum() or c in "._-/" else f"\\{ord(c):03o}" for c in text) + '"'


def c_bytes(data):
    lines = (data[i : i + 24] for i in range(0, len(data), 24))
    return "\n".join("    " + "".join(f"{byte}," for byte in line) for line in lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--name", required=True)
    parser.add_argument("--root", required=True, type=Path)
    parser.add_argument("--output", required=True, type=Path)
    parser.add_argument("files", nargs="+", type=Path)
    arguments = parser.parse_args()

    files = sorted(
        (path.resolve().relative_to(arguments.root.resolve()).as_posix(), path.read_bytes())
        for path in arguments.files
    )
    lines = ["/* Made by tools/embed.py. */", '#include "base/embedded.h"', ""]
    for index, (_, data) in enumerate(files):
        # The zero at the end is not counted: it lets text be used as a C string.
        lines += [f"static const unsigned char file_{index}[] = {{", c_bytes(data), "    0};", ""]
    lines += ["static const tf_embedded_file files[] = {"]
    for index, (name, data) in enumerate(files):
        lines += [f"    {{{c_string(name)}, file_{index}, {len(data)}}},"]
    lines += ["};", ""]
    lines += [f"extern const tf_embedded_folder {arguments.name};"]
    lines += [f"const tf_embedded_folder {arguments.name} = {{files, {len(files)}}};", ""]
    arguments.output.write_text("\n".join(lines), encoding="utf-8")


main()
