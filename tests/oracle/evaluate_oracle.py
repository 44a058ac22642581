"""scikit-learn and we say the same of the same clusters and scored pairs.

    evaluate_oracle.py LIBTREFOIL         run the checks, in TAP
"""

import ctypes
import math
import traceback
import sys

import numpy as np
from sklearn import metrics
from sklearn.metrics.cluster import contingency_matrix, pair_confusion_matrix

DOUBLE, U32, U64 = ctypes.c_double, ctypes.c_uint32, ctypes.c_uint64


def structure(name, *fields):
    return type(name, (ctypes.Structure,), {"_fields_": list(fields)})


Error = structure("Error", ("code", ctypes.c_int), ("place", ctypes.c_char * 512),
                  ("line", ctypes.c_int64), ("message", ctypes.c_char * 768))
Truth = structure("Truth", ("record_count", U32), ("entity", ctypes.c_void_p),
                  ("source", ctypes.c_void_p), ("group", ctypes.c_void_p), ("group_count", U32))
Options = structure("Options", ("confidence", DOUBLE), ("replicates", U32), ("seed", U64),
                    ("minimum_entities", U32), ("thread_count", ctypes.c_int))
Interval = structure("Interval", ("value", DOUBLE), ("lower", DOUBLE), ("upper", DOUBLE))
Share = structure("Share", ("by_entity", Interval), ("by_pair", Interval))
Quality = structure("Quality", ("correct", DOUBLE), ("wrong", DOUBLE), ("true", DOUBLE),
                    ("all", DOUBLE), ("precision", Share), ("recall", Share),
                    ("specificity", Share), ("f1", Interval))
Clusters = structure(
    "Clusters", ("records", U32), ("records_left", U32), ("entities", U32), ("clusters", U32),
    ("pairs", Quality), ("exact", U32), ("merged", U32), ("split", U32),
    *((name, DOUBLE) for name in (
        "cluster_precision", "cluster_recall", "b_cubed_precision", "b_cubed_recall", "b_cubed_f1",
        "purity", "inverse_purity", "homogeneity", "completeness", "v_measure",
        "information_lost")),
    ("groups", ctypes.c_void_p), ("group_count", U32))
Point = structure("Point", ("threshold", DOUBLE), ("correct", U64), ("wrong", U64))
Row = structure("Row", ("threshold", DOUBLE), ("quality", Quality), ("lost", U64))
Scores = structure(
    "Scores", *((name, U64) for name in ("all", "true", "compared", "left", "found", "lost")),
    ("recall_bound", DOUBLE), ("average_precision", DOUBLE), ("best_f1", DOUBLE),
    ("best_threshold", DOUBLE), ("points", ctypes.POINTER(Point)), ("point_count", ctypes.c_size_t),
    ("rows", ctypes.POINTER(Row)), ("row_count", ctypes.c_size_t), ("groups", ctypes.c_void_p),
    ("group_count", U32))
PAIR = np.dtype([("left", np.uint32), ("right", np.uint32), ("weight", np.float64)])


class Trefoil:
    def __init__(self, path):
        self.library = ctypes.CDLL(path)
        self.error = Error()

    def call(self, name, *arguments):
        if getattr(self.library, name)(*arguments, ctypes.byref(self.error)):
            raise ValueError(self.error.message.decode())

    def clusters(self, entity, cluster):
        truth = Truth(len(entity), entity.ctypes.data, None, None, 0)
        result = Clusters()
        self.call("tf_evaluate_clusters_of", ctypes.byref(truth),
                  ctypes.c_void_p(cluster.ctypes.data), ctypes.byref(Options()),
                  ctypes.byref(result))
        return result

    def scores(self, entity, pairs, thresholds):
        truth = Truth(len(entity), entity.ctypes.data, None, None, 0)
        result = Scores()
        self.call("tf_evaluate_scores_of", ctypes.byref(truth),
                  ctypes.c_void_p(pairs.ctypes.data), ctypes.c_size_t(len(pairs)),
                  ctypes.c_void_p(thresholds.ctypes.data), ctypes.c_size_t(len(thresholds)),
                  ctypes.byref(Options()), ctypes.byref(result))
        return result


def same(ours, theirs, tolerance=1e-11):
    assert math.isclose(ours, theirs, rel_tol=tolerance, abs_tol=tolerance), (ours, theirs)


