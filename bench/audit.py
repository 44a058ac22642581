"""How fast the audit chain is added to, and verified."""
import json
import os
import statistics
import tempfile

from measuring import SCRATCH, run_whole, say


def bench_audit(runs):
    """One transaction for each entry, as a page makes it; then a million of them verified."""
    found = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory(dir=SCRATCH) as folder:
            _, _, output = run_whole([os.path.join(SCRATCH, "bench_audit"), folder, "1000000"])
            found.append(json.loads(output))
    middle = {name: statistics.median(run[name] for run in found) for name in found[0]}
    say(f"{'entries of the audit':<28} {middle['appends_a_second']:,.0f} a second"
        f"   on the disk {middle['durable_appends_a_second']:,.0f} a second"
        f"   ({len(found)} runs)")
    say(f"{'verify the audit':<28} {middle['entries']:,} entries in"
        f" {middle['verify_seconds']:.2f} s   (1 thread, {len(found)} runs)")
