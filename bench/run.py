#!/usr/bin/env python3
"""Measure Trefoil beside its peers, in one run and in turn, and print medians and ratios.

    bench/run.py [--megabytes N] [--records N ...] [--runs N] [--quick] [--large] [--data FOLDER]
                 [NAME ...]

NAME is one of: link, load, import, profile, web, audit, decide, sign-in, report, signed-in (all of
them when none is named).  The peer of load and import is DuckDB, with the same columns and the same
threads, that of link is Splink on DuckDB, with the same comparisons and blocking rules; without them
our own figures are printed alone.
Nothing here passes or fails: figures are for reading, on a quiet machine.
"""
import argparse
import glob
import gzip
import importlib.util
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

import audit
import decide
import intake
import link
import sign_in
import signed_in
import web
from measuring import ROOT, SCRATCH, TREFOIL, run_whole, say

HAS_DUCKDB = importlib.util.find_spec("duckdb") is not None

STREET_COLUMNS = {
    "Crime ID": "VARCHAR", "Month": "VARCHAR", "Reported by": "VARCHAR",
    "Falls within": "VARCHAR", "Longitude": "DOUBLE", "Latitude": "DOUBLE",
    "Location": "VARCHAR", "LSOA code": "VARCHAR", "LSOA name": "VARCHAR",
    "Crime type": "VARCHAR", "Last outcome category": "VARCHAR", "Context": "VARCHAR",
}


def find_street_files(folder):
    """The real files where there are any, otherwise those of the fictional county."""
    real = sorted(glob.glob(os.path.join(folder, "police", "bedfordshire", "*-street.csv.gz")))
    if real:
        return real, os.path.join(folder, "police", "bedfordshire"), "bedfordshire"
    say(f"skipped: no real data in {folder}; the fictional county stands in")
    county = os.path.join(SCRATCH, "county")
    shutil.rmtree(county, ignore_errors=True)
    subprocess.run([TREFOIL, "demo-data", county], check=True, stdout=subprocess.DEVNULL)
    made = sorted(glob.glob(os.path.join(county, "police", "*", "*-street.csv")))
    return made, os.path.join(county, "police"), "larkenshire"


def make_large_file(files, megabytes):
    """The street files one after another, as often as it takes, under one header."""
    path = os.path.join(SCRATCH, f"street-{megabytes}.csv")
    if os.path.exists(path) and os.path.getsize(path) >= megabytes * 1_000_000:
        return path
    os.makedirs(os.path.dirname(path), exist_ok=True)
    bodies = []
    for name in files:
        opened = gzip.open(name, "rb") if name.endswith(".gz") else open(name, "rb")
        with opened as file:
            header, body = file.read().split(b"\n", 1)
            bodies.append(body)
    with open(path, "wb") as out:
        out.write(header + b"\n")
        while out.tell() < megabytes * 1_000_000:
            for body in bodies:
                out.write(body)
    return path


def run_duckdb(path, target, threads):
    """Wall seconds to make a table of the file in `target`, ":memory:" or a new file.

    In a process of its own: a child's peak memory is never less than its parent's size.
    """
    columns = "{" + ", ".join(f"'{name}': '{kind}'" for name, kind in STREET_COLUMNS.items()) + "}"
    create = (f"CREATE TABLE street AS SELECT * FROM read_csv('{path}', header = true, "
              f"columns = {columns})")
    script = f"""
import duckdb, time
connection = duckdb.connect({target!r})
connection.execute("SET threads = {threads}")
connection.execute("SET enable_progress_bar = false")
start = time.perf_counter()
connection.execute({create!r})
if {target != ":memory:"}:
    connection.execute("CHECKPOINT")
print(time.perf_counter() - start)
"""
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True,
                          text=True)
    return float(done.stdout)


def report(name, ours, peer, size, threads):
    """One line: medians, megabytes a second and the ratio of the medians."""
    own = statistics.median(ours)
    line = f"{name:<28} Trefoil {own:7.3f} s {size / 1e6 / own:8.0f} MB/s"
    if peer:
        other = statistics.median(peer)
        pairs = statistics.median(b / a for a, b in zip(ours, peer))
        line += (f"   DuckDB {other:7.3f} s {size / 1e6 / other:8.0f} MB/s"
                 f"   ratio {pairs:.1f}")
    say(f"{line}   ({threads} threads, {len(ours)} runs)")


