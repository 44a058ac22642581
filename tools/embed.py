#!/usr/bin/env python3
"""Make a C file that holds other files, so that one program is all there is to deploy.

    embed.py --name tf_migrations --root src/store/migrations --output migrations.c FILE...
    embed.py --name tf_assets --manifest assets/manifest.json --output assets_data.c

The first defines `const tf_embedded_folder tf_migrations` (src/base/embedded.h) with the files
in order of their names, which are their paths below the root.  The second defines
`const tf_asset_folder tf_assets` (src/web/site/assets.h) with what assets/build.mjs made, in order
of the names that the program knows.

The assembler reads the bytes: a compiler takes a second for each megabyte of numbers.
"""

import argparse
import json
from pathlib import Path


def c_string(text):
    if text is None:
        return "NULL"
    return '"' + "".join(c if c.isalnum() or c in " ._-/" else f"\\{ord(c):03o}" for c in text) + '"'


class Source:
    """The C file while it grows."""

    def __init__(self, header):
        self.lines = ["/* Made by tools/embed.py. */", f'#include "{header}"', ""]
        self.count = 0

    def add_bytes(self, path):
        """Hold a file's bytes; what an initialiser of two members says of them."""
        label = f"embedded_{self.count}"
        self.count += 1
        # The zero at the end is not counted: it lets text be used as a C string.
        self.lines += [
            "__asm__(" + '"\\t.section .rodata\\n"',
            f'        "{label}:\\n"',
            f'        "\\t.incbin " {c_string(chr(34) + str(path.resolve()) + chr(34))} "\\n"',
            '        "\\t.byte 0\\n"',
            '        "\\t.previous\\n");',
            f'extern __attribute__((visibility("hidden"))) const unsigned char {label}[];',
        ]
        return label, path.stat().st_size

    def add_folder(self, type_name, name, member_type, members):
        self.lines += ["", f"static const {member_type} files[] = {{"]
        self.lines += [f"    {{{', '.join(member)}}}," for member in members]
        self.lines += ["};", "", f"extern const {type_name} {name};"]
        self.lines += [f"const {type_name} {name} = {{files, {len(members)}}};", ""]


def embed_files(name, root, paths):
    source = Source("base/embedded.h")
    members = []
    for file_name, path in sorted((p.resolve().relative_to(root.resolve()).as_posix(), p)
                                  for p in paths):
        label, length = source.add_bytes(path)
        members.append([c_string(file_name), label, str(length)])
    source.add_folder("tf_embedded_folder", name, "tf_embedded_file", members)
    return source.lines


def embed_assets(name, manifest):
    source = Source("web/site/assets.h")
    members = []
    for asset in sorted(json.loads(manifest.read_text(encoding="utf-8")), key=lambda a: a["name"]):
        served = asset["served"]
        texts = []
        for suffix in ("", ".gz", ".br"):
            path = manifest.parent / (asset["file"] + suffix)
            if path.is_file():
                label, length = source.add_bytes(path)
                texts.append(f"{{(const char *){label}, {length}}}")
            else:
                texts.append("{NULL, 0}")
        members.append([c_string(asset["name"]),
                        c_string("/assets/" + asset["file"] if served != "no" else None),
                        c_string(asset["contentType"]),
                        "true" if served == "versioned" else "false", *texts])
    source.add_folder("tf_asset_folder", name, "tf_asset", members)
    return source.lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--name", required=True)
    parser.add_argument("--root", type=Path)
    parser.add_argument("--manifest", type=Path)
    parser.add_argument("--output", required=True, type=Path)
    parser.add_argument("files", nargs="*", type=Path)
    arguments = parser.parse_args()
    if arguments.manifest:
        lines = embed_assets(arguments.name, arguments.manifest)
    else:
        lines = embed_files(arguments.name, arguments.root, arguments.files)
    arguments.output.write_text("\n".join(lines), encoding="utf-8")


main()
