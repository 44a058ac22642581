"""Measure `trefoil link` beside Splink on DuckDB, in one run and in turn.

Both deduplicate the same invented people by the same comparisons and blocking rules
(link_settings.json and link_splink.py) from the file to the files that are left: read, train,
predict, cluster, write.  Each is a process of its own, with the same number of threads.  Narrow
rules find few pairs besides true ones, so that reading and training weigh most; wide rules find
many times as many, so that scoring does.
"""
import importlib.util
import json
import math
import os
import re
import shutil
import statistics
import subprocess
import sys

from measuring import ROOT, SCRATCH, TREFOIL, run_whole, say

HERE = os.path.join(ROOT, "bench")
HAS_SPLINK = all(importlib.util.find_spec(name) for name in ("splink", "duckdb"))

# What is measured if nothing is said.  More records only on demand: they take Splink long.
USUAL_SIZES = (100_000, 1_000_000)
GROWTH_SIZES = (50_000, 100_000, 250_000, 500_000, 1_000_000)
LARGE_SIZE = 2_000_000
MOST_FOR_SPLINK = 1_000_000

WIDE_RULES = [
    ["date_of_birth"],
    ["given_name", "family_name"],
    ["given_name", "substring(date_of_birth, 1, 7)"],
    ["family_name", "substring(date_of_birth, 1, 7)"],
    ["email"],
]

STEPS = ("reading", "training", "pairs", "people", "writing")


def make_people(count):
    """The same people whenever there are as many."""
    path = os.path.join(SCRATCH, f"people-{count}.csv")
    subprocess.run([TREFOIL, "link", "generate", str(count), "--out", path], check=True,
                   stdout=subprocess.DEVNULL)
    return path


def make_settings():
    """The files of both sets of rules: name, path."""
    narrow = os.path.join(HERE, "link_settings.json")
    with open(narrow, encoding="utf-8") as file:
        settings = json.load(file)
    settings["blocking"] = WIDE_RULES
    wide = os.path.join(SCRATCH, "link_settings_wide.json")
    with open(wide, "w", encoding="utf-8") as file:
        json.dump(settings, file, indent=2)
    return {"narrow": narrow, "wide": wide}


def steps_of(output):
    """The seconds of each step, as the command says them in the end."""
    text = " ".join(output.split())
    said = re.search(r"It took [\d.]+ s: ([^.]*(?:\.\d[^.]*)*)\.", text)
    return {name: float(seconds)
            for name, seconds in re.findall(r"(\w+) ([\d.]+\d)", said.group(1) if said else "")}


class Measured:
    """What a program took for one file: a figure for each run, and what it left in the end."""

    def __init__(self, name):
        self.name = name
        self.seconds, self.megabytes, self.steps = [], [], []
        self.truth = None

    def add(self, seconds, megabytes, steps):
        self.seconds.append(seconds)
        self.megabytes.append(megabytes)
        self.steps.append(steps)

    def median_seconds(self):
        return statistics.median(self.seconds)

    def median_megabytes(self):
        return statistics.median(self.megabytes)

    def say(self):
        steps = ", ".join(
            f"{step} {statistics.median(run.get(step, 0) for run in self.steps):.1f}"
            for step in STEPS)
        line = (f"  {self.name:<24} {self.median_seconds():8.2f} s "
                f"{self.median_megabytes():7.0f} MB")
        if self.truth:
            line += (f"   precision {self.truth['precision']:.4f} recall "
                     f"{self.truth['recall']:.4f} F1 {self.truth['f1']:.4f}")
        say(f"{line}   ({steps}; {len(self.seconds)} runs)")


