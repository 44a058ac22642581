#!/usr/bin/env python3
"""Count what passed, failed and was skipped, over all variants of the build.

    count_tests.py VARIANT=testlog.json...

A log is Meson's: one JSON object a line and test program.  A program that speaks TAP counts as
the test cases it planned: those it did not come to, because it crashed, failed.  A variant
without a log did not build, which is one failure.  The last line is `N passed, N failed`, with
`, N skipped` where there are any; the reasons stand above it.
"""

import json
import re
import sys
from collections import Counter
from pathlib import Path

PLAN = re.compile(r"^1\.\.(\d+)", re.MULTILINE)
# A test case is skipped if TAP says so, or by the comment `# skipped: reason` above its line.  What
# is wrong with a failed one stands in comments below it.
CASE = re.compile(r"(?P<not>not )?ok\b(?P<rest>.*)")
DETAIL_LINES = 8
SKIP = re.compile(r"# SKIP\b(.*)", re.IGNORECASE)


def count_program(test):
    """The counts of one test program, its skips' reasons, and what to say of its failures."""
    counts, reasons, failures = Counter(), Counter(), []
    output = test.get("stdout") or ""
    is_good = test["result"] in ("OK", "SKIP", "EXPECTEDFAIL")
    plan = PLAN.search(output)
    reason = None
    has_just_failed = False
    for line in output.splitlines():
        match = CASE.match(line)
        if line.startswith("# skipped: "):
            reason = line.removeprefix("# skipped: ")
        elif match:
            skip = SKIP.search(match["rest"])
            has_just_failed = bool(match["not"]) and not skip
            if skip or (reason and not match["not"]):
                counts["skipped"] += 1
                reasons[reason or skip[1].strip() or "no reason given"] += 1
            elif has_just_failed:
                counts["failed"] += 1
                failures.append(match["rest"].strip(" -"))
            else:
                counts["passed"] += 1
            reason = None
        elif has_just_failed and line.startswith("# ") and "ok - " not in line:
            if failures[-1].count("\n") < DETAIL_LINES:
                failures[-1] += f"\n         {line[2:]}"
    if plan:
        lost = int(plan[1]) - counts.total()
        if lost > 0:
            counts["failed"] += lost
            failures.append(f"{lost} of {plan[1]} test cases were not reached")
    elif counts.total() == 0:
        kind = {"OK": "passed", "EXPECTEDFAIL": "passed", "SKIP": "skipped"}
        counts[kind.get(test["result"], "failed")] += 1
        if test["result"] == "SKIP":
            reasons[test["name"]] += 1
    if not is_good and counts["failed"] == 0:
        counts["failed"] += 1
    if not is_good and not failures:
        failures.append(f"{test['result']}, exit status {test.get('returncode')}")
    return counts, reasons, failures


def count_variant(path):
    counts, reasons, failures = Counter(), Counter(), []
    if not path.is_file() or path.stat().st_size == 0:
        return Counter(failed=1), reasons, ["did not build or run"]
    for line in path.read_text(encoding="utf-8").splitlines():
        test = json.loads(line)
        test_counts, test_reasons, test_failures = count_program(test)
        counts += test_counts
        reasons += test_reasons
        failures += [f"{test['name']}: {failure}" for failure in test_failures]
    return counts, reasons, failures


def sentence(counts):
    text = f"{counts['passed']} passed, {counts['failed']} failed"
    return text + (f", {counts['skipped']} skipped" if counts["skipped"] else "")


def main(arguments):
    total, reasons, failures = Counter(), Counter(), []
    for argument in arguments:
        variant, _, path = argument.partition("=")
        variant_counts, variant_reasons, variant_failures = count_variant(Path(path))
        total += variant_counts
        reasons += variant_reasons
        failures += [f"{variant}: {failure}" for failure in variant_failures]
        print(f"{variant:20} {sentence(variant_counts)}")
    for failure in failures:
        print(f"failed   {failure}")
    for reason, count in sorted(reasons.items()):
        print(f"skipped  {count} times: {reason}")
    print(sentence(total))
    return 0 if total["failed"] == 0 and total["passed"] > 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
