#include "self_check_internal.h"

#include "new_file.h"

#include <errno.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

static void check_key(tf_self_checker *checker) {
    if (checker->key) {
        tf_finding_fine(checker, "site-key",
                        "The site key is there, and its owner alone may read it.");
    } else if (checker->key_fault) {
        tf_finding_add(checker, "site-key", TF_SEVERITY_DANGER,
                       "Whoever reads the site key can forge the end of the audit, and without it "
                       "nobody can sign in.",
                       "Mend that, or bring the key from a backup.",
                       "The site key cannot be used: %s.", checker->key_fault);
    } else {
        tf_finding_add(checker, "site-key", TF_SEVERITY_WARNING,
                       "Without a site key there are no accounts, no reports and no audit.",
                       "Run 'trefoil init', or, if there was a key, bring it from a backup.",
                       "There is no site key beside the database.");
    }
}

/* The database and the files that SQLite keeps beside it. */
static void check_permissions(tf_self_checker *checker) {
    static const char *const endings[] = {"", "-wal", "-shm"};
    if (access(checker->subject->db_path, F_OK) != 0) {
        return; /* that it is not there is found where it is opened */
    }
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char path[PATH_SIZE];
        struct stat facts;
        snprintf(path, sizeof path, "%s%s", checker->subject->db_path, endings[i]);
        if (stat(path, &facts) != 0 || !(facts.st_mode & 077)) {
            continue;
        }
        tf_finding_add(
            checker, "database-permissions",
            facts.st_mode & 07 ? TF_SEVERITY_DANGER : TF_SEVERITY_WARNING,
            "The operating system's permissions are what keeps other users of the "
            "machine from the names and notes in the database.",
            "Run 'chmod 600' on the database and the files beside it.",
            "%s may be %s by %s (mode %03o).", path, facts.st_mode & 022 ? "changed" : "read",
            facts.st_mode & 07 ? "every user of the machine" : "its group", facts.st_mode & 0777U);
        return;
    }
    tf_finding_fine(checker, "database-permissions", "The database's owner alone may read it.");
}

static void check_folder(tf_self_checker *checker) {
    tf_buffer folder;
    tf_buffer_init(&folder);
    tf_folder_of_path(checker->subject->db_path, &folder);
    struct stat facts;
    if (folder.failed) {
        checker->failed = true;
    } else if (stat(folder.data, &facts) == 0 && (facts.st_mode & 022)) {
        tf_finding_add(checker, "folder-permissions",
                       facts.st_mode & 02 ? TF_SEVERITY_DANGER : TF_SEVERITY_WARNING,
                       "Whoever may write to the folder can put another database in this one's "
                       "place.",
                       "Give the database a folder of its own with mode 700.",
                       "The folder %s may be changed by %s (mode %03o).", folder.data,
                       facts.st_mode & 02 ? "every user of the machine" : "its group",
                       facts.st_mode & 0777U);
    } else {
        tf_finding_fine(checker, "folder-permissions",
                        "The folder of the database may be changed by its owner alone.");
    }
    tf_buffer_deinit(&folder);
}

/* A backup needs room for a copy; so does much else. */
static void check_room(tf_self_checker *checker) {
    struct stat facts;
    struct statvfs disk;
    if (stat(checker->subject->db_path, &facts) != 0 ||
        statvfs(checker->subject->db_path, &disk) != 0) {
        return;
    }
    double room = (double)disk.f_bavail * (double)disk.f_frsize;
    if (room < 2.0 * (double)facts.st_size + 100e6) {
        tf_finding_add(checker, "disk-room", TF_SEVERITY_WARNING,
                       "A backup needs room for a copy of the database, and on a full disk "
                       "nothing that people send can be kept.",
                       "Free some space, or move the database to a larger disk.",
                       "The disk of the database has %.0f MB left, and the database takes %.0f MB.",
                       room / 1e6, (double)facts.st_size / 1e6);
    } else {
        tf_finding_fine(checker, "disk-room", "The disk of the database has room: %.1f GB.",
                        room / 1e9);
    }
}

void tf_self_check_files(tf_self_checker *checker) {
    if (!checker->db) {
        tf_finding_add(checker, "database", TF_SEVERITY_DANGER,
                       "Nothing works without the database.",
                       "Mend that, or restore the database from a backup.",
                       "The database cannot be opened: %s.", checker->db_fault);
    }
    check_key(checker);
    check_permissions(checker);
    check_folder(checker);
    check_room(checker);
}

/* ---- the machine ---- */

static void check_swap(tf_self_checker *checker) {
    FILE *file = fopen("/proc/swaps", "re");
    if (!file) {
        return;
    }
    char line[256];
    int lines = 0;
    bool is_plain = false;
    while (fgets(line, sizeof line, file)) {
        /* Behind the headings.  What is encrypted stands on a mapped device; what is compressed in
         * memory is on no disk. */
        is_plain |= lines++ > 0 && strncmp(line, "/dev/dm-", 8) != 0 &&
                    strncmp(line, "/dev/mapper/", 12) != 0 && strncmp(line, "/dev/zram", 9) != 0;
    }
    (void)fclose(file);
    if (is_plain) {
        tf_finding_add(checker, "swap", TF_SEVERITY_NOTICE,
                       "What is in memory may be written there: open reports, and keys that "
                       "passphrases have unlocked.",
                       "Encrypt the swap space, or switch it off ('swapoff -a').",
                       "The machine swaps to a disk that seems not to be encrypted.");
    } else {
        tf_finding_fine(checker, "swap", "Memory is not swapped to a plain disk.");
    }
}

static void check_core_dumps(tf_self_checker *checker) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur > 0 && prctl(PR_GET_DUMPABLE) == 1) {
        tf_finding_add(checker, "core-dumps", TF_SEVERITY_WARNING,
                       "If the server crashes its memory is written to a file, with what it had "
                       "open.",
                       "Run it by the systemd unit that comes with it, or with 'ulimit -c 0'.",
                       "The server may leave core dumps.");
    } else {
        tf_finding_fine(checker, "core-dumps", "The server leaves no core dumps.");
    }
}

bool tf_is_loopback(const char *listen) {
    return strncmp(listen, "127.", 4) == 0 || strncmp(listen, "[::1]:", 6) == 0 ||
           strncmp(listen, "localhost:", 10) == 0;
}

static void check_listening(tf_self_checker *checker) {
    const char *listen = checker->subject->listen;
    if (tf_is_loopback(listen)) {
        tf_finding_fine(checker, "listening", "The server listens on this machine alone (%s).",
                        listen);
    } else if (checker->subject->has_host) {
        tf_finding_add(checker, "listening", TF_SEVERITY_NOTICE,
                       "It speaks plain HTTP: passphrases travel readably unless a proxy with TLS "
                       "stands before it, and others could reach it past the proxy.",
                       "Let it listen on 127.0.0.1 behind the proxy, or let a firewall admit the "
                       "proxy alone.",
                       "The server can be reached from other machines (%s).", listen);
    } else {
        tf_finding_add(checker, "listening", TF_SEVERITY_DANGER,
                       "It speaks plain HTTP, so passphrases travel readably; and it answers to "
                       "any name, which lets pages of others speak to it.",
                       "Let it listen on 127.0.0.1 behind a proxy with TLS, and name the site "
                       "with --host.",
                       "The server can be reached from other machines (%s) under any name.",
                       listen);
    }
}

void tf_self_check_machine(tf_self_checker *checker) {
    check_swap(checker);
    if (checker->subject->listen) {
        check_core_dumps(checker);
        check_listening(checker);
    }
}