def population(generator, count):
    entity = generator.integers(0, count // 3 + 1, count, dtype=np.uint32) * np.uint32(77777)
    cluster = np.where(generator.random(count) < 0.8, entity,
                       generator.integers(0, 2**32, count, dtype=np.uint32))
    cluster = np.where(generator.random(count) < 0.05, np.uint32(5), cluster)
    return entity, np.ascontiguousarray(cluster)


def check_clusters(trefoil):
    """pair counts, purity, V-measure and mutual information"""
    generator = np.random.default_rng(1)
    for count in (2, 10, 100, 3000):
        entity, cluster = population(generator, count)
        ours = trefoil.clusters(entity, cluster)
        (_, wrong), (missed, correct) = pair_confusion_matrix(entity, cluster) // 2
        assert (ours.pairs.correct, ours.pairs.wrong) == (correct, wrong)
        assert ours.pairs.true == correct + missed
        for name, value in zip(("homogeneity", "completeness", "v_measure"),
                               metrics.homogeneity_completeness_v_measure(entity, cluster)):
            same(getattr(ours, name), value)
        table = contingency_matrix(entity, cluster)
        same(ours.purity, table.max(axis=0).sum() / count)
        same(ours.inverse_purity, table.max(axis=1).sum() / count)
        bits = sum(-(p * np.log2(p)).sum() for p in (table.sum(axis=0) / count,
                                                    table.sum(axis=1) / count))
        shared = metrics.mutual_info_score(entity, cluster) / math.log(2)
        same(ours.information_lost, bits - 2 * shared, 1e-9)
        same(ours.b_cubed_precision, (table**2 / table.sum(axis=0)).sum() / count)
        same(ours.b_cubed_recall, (table**2 / table.sum(axis=1, keepdims=True)).sum() / count)
        assert ours.merged == ((table > 0).sum(axis=0) > 1).sum()
        assert ours.split == ((table > 0).sum(axis=1) > 1).sum()


def check_scores(trefoil):
    """precision and recall at every threshold, the area under them, the table"""
    generator = np.random.default_rng(2)
    for count in (5, 40, 200):
        entity, _ = population(generator, count)
        entity[1] = entity[0]
        left, right = np.triu_indices(count, 1)
        is_true = entity[left] == entity[right]
        weight = np.round(generator.normal(4.0 * is_true, 2), 1)
        pairs = np.zeros(len(left), PAIR)
        pairs["left"], pairs["right"], pairs["weight"] = right, left, weight
        order = generator.permutation(len(pairs))
        pairs = np.ascontiguousarray(pairs[order])
        thresholds = np.array([1.0, 3.3, -2.0])
        ours = trefoil.scores(entity, pairs, thresholds)
        precision, recall, at = metrics.precision_recall_curve(is_true, weight)
        assert ours.point_count == len(at)
        for i in range(len(at)):
            point = ours.points[len(at) - 1 - i]
            assert point.threshold == at[i]
            same(point.correct / (point.correct + point.wrong), precision[i])
            same(point.correct / is_true.sum(), recall[i])
        same(ours.average_precision, metrics.average_precision_score(is_true, weight))
        best = max(metrics.f1_score(is_true, weight >= t) for t in at)
        same(ours.best_f1, best)
        same(metrics.f1_score(is_true, weight >= ours.best_threshold), best)
        for i, threshold in enumerate(thresholds):
            linked = weight >= threshold
            quality = ours.rows[i].quality
            same(quality.precision.by_pair.value,
                 metrics.precision_score(is_true, linked, zero_division=math.nan))
            same(quality.recall.by_pair.value, metrics.recall_score(is_true, linked))
            same(quality.specificity.by_pair.value,
                 metrics.recall_score(~is_true, ~linked))
            same(quality.f1.value, metrics.f1_score(is_true, linked))


def main():
    trefoil = Trefoil(sys.argv[1])
    checks = [check_clusters, check_scores]
    failed = 0
    print(f"1..{len(checks)}")
    for number, check in enumerate(checks, 1):
        try:
            check(trefoil)
            print(f"ok {number} - {check.__doc__}")
        except Exception:
            failed += 1
            print(f"not ok {number} - {check.__doc__}")
            traceback.print_exc()
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
