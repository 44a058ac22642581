"""A page that only somebody with an account may see, each look entered in the audit, with many
connections at once."""
import os
import statistics
import sys

from measuring import ROOT, TREFOIL, say
from web import CONNECTIONS, run_wrk

sys.path.append(os.path.join(ROOT, "tests", "support"))
sys.path.append(os.path.join(ROOT, "tests", "whole"))


def bench_signed_in(runs):
    """An intake officer reads the queue, and opens a report that was sealed to her."""
    from reporter import to_the_check  # after the path is known
    from whole_site import Site

    site = Site(TREFOIL)
    try:
        site.start()
        _, officer = site.invite("Idris Vaughan", "idris@larkenshire.example", "intake-officer")
        for number in range(20):
            sender = site.visitor()
            sender.send(to_the_check(sender, f"A grey van, seen for the {number + 1}. time").form())
            sender.close()
        cookie = "; ".join(f"{name}={value}" for name, value in officer.cookies.items())
        pages = {"queue of reports": "/concerns", "a sealed report, opened": "/concerns/1"}
        found = {name: [] for name in pages}
        entries = site.ask("SELECT count(*) FROM audit_entry")[0][0]
        answers = 0
        for _ in range(runs):
            for name, path in pages.items():
                figures = run_wrk(f"http://{site.address}{path}", headers=[f"Cookie: {cookie}"])
                found[name].append(figures)
                answers += figures[3]
        entries = site.ask("SELECT count(*) FROM audit_entry")[0][0] - entries
        for name, figures in found.items():
            rate, slowest, errors, _ = (statistics.median(column) for column in zip(*figures))
            say(f"{name + f', {CONNECTIONS} connections':<40} {rate:8.0f} requests/s   p99 "
                f"{slowest:7.1f} ms   errors {errors:.0f}   ({len(figures)} runs)")
        say(f"{'':<40} {entries} entries in the audit for {answers:.0f} answers; "
            f"{site.run('audit', 'verify').split(':')[0].split(' of ')[0]} "
            f"{'is sound' if 'is sound' in site.run('audit', 'verify') else 'IS NOT SOUND'}")
    finally:
        site.close()
