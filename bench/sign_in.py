"""How long it takes to sign in, and to tell who sends a request."""
import json
import os
import statistics

from measuring import SCRATCH, run_whole, say


def bench_sign_in(runs):
    """Among 200 accounts, on one thread; a sign-in is meant to cost its derivation and little more."""
    found = []
    for _ in range(runs):
        _, _, output = run_whole([os.path.join(SCRATCH, "bench_sign_in")])
        found.append(json.loads(output))
    middle = {name: statistics.median(run[name] for run in found) for name in found[0]}
    say(f"{'sign in':<28} {middle['sign_in_milliseconds']:.1f} ms, of which the derivation"
        f" {middle['derive_milliseconds']:.1f} ms   who sends a request"
        f" {middle['resolve_microseconds']:.1f} µs   ({len(found)} runs)")
