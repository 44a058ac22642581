#!/usr/bin/env python3
"""Other programs judge the API: its document and every answer to it.

    api_oracle.py TREFOIL

The program TREFOIL makes the fictional county and serves it.  Then openapi-spec-validator reads
the document, schemathesis asks whatever the document allows and forbids, jsonschema looks for what
an answer has and the document does not, and requests follows the Link headers.
"""

import contextlib
import copy
import io
import os
import re
import signal
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from urllib.parse import urljoin

import jsonschema
import pyarrow.ipc
import requests
from openapi_spec_validator import OpenAPIV31SpecValidator

HERE = Path(__file__).resolve().parent
# Everything that it can check but these:
NOT_CHECKED = [
    "ignored_auth",               # nothing asks who one is
    "object_level_authorization", # the same
    "use_after_free",             # nothing can be deleted
    "ensure_resource_availability",  # nothing can be made
]


def make_county(trefoil, folder):
    county, database = folder / "county", folder / "county.db"
    areas = county / "areas"
    steps = [["demo-data", county], ["import", "police", county / "police"]]
    for name, layer in [("small-areas", "small-area"), ("authorities", "local-authority"),
                        ("force", "force")]:
        steps.append(["import", "areas", areas / f"{name}.geojson", "--layer", layer,
                      "--parent", "parent"])
    steps += [["import", "population", county / "population.csv"],
              ["import", "lookup", county / "lookup.csv"]]
    for step in steps:
        if step[0] == "import":
            step += ["--db", database]
        subprocess.run([trefoil, *step], check=True, stdout=subprocess.DEVNULL)
    return database


@contextlib.contextmanager
def serve(trefoil, database):
    server = subprocess.Popen(
        [trefoil, "serve", "--db", database, "--listen", "127.0.0.1:0", "--read-only"],
        stdout=subprocess.PIPE, text=True)
    try:
        yield re.search(r"http://[0-9.:]+", server.stdout.readline()).group()
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0, "the server did not stop well"


class Site:
    def __init__(self, address, folder):
        self.address = address
        self.folder = folder
        self.session = requests.Session()

    def get(self, target):
        answer = self.session.get(urljoin(self.address, target), timeout=30)
        assert answer.status_code == 200, f"{target}: {answer.status_code} {answer.text[:300]}"
        return answer

    def document(self):
        return self.get("/api/v1/openapi.json").json()


def the_document_is_openapi_3_1(site):
    OpenAPIV31SpecValidator(site.document()).validate()


