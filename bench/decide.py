"""How long one decision of the access rules takes."""
import json
import os
import statistics

from measuring import SCRATCH, run_whole, say


def bench_decide(runs):
    """Among 200 agreements of 50 organisations, on one thread."""
    found = []
    for _ in range(runs):
        _, _, output = run_whole([os.path.join(SCRATCH, "bench_decide"), "10"])
        found.append(json.loads(output))
    middle = {name: statistics.median(run[name] for run in found) for name in found[0]}
    say(f"{'decide on access':<28} {middle['decision_nanoseconds']:.0f} ns a decision"
        f"   200 agreements read in {middle['load_milliseconds']:.1f} ms   ({len(found)} runs)")