def hold_against_truth(people, clusters):
    """In another process: what it reads is large, and this one's size would be its children's."""
    done = subprocess.run([sys.executable, os.path.join(HERE, "link_truth.py"), people, clusters],
                          check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def dedupe(people, out, threads, *more):
    """Seconds, megabytes and steps of one run of ours."""
    seconds, megabytes, output = run_whole(
        [TREFOIL, "link", "dedupe", people, "--out", out, "--threads", str(threads), *more])
    return seconds, megabytes, steps_of(output)


def dedupe_as_splink(people, out, threads, settings):
    return dedupe(people, out, threads, "--settings", settings, "--method", "blocked",
                  "--probability", "0.5", "--clusters", "connected")


def dedupe_by_splink(people, out, threads, settings):
    """The same of Splink's; None if it did not come to an end."""
    ran = run_whole([sys.executable, os.path.join(HERE, "link_splink.py"), people, out,
                     str(threads), settings], may_fail=True)
    return ran and (ran[0], ran[1], json.loads(ran[2].strip().splitlines()[-1]))


def say_result(measured, people, out):
    measured.truth = hold_against_truth(people, os.path.join(out, "clusters.csv"))
    measured.say()
    shutil.rmtree(out)


def compared_pairs(out):
    with open(os.path.join(out, "manifest.json"), encoding="utf-8") as file:
        return json.load(file)["pairs_compared"]


def bench_beside_splink(people, rules, settings, runs, peer_runs, threads):
    """One file and one set of rules: ours and Splink's, in turn."""
    ours, peer = Measured("Trefoil"), Measured("Splink")
    own_folder = os.path.join(SCRATCH, "linked-ours")
    peer_folder = os.path.join(SCRATCH, "linked-splink")
    for run in range(runs):
        ours.add(*dedupe_as_splink(people, own_folder, threads, settings))
        ran = run < peer_runs and dedupe_by_splink(people, peer_folder, threads, settings)
        if ran:
            peer.add(*ran)
        else:
            peer_runs = 0  # one that failed is not asked again
    say(f" {rules} rules: {compared_pairs(own_folder):,} pairs")
    say_result(ours, people, own_folder)
    if peer.seconds:
        say_result(peer, people, peer_folder)
        say(f"  {'Splink needs':<24} {peer.median_seconds() / ours.median_seconds():8.1f} times "
            f"the time, {peer.median_megabytes() / ours.median_megabytes():.1f} times the memory")


def bench_size(count, runs, peer_runs, threads):
    """Both sets of rules, and ours without settings."""
    people = make_people(count)
    say(f"link {count:,} records ({os.path.getsize(people) / 1e6:.0f} MB), {threads} threads; both "
        "programs with the same comparisons and rules")
    for rules, settings in make_settings().items():
        bench_beside_splink(people, rules, settings, runs, peer_runs, threads)
    bare, folder = Measured("Trefoil, no settings"), os.path.join(SCRATCH, "linked-bare")
    for _ in range(runs):
        bare.add(*dedupe(people, folder, threads))
    say(f" what Trefoil suggests: {compared_pairs(folder):,} pairs")
    say_result(bare, people, folder)
    os.remove(people)


def slope(points):
    """Of the line through logarithms, by least squares: 1 where twice the records take twice."""
    logs = [(math.log(x), math.log(y)) for x, y in points]
    mean_x = statistics.mean(x for x, _ in logs)
    mean_y = statistics.mean(y for _, y in logs)
    return (sum((x - mean_x) * (y - mean_y) for x, y in logs)
            / sum((x - mean_x) ** 2 for x, _ in logs))


def bench_growth(sizes, runs, threads):
    """Ours alone: time and memory against the number of records."""
    say(f"link, time against records, narrow rules, {threads} threads, medians of {runs} runs")
    say(f"  {'records':>10} {'seconds':>9} {'MB':>7} {'microseconds a record':>22}"
        f" {'slope from the last':>20}")
    narrow = make_settings()["narrow"]
    points, folder = [], os.path.join(SCRATCH, "linked-growth")
    for count in sizes:
        people = make_people(count)
        measured = Measured("Trefoil")
        for _ in range(runs):
            measured.add(*dedupe_as_splink(people, folder, threads, narrow))
        os.remove(people)
        points.append((count, measured.median_seconds()))
        since = f"{slope(points[-2:]):20.2f}" if len(points) > 1 else ""
        say(f"  {count:>10,} {points[-1][1]:9.2f} {measured.median_megabytes():7.0f}"
            f" {points[-1][1] / count * 1e6:22.2f} {since}")
    shutil.rmtree(folder, ignore_errors=True)
    if len(points) > 1:
        say(f"  log-log slope over all {slope(points):.2f}")


def bench_all_pairs(data, runs, threads):
    """Every pair of a real file by six comparisons."""
    people = os.path.join(data, "linkage", "historical_50k.csv.gz")
    if not os.path.exists(people):
        say(f"skipped: no {people}")
        return
    folder = os.path.join(SCRATCH, "linked-all")
    measured = Measured("Trefoil")
    for _ in range(runs):
        measured.add(*dedupe(people, folder, threads, "--settings",
                             os.path.join(HERE, "link_historical.json"), "--method", "exhaustive"))
    with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    shutil.rmtree(folder)
    pairs = manifest["pairs_compared"]
    seconds = statistics.median(run.get("pairs", 0) for run in measured.steps)
    say(f"link {manifest['records']:,} records, all {pairs:,} pairs, six comparisons, {threads} "
        "threads")
    measured.say()
    if seconds:
        say(f"  {'scoring alone':<24} {pairs / seconds / threads / 1e6:8.1f} million pairs a "
            "second and thread")


def bench_comparators():
    """What two texts cost that were never compared before."""
    program = os.path.join(SCRATCH, "bench_similarity")
    if not os.path.exists(program):
        say(f"skipped: {program} is not built")
        return
    _, _, output = run_whole([program])
    rates = [json.loads(line) for line in output.splitlines()]
    say("text comparators, million pairs a second on one core: " + ", ".join(
        f"{rate['comparator']} {rate['million_pairs_per_second']:.1f}" for rate in rates))


def bench_link(options, threads):
    """`options` has records, runs, quick, large and data, as run.py reads them."""
    runs = options.runs or 3
    if not HAS_SPLINK:
        say("skipped: Splink is not installed, so our figures stand alone")
    sizes = options.records or USUAL_SIZES
    for count in sizes:
        has_peer = HAS_SPLINK and (count <= MOST_FOR_SPLINK or options.large)
        if HAS_SPLINK and not has_peer:
            say(f"skipped: Splink on {count:,} records, which takes long; ask with --large")
        peer_runs = (1 if options.quick else runs) if has_peer else 0
        bench_size(count, runs, peer_runs, threads)
    growth = GROWTH_SIZES + ((LARGE_SIZE,) if options.large else ())
    if options.records:
        growth = [count for count in growth if count <= max(sizes)]
    if growth:
        bench_growth(growth, 1 if options.quick else runs, threads)
    bench_all_pairs(options.data, 1 if options.quick else runs, threads)
    bench_comparators()
