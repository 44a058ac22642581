"""How many reports a second are stored durably."""
import json
import os
import statistics

from measuring import SCRATCH, run_whole, say


def bench_report(runs):
    """One after the other, each sealed to five officers and on the disk when it is acknowledged."""
    found = []
    for _ in range(runs):
        _, _, output = run_whole([os.path.join(SCRATCH, "bench_report"), SCRATCH])
        found.append(json.loads(output))
    middle = {name: statistics.median(run[name] for run in found) for name in found[0]}
    say(f"{'take in a report':<28} {middle['reports_per_second']:,.0f} a second, each on the disk"
        f"   slowest {middle['slowest_milliseconds']:.1f} ms   ({len(found)} runs)")
