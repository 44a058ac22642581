"""Other programs judge how alike two texts are: on a million random pairs, of ASCII, of accented
letters and of several scripts at once, the engine agrees with rapidfuzz to 1e-12; with DuckDB, that
is with Splink on it, where a byte is a character; and with jellyfish.

    similarity_oracle.py LIBTREFOIL       run the checks, in TAP
"""

import ctypes
import random
import sys
import traceback

import duckdb
import jellyfish
import pyarrow as pa
from rapidfuzz.distance import OSA, DamerauLevenshtein, Jaro, JaroWinkler, Levenshtein

ANY = 0xFFFFFFFF
LONGEST = 1000
TEXTS = 20_000
PAIRS = 1_000_000
CODE_POINTS, BYTES = 0, 1
ALPHABETS = ["ab", "abcde", "ETAOINSHRDLU", "abcdefghijklmnopqrstuvwxyz '-", "aeéèüÿñ",
             "abéőŁσЖ日本語", "\U0001F600\U0001F601日é"]


class View(ctypes.Structure):
    _fields_ = [("data", ctypes.c_char_p), ("length", ctypes.c_size_t)]


class Text(ctypes.Structure):
    _fields_ = [("narrow", ctypes.c_void_p), ("wide", ctypes.c_void_p),
                ("length", ctypes.c_uint32)]


class Grams(ctypes.Structure):
    _fields_ = [("items", ctypes.c_void_p), ("count", ctypes.c_uint32)]


class Scratch(ctypes.Structure):
    _fields_ = [("cells", ctypes.c_void_p), ("longest", ctypes.c_uint32)]


class Engine:
    def __init__(self, path):
        self.library = ctypes.CDLL(path)
        self.library.tf_arena_new.restype = ctypes.c_void_p
        self.library.tf_similarity_prepare.argtypes = [
            View, ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(Text), ctypes.c_void_p]
        self.library.tf_similarity_prepare_grams.argtypes = [
            ctypes.POINTER(Text), ctypes.c_uint32, ctypes.c_void_p, ctypes.POINTER(Grams),
            ctypes.c_void_p]
        self.library.tf_similarity_jaccard.restype = ctypes.c_double
        for name in ("jaro", "jaro_winkler"):
            getattr(self.library, "tf_similarity_" + name).restype = ctypes.c_double
        for name in ("levenshtein", "alignment", "damerau"):
            getattr(self.library, "tf_similarity_" + name).restype = ctypes.c_uint32
        self.arena = self.library.tf_arena_new()
        self.scratch = Scratch()
        assert self.library.tf_similarity_scratch_init(
            ctypes.byref(self.scratch), LONGEST, None) == 0

    def prepare(self, text, unit):
        data = text.encode()
        prepared = Text()
        assert self.library.tf_similarity_prepare(
            View(data, len(data)), unit, self.arena, ctypes.byref(prepared), None) == 0
        assert prepared.length == len(text if unit == CODE_POINTS else data)
        return prepared

    def grams(self, prepared):
        grams = Grams()
        assert self.library.tf_similarity_prepare_grams(
            ctypes.byref(prepared), 1, self.arena, ctypes.byref(grams), None) == 0
        return grams

    def similarities(self, name, prepared, pairs):
        """The similarity of each pair of indices into what was prepared."""
        function = getattr(self.library, "tf_similarity_" + name)
        if name == "jaccard":
            grams = [ctypes.byref(self.grams(text)) for text in prepared]
            return [function(grams[i], grams[j]) for i, j in pairs]
        texts = [ctypes.byref(text) for text in prepared]
        scratch = ctypes.byref(self.scratch)
        if name.startswith("jaro"):
            return [function(texts[i], texts[j], scratch) for i, j in pairs]
        return [function(texts[i], texts[j], ctypes.c_uint32(ANY), scratch) for i, j in pairs]


