"""The Debian package and the units of systemd: made, judged, installed, run and removed."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(os.environ["TREFOIL_SOURCE"])
PROGRAM = os.environ["TREFOIL_PROGRAM"]
sys.path.insert(0, str(ROOT / "tools"))
sys.dont_write_bytecode = True

import tap  # noqa: E402

UNITS = ["trefoil.service", "trefoil-backup.service", "trefoil-backup.timer"]

# What a system's own tools write down whenever anything is installed.
WRITTEN_BY_OTHERS = re.compile(r"^/(var/(lib/dpkg|cache|log)/|etc/(passwd|group|shadow|gshadow|sub[ug]id)-?$"
                               r"|tmp/|etc/\.pwd\.lock)")

# Where packages put things.
FIND = "find /bin /boot /etc /lib /opt /sbin /srv /usr /var -xdev | sort"

# A machine that is a copy of this one, whose changes go nowhere.
IN_A_COPY = """
set -e
mount -t tmpfs none "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
mount -t proc proc "$1/root/proc"
mount --bind /dev "$1/root/dev"
cp "$2" "$1/root/tmp/trefoil.deb"
exec chroot "$1/root" sh -c "$3"
"""


def run(*words, **options):
    return subprocess.run([str(word) for word in words], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False, **options)


def need(*commands):
    for command in commands:
        if shutil.which(command) is None:
            raise unittest.SkipTest(f"there is no {command}")


class Units(unittest.TestCase):
    def test_systemd_finds_no_fault_in_the_units(self):
        need("systemd-analyze")
        with tempfile.TemporaryDirectory() as root:
            for place in ["etc/systemd/system", "usr/bin", "var/lib"]:
                (Path(root) / place).mkdir(parents=True)
            shutil.copy(PROGRAM, Path(root) / "usr/bin/trefoil")
            shutil.copytree("/lib/systemd/system", Path(root) / "lib/systemd/system", symlinks=True)
            for unit in UNITS:
                shutil.copy(ROOT / "packaging" / unit, Path(root) / "etc/systemd/system")
            done = run("systemd-analyze", "verify", "--man=no", f"--root={root}", *UNITS)
        about_ours = [line for line in done.stdout.splitlines() if "trefoil" in line]
        self.assertEqual([], about_ours)
        self.assertEqual(0, done.returncode, done.stdout)

    def test_the_services_are_shut_in(self):
        need("systemd-analyze")
        for unit in UNITS[:2]:
            done = run("systemd-analyze", "security", "--offline=true", ROOT / "packaging" / unit)
            level = re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
            self.assertIsNotNone(level, done.stdout)
            self.assertLess(float(level.group(1)), 2)


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        need("dpkg-deb", "dpkg-shlibdeps")
        cls.folder = tempfile.TemporaryDirectory()
        done = run(ROOT / "packaging" / "make_deb", "0.1.0", PROGRAM, cls.folder.name)
        cls.package = Path(done.stdout.strip().splitlines()[-1])
        assert done.returncode == 0 and cls.package.is_file(), done.stdout

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def field(self, name):
        return run("dpkg-deb", "--field", self.package, name).stdout.strip()

    def in_a_copy(self, script):
        if os.geteuid() != 0:
            self.skipTest("only root can install a package")
        with tempfile.TemporaryDirectory() as folder:
            done = run("unshare", "--mount", "sh", "-c", IN_A_COPY, "sh", folder, self.package,
                       script)
        if "mount:" in done.stdout:
            self.skipTest("this system lets nobody mount an overlay")
        return done

    def test_nothing_in_it_may_be_changed_by_others(self):
        listing = run("dpkg-deb", "--contents", self.package).stdout.splitlines()
        self.assertGreater(len(listing), 10)
        for line in listing:
            self.assertRegex(line, r"^[d-]rw[x-]r-[x-]r-[x-] root/root ", line)

    def test_its_settings_are_kept_over_upgrades(self):
        done = run("dpkg-deb", "--info", self.package, "conffiles")
        self.assertEqual("/etc/default/trefoil\n", done.stdout)

    def test_it_depends_on_the_package_of_every_library(self):
        need("readelf", "ldd")
        known = dict(re.findall(r"^\s*(\S+) => (\S+) ", run("ldd", PROGRAM).stdout, re.M))
        needed = re.findall(r"\(NEEDED\).*\[(\S+)\]", run("readelf", "-d", PROGRAM).stdout)
        self.assertGreater(len(needed), 10)
        depends = re.findall(r"(?:^|, )([a-z0-9.+-]+)", self.field("Depends"))
        for library in needed:
            # The package may name it without the /usr that /lib leads to.
            path = os.path.realpath(known[library])
            found = run("dpkg", "-S", path, path.removeprefix("/usr")).stdout
            owners = re.findall(r"^([a-z0-9.+-]+)(?::\w+)?: /", found, re.M)
            self.assertTrue(set(owners) & set(depends), f"{library}: {found}")

    def test_it_installs_runs_and_is_removed_without_a_trace(self):
        done = self.in_a_copy(f"""
            {FIND} >/tmp/before
            dpkg --no-triggers -i /tmp/trefoil.deb >/tmp/installed 2>&1 || {{ cat /tmp/installed; exit 1; }}
            trefoil --version
            stat -c '%U %G %a' /var/lib/trefoil
            cat /tmp/installed
            dpkg --verify trefoil
            dpkg --no-triggers --purge trefoil >/tmp/purged 2>&1 || {{ cat /tmp/purged; exit 1; }}
            {FIND} >/tmp/after
            echo differences:
            comm -3 /tmp/before /tmp/after | tr -d '\\t'
        """)
        self.assertEqual(0, done.returncode, done.stdout)
        self.assertIn("trefoil 0.1.0\ntrefoil trefoil 700\n", done.stdout)
        self.assertIn("serves nothing yet", done.stdout)
        left = done.stdout.partition("differences:\n")[2].split()
        self.assertEqual([], [path for path in left if not WRITTEN_BY_OTHERS.match(path)])

    def test_changed_settings_survive_an_upgrade_and_the_data_a_purge(self):
        done = self.in_a_copy("""
            exec 2>&1
            dpkg --no-triggers -i /tmp/trefoil.deb >/dev/null
            echo TREFOIL_LISTEN=127.0.0.1:9000 >/etc/default/trefoil
            echo kept >/var/lib/trefoil/trefoil.db
            dpkg --no-triggers --force-confdef -i /tmp/trefoil.deb >/dev/null
            cat /etc/default/trefoil
            dpkg --no-triggers --purge trefoil
            cat /var/lib/trefoil/trefoil.db
        """)
        self.assertEqual(0, done.returncode, done.stdout)
        self.assertTrue(done.stdout.startswith("TREFOIL_LISTEN=127.0.0.1:9000\n"), done.stdout)
        self.assertIn("still in /var/lib/trefoil", done.stdout)
        self.assertTrue(done.stdout.endswith("kept\n"), done.stdout)


tap.main()
