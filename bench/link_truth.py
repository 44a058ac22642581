#!/usr/bin/env python3
"""Pairwise precision, recall and F1 of clusters, as JSON.

    link_truth.py PEOPLE CLUSTERS

PEOPLE has the columns record_id and truth, CLUSTERS unique_id and cluster_id: anybody's.
"""
import collections
import csv
import json
import sys


def pairs_within(sizes):
    return sum(size * (size - 1) // 2 for size in sizes)


def main():
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        truth = {row["record_id"]: row["truth"] for row in csv.DictReader(file)}
    found, both = collections.Counter(), collections.Counter()
    with open(sys.argv[2], encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["cluster_id"]] += 1
            both[row["cluster_id"], truth[row["unique_id"]]] += 1
    if found.total() != len(truth):
        sys.exit(f"{sys.argv[2]} has {found.total()} records of {len(truth)}")
    right = pairs_within(both.values())
    precision = right / max(pairs_within(found.values()), 1)
    recall = right / max(pairs_within(collections.Counter(truth.values()).values()), 1)
    print(json.dumps({"precision": precision, "recall": recall,
                      "f1": 2 * precision * recall / max(precision + recall, 1e-300)}))


if __name__ == "__main__":
    main()
