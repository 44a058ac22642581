"""The JSON Schema of forms held against the reader of forms, by the package jsonschema.

    form_oracle.py CHECK_FORM PACKS FAULTS

CHECK_FORM is tests/pack/check_form, PACKS the folder of packs, FAULTS tests/pack/form_faults.yaml.
Where the reader takes a form the schema does too; where the schema takes one that the reader
refuses, the fault is of a kind that no schema can say.
"""

import copy
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator

CHECK_FORM, PACKS, FAULTS = sys.argv[1:4]

# What one part of a form says of another, or of another file.
BETWEEN_PARTS = [
    "there is no such question", "does not stand on an earlier page", "is no option of", "is no answer to",
    "is no choice, so", "two options have", "two questions have", "two pages have", "is no category",
    "is no field of", "the minimum is above", "closes before it opens", "a day such as",
    "a page of a form without \"emergency\"",
]


FULL = [None, "x", 0, -1, 6000, True, [], ["x"], {}, {"en": "x"}, {"x": "x"}]


class Loader(yaml.SafeLoader):
    """YAML as the reader has it: neither dates nor the yes and no of YAML 1.1."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", __import__("re").compile("^(?:true|false)$"), list("tf"))


def load(text):
    return yaml.load(text, Loader)


def read_all(forms):
    """What the reader says of each text."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, text in enumerate(forms):
            paths.append(Path(folder) / f"{number}.yaml")
            paths[-1].write_text(text, encoding="utf-8")
        return subprocess.run(CHECK_FORM, input="\n".join(map(str, paths)) + "\n", check=True,
                              capture_output=True, text=True).stdout.splitlines()


def places(node, path=()):
    """The path of every value within a form."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


def changed(form, path, value):
    """The form with another value at a path; None takes it away."""
    made = copy.deepcopy(form)
    parent = made
    for key in path[:-1]:
        parent = parent[key]
    if value is None:
        del parent[path[-1]]
    else:
        parent[path[-1]] = value
    return made


def value_at(form, path):
    for key in path:
        form = form[key]
    return form


def mutations(form, values):
    for path in places(form):
        original = value_at(form, path)
        for value in values:
            # To the reader every scalar is text, which the schema is shown where text stood.
            is_text = isinstance(original, str) and isinstance(value, int)
            value = str(value).lower() if is_text else value
            yield path, value, changed(form, path, value)
        if isinstance(original, dict):
            yield path, "+x", changed(form, (*path, "x"), "x")


def test_files(validator):
    names = sorted(Path(PACKS).glob("*/forms/*.yaml"))
    problems = [f"{name}: {error.message}" for name in names
                for error in validator.iter_errors(load(name.read_text(encoding="utf-8")))]
    said = read_all([name.read_text(encoding="utf-8") for name in names])
    return problems + [text for text in said if text != "ok"] + ([] if names else ["there are no forms"])


def test_faults(validator):
    faults = load(Path(FAULTS).read_text(encoding="utf-8"))
    form = faults["form"]
    problems = [] if validator.is_valid(load(form)) else ["the form without faults is refused"]
    for fault in faults["faults"]:
        text = form.replace(fault["replace"], fault["with"], 1)
        if validator.is_valid(load(text)) == fault["schema"]:
            problems.append(f"the schema {'takes' if fault['schema'] else 'refuses'} {fault['with']!r}")
    return problems


def test_mutations(validator, form, values):
    made = list(mutations(form, values))
    said = read_all([yaml.safe_dump(mutant, allow_unicode=True, sort_keys=False) for _, _, mutant in made])
    problems = []
    for (path, value, mutant), words in zip(made, said, strict=True):
        takes = validator.is_valid(mutant)
        is_between = any(kind in words for kind in BETWEEN_PARTS)
        if takes != (words == "ok") and not (takes and is_between):
            problems.append(f"{'/'.join(map(str, path))} = {value!r}: the schema "
                            f"{'takes' if takes else 'refuses'} it, the reader says: {words}")
    print(f"# {len(made)} changes")
    return problems


def main():
    schema = json.loads((Path(PACKS) / "form.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    small = load(load(Path(FAULTS).read_text(encoding="utf-8"))["form"])
    report = load((Path(PACKS) / "uk/forms/report.yaml").read_text(encoding="utf-8"))
    tests = [
        ("the schema takes the forms of the pack", lambda: test_files(validator)),
        ("the schema refuses what has a fault of shape", lambda: test_faults(validator)),
        ("schema and reader agree on every change of a small form", lambda: test_mutations(validator, small, FULL)),
        ("schema and reader agree on every change of the report", lambda: test_mutations(validator, report, [None])),
    ]
    print(f"1..{len(tests)}")
    for number, (name, test) in enumerate(tests, 1):
        problems = test()
        print(f"{'not ok' if problems else 'ok'} {number} - {name}")
        for problem in problems[:20]:
            print(f"# {problem}")


main()
