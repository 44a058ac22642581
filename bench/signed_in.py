"""A page that only somebody with an account may see, each look entered in the audit, with many
connections at once."""
import os
import statistics
import sys

from measuring import ROOT, TREFOIL, say
from web import CONNECTIONS, run_wrk

# People who look, and then read a while: about 1,500 requests a second from 64 connections.
PACED = """
function delay()
  return math.random(20, 60)
end
"""

sys.path.append(os.path.join(ROOT, "tests", "support"))
sys.path.append(os.path.join(ROOT, "tests", "whole"))


def bench_signed_in(runs):
    """An intake officer looks at the agreements and at the queue, as fast as it goes and at the pace
    of people, and opens a report that was sealed to her, which is compared with the 19 others."""
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
        script = os.path.join(site.folder, "paced.lua")
        with open(script, "w", encoding="utf-8") as file:
            file.write(PACED)
        pages = {"agreements": ("/agreements", None), "agreements, paced": ("/agreements", script),
                 "queue of 20 reports": ("/concerns", None),
                 "queue of 20 reports, paced": ("/concerns", script),
                 "a sealed report, opened": ("/concerns/1", None)}
        found = {name: [] for name in pages}
        entries = site.ask("SELECT count(*) FROM audit_entry")[0][0]
        answers = 0
        for _ in range(runs):
            for name, (path, pace) in pages.items():
                figures = run_wrk(f"http://{site.address}{path}", pace,
                                  headers=[f"Cookie: {cookie}"])
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
