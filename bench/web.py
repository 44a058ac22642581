"""Measure the pages of `trefoil serve` beside Datasette's, with wrk, in one run and in turn.

Server and client share the machine.  Datasette shows the same small areas as a table of its own.
"""
import gzip
import importlib.util
import json
import os
import re
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HAS_DATASETTE = importlib.util.find_spec("datasette") is not None
CONNECTIONS = 64
SECONDS = 8

# One page after another, each of another period and kind of offence.
ROTATE = """
local types = {"drugs", "acquisitive", "violence", "weapons", "public-order", "all"}
local n = 0
request = function()
  n = n + 1
  local from = n %% 24
  local path = string.format("%s&type=%%s&from=%%04d-%%02d&to=2024-03",
      types[n %% #types + 1], 2021 + math.floor((from + 3) / 12), (from + 3) %% 12 + 1)
  return wrk.format("GET", path)
end
"""


def unit_seconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * {"us": 1e-6, "ms": 1e-3, "s": 1, "m": 60}[unit]


def run_wrk(url, script=None, headers=()):
    """Requests a second, the 99th percentile in milliseconds, answers that were no answer, and how
    many answers there were."""
    command = ["wrk", "-t", "2", "-c", str(CONNECTIONS), "-d", f"{SECONDS}s", "--latency"]
    if script:
        command += ["-s", script]
    for header in ("Accept-Encoding: gzip", *headers):
        command += ["-H", header]
    command.append(url)
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1))
    slowest = unit_seconds(re.search(r"99%\s+(\S+)", output).group(1)) * 1e3
    faults = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    broken = re.search(r"Socket errors: (.*)", output)
    errors = int(faults.group(1)) if faults else 0
    if broken:
        errors += sum(int(number) for number in re.findall(r"\d+", broken.group(1)))
    count = int(re.search(r"(\d+) requests in", output).group(1))
    return rate, slowest, errors, count


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetch(url, encoding=None):
    request = urllib.request.Request(url, headers={"Accept-Encoding": encoding or "identity"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read()


def wait_for(url):
    for _ in range(300):
        try:
            return fetch(url)
        except OSError:
            time.sleep(0.1)
    sys.exit(f"{url} does not answer")


def start_ours(trefoil, database):
    process = subprocess.Popen([trefoil, "serve", "--db", database, "--listen", "127.0.0.1:0"],
                               stdout=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    return process, re.search(r"http://\S+", line).group(0)


def start_datasette(folder, rows):
    """Datasette on a database with the rows of the small areas; None without Datasette."""
    if not HAS_DATASETTE:
        return None, None
    path = os.path.join(folder, "areas.db")
    header, *body = [line.split(",") for line in rows.decode().splitlines()]
    connection = sqlite3.connect(path)
    columns = ", ".join(f'"{name}"' for name in header)
    connection.execute(f"CREATE TABLE areas ({columns})")
    connection.executemany(f"INSERT INTO areas VALUES ({', '.join('?' * len(header))})",
                           [row for row in body if len(row) == len(header)])
    connection.commit()
    connection.close()
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "datasette", "serve", "--immutable", path, "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}/areas/areas?_size=50"
    wait_for(url)
    return process, url


def report(say, name, figures):
    rate, slowest, errors, _ = (statistics.median(column) for column in zip(*figures))
    say(f"{name:<40} {rate:8.0f} requests/s   p99 {slowest:7.1f} ms   errors {errors:.0f}"
        f"   ({len(figures)} runs)")
    return rate


def say_sizes(say, address, query):
    for name, path in (("overview", "/"), ("profile", f"/profile?{query}"),
                       ("an area", f"/areas/larkenshire?{query}")):
        page = fetch(address + path)
        without_map = re.sub(rb'<figure class="app-figure" id="map".*?</figure>|'
                             rb'<script type="application/json".*?</script>', b"", page, flags=re.S)
        say(f"{'page: ' + name:<40} {len(page) / 1e3:6.0f} kB, packed "
            f"{len(gzip.compress(page)) / 1e3:.0f} kB, without the map {len(without_map) / 1e3:.0f} kB")


def say_first_paint(say, trefoil):
    """In a browser with an empty cache, over Lighthouse's slow 4G."""
    harness = os.path.join(ROOT, "tests", "browser", "run.mjs")
    done = subprocess.run(["node", harness, trefoil, "--first-paint"], capture_output=True,
                          text=True, check=False)
    if done.returncode != 0:
        say(f"skipped: first paint: {done.stderr.strip().splitlines()[-1:]}")
        return
    figures = json.loads(done.stdout)
    say(f"{'first paint of the overview, slow 4G':<40} {figures['first_paint_ms']} ms "
        f"({figures['lowest_ms']} to {figures['highest_ms']} in 5 runs), "
        f"{figures['bytes'] / 1e3:.0f} kB")


def bench_web(say, trefoil, scratch, runs):
    """All of it, on the fictional county."""
    say_first_paint(say, trefoil)
    if not shutil.which("wrk"):
        say("skipped: wrk is not installed")
        return
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        county, database = os.path.join(folder, "county"), os.path.join(folder, "county.db")
        subprocess.run([os.path.join(ROOT, "run"), "county", trefoil, county, database],
                       check=True, stdout=subprocess.DEVNULL)
        ours, address = start_ours(trefoil, database)
        query = "area=larkenshire&type=drugs&from=2023-04&to=2024-03"
        rows = fetch(f"{address}/api/v1/profile?{query}&figure=small-areas&format=csv")
        peer, peer_url = start_datasette(folder, rows)
        script = os.path.join(folder, "rotate.lua")
        with open(script, "w", encoding="utf-8") as file:
            file.write(ROTATE % "/profile?area=larkenshire")
        try:
            say_sizes(say, address, query)
            kept, made, other = [], [], []
            for _ in range(runs):
                kept.append(run_wrk(f"{address}/profile?{query}"))
                made.append(run_wrk(address, script))
                if peer:
                    other.append(run_wrk(peer_url))
            rate = report(say, f"profile page, {CONNECTIONS} connections", kept)
            report(say, "144 different profile pages", made)
            if peer:
                slower = report(say, "Datasette, the same areas", other)
                say(f"{'':<40} ratio {rate / slower:.0f}")
            else:
                say("skipped: Datasette is not installed, so our figures stand alone")
        finally:
            for process in (ours, peer):
                if process:
                    process.terminate()
                    process.wait()