def bench_load(path, runs, threads):
    """Typed columns in memory from a CSV file."""
    size = os.path.getsize(path)
    ours, peer = [], []
    for _ in range(runs):
        _, _, output = run_whole([os.path.join(SCRATCH, "bench_csv"), path, str(threads)])
        ours.append(json.loads(output)["seconds"])
        if HAS_DUCKDB:
            peer.append(run_duckdb(path, ":memory:", threads))
    report("load CSV into memory", ours, peer, size, threads)


def bench_import(path, runs, threads):
    """A CSV file into a new database file."""
    size = os.path.getsize(path)
    ours, peer, memory = [], [], 0
    with tempfile.TemporaryDirectory(dir=SCRATCH) as folder:
        for run in range(runs):
            own = os.path.join(folder, f"own-{run}.db")
            seconds, peak, _ = run_whole(
                [TREFOIL, "import", "police", path, "--db", own, "--threads", str(threads)])
            ours.append(seconds)
            memory = max(memory, peak)
            os.remove(own)
            if HAS_DUCKDB:
                other = os.path.join(folder, f"peer-{run}.db")
                peer.append(run_duckdb(path, other, threads))
                os.remove(other)
    report("import into a new database", ours, peer, size, threads)
    say(f"{'':<28} Trefoil's peak memory {memory:.0f} MB for a file of {size / 1e6:.0f} MB")


def bench_profile(folder, area, runs):
    """A profile of one force over three years: resident, and as a whole process."""
    with tempfile.TemporaryDirectory(dir=SCRATCH) as scratch:
        database = os.path.join(scratch, "county.db")
        subprocess.run([TREFOIL, "import", "police", folder, "--db", database], check=True,
                       stdout=subprocess.DEVNULL)
        first, last = ("2021-05", "2024-04") if area == "bedfordshire" else ("2021-04", "2024-03")
        for group in ("drugs", "all"):
            warm, whole = [], []
            for _ in range(runs):
                _, _, output = run_whole([os.path.join(SCRATCH, "bench_profile"), database,
                                          area, group, first, last])
                warm.append(json.loads(output)["warm_seconds"])
                seconds, _, _ = run_whole([TREFOIL, "profile", "--db", database, "--area", area,
                                           "--type", group, "--from", first, "--to", last,
                                           "--format", "json"])
                whole.append(seconds)
            say(f"{'profile of ' + group:<28} resident {statistics.median(warm) * 1e3:.2f} ms"
                f"   whole process {statistics.median(whole) * 1e3:.1f} ms"
                f"   ({len(whole)} runs)")


def bench_crime(names, options, threads):
    """What has to do with the police's files: how they are read, and what is made of them."""
    runs = options.runs or 5
    if not HAS_DUCKDB:
        say("skipped: DuckDB is not installed, so our figures stand alone")
    files, folder, area = find_street_files(options.data)
    say(f"{threads} processors; medians of {runs} runs, each beside its peer")
    if "load" in names or "import" in names:
        large = make_large_file(files, options.megabytes)
        with open(large, "rb") as file:  # read once, so that nobody starts with a cold cache
            while file.read(1 << 24):
                pass
        if "load" in names:
            bench_load(large, runs, threads)
        if "import" in names:
            bench_import(large, runs, threads)
    if "profile" in names:
        bench_profile(folder, area, runs)
    if "web" in names:
        web.bench_web(say, TREFOIL, SCRATCH, runs)


# On accounts and what stands on them; the argument is how often.
ACCESS = {
    "audit": audit.bench_audit,
    "decide": decide.bench_decide,
    "sign-in": sign_in.bench_sign_in,
    "report": intake.bench_report,
    "signed-in": signed_in.bench_signed_in,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--records", type=int, action="append", metavar="N",
                        help="of link; may be given several times (100,000 and 1,000,000)")
    parser.add_argument("--runs", type=int, help="5; of link and of those on accounts 3")
    parser.add_argument("--quick", action="store_true", help="link: run Splink once")
    parser.add_argument("--large", action="store_true",
                        help="link: two million records as well, and Splink on any number")
    parser.add_argument("--data", default=os.path.join(ROOT, "..", "shared", "data"))
    options = parser.parse_args()
    names = options.names or ["link", "load", "import", "profile", "web", *ACCESS]
    os.makedirs(SCRATCH, exist_ok=True)
    threads = len(os.sched_getaffinity(0))
    if "link" in names:  # first: a child's peak memory is never less than this process's
        link.bench_link(options, threads)
    for name, bench in ACCESS.items():
        if name in names:
            bench(options.runs or 3)
    if set(names) - {"link", *ACCESS}:
        bench_crime(names, options, threads)


if __name__ == "__main__":
    main()