def make_texts(rng):
    """Short ones mostly, up to 200 characters, some of them another with a few faults."""
    texts = ["", "a", "A", "MARTHA", "MARHTA", "DIXON", "DICKSONX", "CA", "ABC"]
    while len(texts) < TEXTS:
        alphabet = rng.choice(ALPHABETS)
        longest = rng.choices([8, 20, 70, 200], [60, 35, 3, 2])[0]
        length = rng.randint(0, longest)
        text = [rng.choice(alphabet) for _ in range(length)]
        texts.append("".join(text))
        for _ in range(rng.randint(0, 4)):
            if len(text) < 2:
                break
            at = rng.randrange(len(text) - 1)
            kind = rng.randrange(4)
            if kind == 0:
                text[at], text[at + 1] = text[at + 1], text[at]
            elif kind == 1:
                del text[at]
            elif kind == 2:
                text.insert(at, rng.choice(alphabet))
            else:
                text[at] = rng.choice(alphabet)
        texts.append("".join(text))
    return texts


def make_pairs(rng, texts):
    """Half of them near each other in the list, where the relatives stand."""
    pairs = []
    for _ in range(PAIRS):
        i = rng.randrange(len(texts))
        j = rng.randrange(len(texts)) if rng.random() < 0.5 else min(i + rng.randrange(3),
                                                                    len(texts) - 1)
        pairs.append((i, j) if rng.random() < 0.5 else (j, i))
    return pairs


class Judge:
    def __init__(self, path):
        rng = random.Random(4)
        self.engine = Engine(path)
        self.texts = make_texts(rng)
        self.pairs = make_pairs(rng, self.texts)
        self.prepared = {unit: [self.engine.prepare(text, unit) for text in self.texts]
                         for unit in (CODE_POINTS, BYTES)}

    def compare(self, name, unit, pairs, expected):
        actual = self.engine.similarities(name, self.prepared[unit], pairs)
        for (i, j), ours, theirs in zip(pairs, actual, expected, strict=True):
            assert abs(ours - theirs) <= 1e-12, (
                f"{name} of {self.texts[i]!r} and {self.texts[j]!r} is {ours}, not {theirs}")

    def check_rapidfuzz(self):
        texts = self.texts
        for name, function in [("levenshtein", Levenshtein.distance), ("alignment", OSA.distance),
                               ("damerau", DamerauLevenshtein.distance),
                               ("jaro", Jaro.similarity), ("jaro_winkler", JaroWinkler.similarity)]:
            self.compare(name, CODE_POINTS, self.pairs,
                         (function(texts[i], texts[j]) for i, j in self.pairs))

    def check_duckdb(self):
        # It refuses an empty text for Jaccard, and finds two of them not alike for Jaro.
        pairs = [(i, j) for i, j in self.pairs if self.texts[i] and self.texts[j]]
        table = pa.table({"a": [self.texts[i] for i, _ in pairs],
                          "b": [self.texts[j] for _, j in pairs]})
        connection = duckdb.connect()
        connection.register("pairs", table)
        for name, function in [("levenshtein", "levenshtein"), ("damerau", "damerau_levenshtein"),
                               ("jaro", "jaro_similarity"),
                               ("jaro_winkler", "jaro_winkler_similarity"),
                               ("jaccard", "jaccard")]:
            expected = connection.execute(
                f"select {function}(a, b) as similarity from pairs").fetchall()
            self.compare(name, BYTES, pairs, (row[0] for row in expected))

    def check_jellyfish(self):
        # It counts what a person sees, not code points, where marks are combined; ours have none.
        pairs = [(i, j) for i, j in self.pairs[:100_000] if self.texts[i] and self.texts[j]]
        for name, function in [("levenshtein", jellyfish.levenshtein_distance),
                               ("damerau", jellyfish.damerau_levenshtein_distance),
                               ("jaro_winkler", jellyfish.jaro_winkler_similarity)]:
            self.compare(name, CODE_POINTS, pairs,
                         (function(self.texts[i], self.texts[j]) for i, j in pairs))


def main():
    judge = Judge(sys.argv[1])
    checks = [(judge.check_rapidfuzz, f"rapidfuzz agrees on {PAIRS} pairs"),
              (judge.check_duckdb, f"duckdb agrees on {PAIRS} pairs in bytes"),
              (judge.check_jellyfish, "jellyfish agrees on a tenth of them")]
    print(f"1..{len(checks)}")
    failed = 0
    for number, (check, name) in enumerate(checks, 1):
        try:
            check()
            print(f"ok {number} - {name}", flush=True)
        except Exception:
            failed = 1
            print("".join("# " + line + "\n" for line in traceback.format_exc().splitlines()))
            print(f"not ok {number} - {name}", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
