"""What the benchmarks share: where things are, saying something, and measuring a whole process."""
import os
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build")
SCRATCH = os.path.join(BUILD, "bench")
TREFOIL = os.path.join(BUILD, "trefoil")


def say(text=""):
    print(text, flush=True)


def run_whole(command, may_fail=False):
    """Wall seconds, peak megabytes and output of a command; None if it failed and may.

    A child's peak memory is never less than its parent's size was when it started: whoever
    measures stays small, and leaves what is large to other processes.
    """
    with tempfile.TemporaryFile("w+") as trouble:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True,
                                   stderr=trouble if may_fail else None)
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode == 0:
            return seconds, usage.ru_maxrss / 1024, output
        if not may_fail:
            sys.exit(f"{' '.join(command)} failed")
        trouble.seek(0)
        lines = trouble.read().strip().splitlines() or ["it says nothing"]
        say(f"{' '.join(command[:2])} failed ({process.returncode}): {lines[-1][:200]}")
        return None