def schemathesis_finds_nothing(site):
    environment = dict(os.environ, SCHEMATHESIS_HOOKS="api_hooks", PYTHONPATH=str(HERE))
    done = subprocess.run(
        [Path(sys.executable).parent / "st", "run", site.address + "/api/v1/openapi.json",
         "--checks", "all", "--exclude-checks", ",".join(NOT_CHECKED), "--seed", "1",
         "--generation-deterministic", "--max-examples", "40",
         "--request-timeout", "10", "--continue-on-failure", "--warnings", "off", "--no-color"],
        cwd=site.folder, env=environment, timeout=300, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    assert done.returncode == 0, done.stdout
    generated = int(re.search(r"([\d,]+) generated", done.stdout).group(1).replace(",", ""))
    assert generated > 1000, f"it asked {generated} times only"


def strict(schema):
    """The schema without room for members that it does not name."""
    schema = copy.deepcopy(schema)
    stack = [schema]
    while stack:
        part = stack.pop()
        if isinstance(part, dict):
            if part.get("type") == "object" and "properties" in part:
                part["additionalProperties"] = False
            stack += part.values()
        elif isinstance(part, list):
            stack += part
    return schema


ANSWERS = [
    ("/api/v1/profile?area=larkenshire&type=all", "Profile"),
    ("/api/v1/profile?area=X01000060", "Profile"),
    ("/api/v1/profile?area=larkenshire&from=2019-01&to=2019-03", "Profile"),
    ("/api/v1/profile?area=larkenshire&figure=small-areas", "Figure"),
    ("/api/v1/profile?area=larkenshire&figure=small-areas&format=geojson",
     "FigureFeatureCollection"),
    ("/api/v1/comparison", "Comparison"),
    ("/api/v1/comparison?layer=small-area&within=larkenport", "Comparison"),
    ("/api/v1/comparison?figure=areas", "Figure"),
    ("/api/v1/series?layer=small-area&type=drugs,Shoplifting&from=2019-12", "Series"),
    ("/api/v1/areas", "AreaList"),
    ("/api/v1/areas/larkenshire", "AreaDetail"),
    ("/api/v1/areas/X01000060", "AreaDetail"),
    ("/api/v1/boundaries", "FeatureCollection"),
    ("/api/v1/boundaries?area=larkenshire&type=drugs&values=rate", "FeatureCollection"),
    ("/api/v1/sources", "Inventory"),
    ("/api/v1/sources/batches", "BatchList"),
    ("/api/v1/sources/batches/1", "Batch"),
    ("/api/v1/sources/batches/1/rejects", "RejectList"),
    ("/api/v1/types", "Types"),
    ("/api/v1/health", "Health"),
]


def no_answer_has_what_the_document_does_not(site):
    components = strict(site.document()["components"])
    for target, name in ANSWERS:
        schema = {"$ref": f"#/components/schemas/{name}", "components": components}
        for error in jsonschema.Draft202012Validator(schema).iter_errors(site.get(target).json()):
            raise AssertionError(f"{target}: {list(error.absolute_path)} {error.message[:300]}")


def the_links_lead_through_every_page(site):
    for target, member, key in [("/api/v1/areas?per_page=50", "areas", "code"),
                                ("/api/v1/sources/batches?per_page=20", "batches", "id")]:
        seen, address = [], target
        while address:
            answer = site.get(address)
            seen += [item[key] for item in answer.json()[member]]
            assert "first" in answer.links and "last" in answer.links
            address = answer.links.get("next", {}).get("url")
        total = answer.json()["total"]
        assert len(seen) == len(set(seen)) == total, f"{target}: {len(seen)} of {total}"


def arrow_csv_and_json_have_the_same_series(site):
    target = "/api/v1/series?layer=local-authority&type=all&from=2023-01&to=2023-12"
    records = site.get(target + "&per_page=1000").json()["records"]
    table = pyarrow.ipc.open_stream(
        io.BytesIO(site.get(target + "&format=arrow").content)).read_all()
    assert [row["count"] for row in records] == table["count"].to_pylist()
    months = [f"{month:%Y-%m}" for month in table["month"].to_pylist()]
    assert [row["month"] for row in records] == months
    lines = site.get(target + "&format=csv").text.splitlines()
    assert [row["count"] for row in records] == [int(line.split(",")[-1]) for line in lines[1:]]


def an_answer_is_kept_until_it_changes(site):
    first = site.get("/api/v1/areas")
    again = site.session.get(first.url, headers={"If-None-Match": first.headers["ETag"]},
                             timeout=30)
    assert again.status_code == 304 and not again.content


CHECKS = [
    the_document_is_openapi_3_1,
    no_answer_has_what_the_document_does_not,
    the_links_lead_through_every_page,
    arrow_csv_and_json_have_the_same_series,
    an_answer_is_kept_until_it_changes,
    schemathesis_finds_nothing,
]


def main():
    trefoil = sys.argv[1]
    print(f"1..{len(CHECKS)}", flush=True)
    failures = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with serve(trefoil, make_county(trefoil, folder)) as address:
            site = Site(address, folder)
            for number, check in enumerate(CHECKS, 1):
                try:
                    check(site)
                    print(f"ok {number} - {check.__name__}", flush=True)
                except Exception:
                    failures += 1
                    print(f"not ok {number} - {check.__name__}")
                    print("# " + traceback.format_exc().replace("\n", "\n# "), flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
