"""What pyarrow writes we read, what we write pyarrow reads, and both agree on every value.

    arrow_oracle.py LIBTREFOIL            run the checks, in TAP
    arrow_oracle.py --corpus FOLDER       write the streams that test_arrow.c and the fuzzer use
"""

import ctypes
import datetime
import io
import os
import random
import sys
import traceback

import pyarrow as pa
from pyarrow import ipc

UTC = datetime.timezone.utc


# -- our side ---------------------------------------------------------------------------------


class Error(ctypes.Structure):
    _fields_ = [
        ("code", ctypes.c_int),
        ("place", ctypes.c_char * 512),
        ("line", ctypes.c_int64),
        ("message", ctypes.c_char * 768),
    ]


class Buffer(ctypes.Structure):
    _fields_ = [
        ("data", ctypes.c_void_p),
        ("length", ctypes.c_size_t),
        ("capacity", ctypes.c_size_t),
        ("failed", ctypes.c_bool),
    ]


class Trefoil:
    """libtrefoil's Arrow functions; a failure is a ValueError with the error's sentence."""

    def __init__(self, path):
        self.library = ctypes.CDLL(path)
        self.error = Error()

    def call(self, name, *arguments):
        if getattr(self.library, name)(*arguments, ctypes.byref(self.error)):
            raise ValueError(self.error.message.decode())

    def read(self, stream, names=None):
        """The tables of a stream, as pointers."""
        reader = ctypes.c_void_p()
        self.call("tf_arrow_reader_open", stream, ctypes.c_size_t(len(stream)),
                  ctypes.c_size_t(0), ctypes.byref(reader))
        tables = []
        try:
            if names is not None:
                array = (ctypes.c_char_p * len(names))(*[name.encode() for name in names])
                self.call("tf_arrow_reader_select", reader, array, ctypes.c_size_t(len(names)))
            while True:
                table = ctypes.c_void_p()
                self.call("tf_arrow_reader_next", reader, ctypes.byref(table))
                if not table:
                    return tables
                tables.append(table)
        except ValueError:
            self.free(tables)
            raise
        finally:
            self.library.tf_arrow_reader_free(reader)

    def free(self, tables):
        for table in tables:
            self.library.tf_table_free(table)

    def write(self, tables, level):
        buffer = Buffer()
        writer = ctypes.c_void_p()
        sink = ctypes.cast(self.library.tf_arrow_sink_buffer, ctypes.c_void_p)
        self.call("tf_arrow_writer_open", tables[0], ctypes.c_int(level), sink,
                  ctypes.byref(buffer), ctypes.byref(writer))
        for table in tables:
            self.call("tf_arrow_writer_append", writer, table)
        self.call("tf_arrow_writer_finish", writer)
        stream = ctypes.string_at(buffer.data, buffer.length)
        self.library.tf_arrow_writer_free(writer)
        self.library.tf_buffer_deinit(ctypes.byref(buffer))
        return stream

    def export(self, table):
        """The table, which is given away, as a pyarrow batch over the C data interface."""
        schema = (ctypes.c_int64 * 9)()  # room for a struct ArrowSchema
        array = (ctypes.c_int64 * 10)()
        self.call("tf_arrow_export_take", table, schema, array)
        return pa.RecordBatch._import_from_c(ctypes.addressof(array), ctypes.addressof(schema))


# -- pyarrow's side ---------------------------------------------------------------------------


def stream_of(batches, **options):
    sink = io.BytesIO()
    with ipc.new_stream(sink, batches[0].schema, options=ipc.IpcWriteOptions(**options)) as writer:
        for batch in batches:
            writer.write_batch(batch)
    return sink.getvalue()


def with_nulls(values, share, seed):
    generator = random.Random(seed)
    return [None if generator.random() < share else value for value in values]


def our_batch(rows, null_share=0.3, seed=1):
    """Every type that a table of ours has."""
    generator = random.Random(seed)
    epoch = datetime.datetime(1970, 1, 1, tzinfo=UTC)
    columns = {
        "flag": ([generator.random() < 0.5 for _ in range(rows)], pa.bool_()),
        "small": ([generator.randint(-2**31, 2**31 - 1) for _ in range(rows)], pa.int32()),
        "large": ([generator.randint(-2**63, 2**63 - 1) for _ in range(rows)], pa.int64()),
        "share": ([generator.gauss(0, 1e6) for _ in range(rows)], pa.float64()),
        "day": ([datetime.date(1900, 1, 1) + datetime.timedelta(days=generator.randint(0, 60000))
                 for _ in range(rows)], pa.date32()),
        "time": ([epoch + datetime.timedelta(microseconds=generator.randint(-10**15, 10**15))
                  for _ in range(rows)], pa.timestamp("us", "UTC")),
        "text": (["é☘" * generator.randint(0, 3) + str(i) for i in range(rows)], pa.utf8()),
        "id": ([generator.randbytes(8) for _ in range(rows)], pa.binary(8)),
    }
    arrays = {name: pa.array(with_nulls(values, null_share, name), kind)
              for name, (values, kind) in columns.items()}
    words = [f"word {generator.randint(0, rows // 3)}" for _ in range(rows)]
    arrays["choice"] = pa.array(with_nulls(words, null_share, "c"), pa.utf8()).dictionary_encode()
    return pa.record_batch(arrays)


MOMENT = datetime.datetime(1969, 12, 31, 23, 59, 58, 123456)


def foreign_batch():
    """Types that are converted, with what each becomes."""
    whole = MOMENT.replace(microsecond=0)
    columns = {
        "int8": (pa.array([-128, None, 127], pa.int8()), pa.int32()),
        "int16": (pa.array([-2**15, None, 2**15 - 1], pa.int16()), pa.int32()),
        "uint8": (pa.array([0, None, 255], pa.uint8()), pa.int32()),
        "uint16": (pa.array([0, None, 65535], pa.uint16()), pa.int32()),
        "uint32": (pa.array([0, None, 2**32 - 1], pa.uint32()), pa.int64()),
        "uint64": (pa.array([0, None, 2**63 - 1], pa.uint64()), pa.int64()),
        "float32": (pa.array([-0.5, None, 1e30], pa.float32()), pa.float64()),
        "large_utf8": (pa.array(["", None, "☘"], pa.large_utf8()), pa.utf8()),
        "date64": (pa.array([MOMENT.date(), None, datetime.date(2024, 2, 29)], pa.date64()),
                   pa.date32()),
        "second": (pa.array([whole, None, whole], pa.timestamp("s", "Europe/London")),
                   pa.timestamp("us", "UTC")),
        "millisecond": (pa.array([whole, None, whole], pa.timestamp("ms", "-05:00")),
                        pa.timestamp("us", "UTC")),
        "nanosecond": (pa.array([-1, None, 1999], pa.timestamp("ns", "UTC")),
                       pa.array([-1, None, 1], pa.timestamp("us", "UTC"))),  # rounded down
        "tiny_index": (pa.DictionaryArray.from_arrays(pa.array([1, None, 0], pa.int8()),
                                                      pa.array(["a", "b"])), pa.utf8()),
        "wide_index": (pa.DictionaryArray.from_arrays(pa.array([1, None, 0], pa.uint64()),
                                                      pa.array(["a", "b"], pa.large_utf8())),
                       pa.utf8()),
        "null_entry": (pa.DictionaryArray.from_arrays(pa.array([1, 2, 0], pa.int32()),
                                                      pa.array(["a", "b", None])), pa.utf8()),
    }
    source = pa.record_batch({name: array for name, (array, _) in columns.items()})
    expected = {name: kind if isinstance(kind, pa.Array) else array.cast(kind)
                for name, (array, kind) in columns.items()}
    return source, pa.record_batch(expected)


def dictionary_batches(values):
    """One batch for each list of texts, whose dictionary is that list."""
    return [pa.record_batch({"choice": pa.DictionaryArray.from_arrays(
        pa.array(range(len(texts)), pa.int32()), pa.array(texts, pa.utf8()))}) for texts in values]


GROWING = [["a"], ["a", "b"], ["a", "b", "ccc", None], ["a", "b", "ccc", None, "d"]]
CHANGING = [["a", "b"], ["b"], [], ["c", "d", "e"]]


def nested_batch():
    return pa.record_batch({
        "before": pa.array([1, 2], pa.int32()),
        "list": pa.array([[1, 2], None], pa.list_(pa.int64())),
        "struct": pa.array([{"x": 1, "y": ["a"]}, None]),
        "nothing": pa.nulls(2),
        "bytes": pa.array([b"\xff", b""], pa.binary()),
        "after": pa.array(["x", None]),
    })


# -- the checks -------------------------------------------------------------------------------


def plain(batch):
    """Dictionaries may differ in form; what counts is the texts."""
    return pa.record_batch({
        name: column.cast(pa.utf8()) if pa.types.is_dictionary(column.type) else column
        for name, column in zip(batch.schema.names, batch.columns)})


def assert_same(actual, expected):
    assert len(actual) == len(expected), f"{len(actual)} batches, not {len(expected)}"
    for ours, theirs in zip(actual, expected):
        ours.validate(full=True)
        assert plain(ours).equals(plain(theirs)), f"{ours.to_pydict()} != {theirs.to_pydict()}"


def round_trip(trefoil, stream, expected, names=None):
    """Read with ours, write with ours at several levels, read with pyarrow; and export."""
    for level in (0, 1, 19):
        tables = trefoil.read(stream, names)
        written = trefoil.write(tables, level)
        assert_same(list(ipc.open_stream(written)), expected)
        again = trefoil.read(written)
        assert trefoil.write(again, level) == written, "a stream of ours changes when rewritten"
        trefoil.free(again)
        assert_same([trefoil.export(table) for table in tables], expected)


def every_type_comes_back(trefoil):
    for rows in (1, 7, 64, 1000):
        for null_share in (0, 0.3, 1):
            batch = our_batch(rows, null_share)
            for compression in (None, "zstd"):
                stream = stream_of([batch], compression=compression)
                round_trip(trefoil, stream, [batch])


def the_types_are_the_same(trefoil):
    batch = our_batch(10)
    tables = trefoil.read(stream_of([batch]))
    written = trefoil.write(tables, 0)
    trefoil.free(tables)
    assert ipc.open_stream(written).schema.equals(batch.schema)


def several_batches_and_slices_come_back(trefoil):
    batch = our_batch(500)
    parts = [batch.slice(0, 100), batch.slice(3, 13), batch.slice(0, 0), batch.slice(101), batch]
    for compression in (None, "zstd"):
        round_trip(trefoil, stream_of(parts, compression=compression), parts)


def other_types_are_converted(trefoil):
    source, expected = foreign_batch()
    for compression in (None, "zstd"):
        round_trip(trefoil, stream_of([source], compression=compression), [expected])


def slices_of_other_types_are_converted(trefoil):
    source, expected = foreign_batch()
    round_trip(trefoil, stream_of([source.slice(1), source.slice(2)]),
               [expected.slice(1), expected.slice(2)])


def growing_dictionaries_are_followed(trefoil):
    batches = dictionary_batches(GROWING)
    round_trip(trefoil, stream_of(batches, emit_dictionary_deltas=True), batches)


def replaced_dictionaries_are_followed(trefoil):
    batches = dictionary_batches(CHANGING)
    round_trip(trefoil, stream_of(batches), batches)


def a_selection_comes_in_the_order_asked(trefoil):
    batch = our_batch(100)
    names = ["choice", "flag", "text"]
    round_trip(trefoil, stream_of([batch], compression="zstd"), [batch.select(names)], names)


def nested_columns_are_stepped_over(trefoil):
    batch = nested_batch()
    names = ["after", "before"]
    round_trip(trefoil, stream_of([batch], compression="zstd"), [batch.select(names)], names)
    for name in ("list", "struct", "nothing", "bytes"):
        try:
            trefoil.free(trefoil.read(stream_of([batch]), [name]))
        except ValueError as error:
            assert name in str(error), error
        else:
            raise AssertionError(f"{name} was read")


def values_that_do_not_fit_are_refused(trefoil):
    second = pa.array([2**62], pa.int64()).cast(pa.timestamp("s"))
    for array in (pa.array([2**63], pa.uint64()), second):
        try:
            trefoil.free(trefoil.read(stream_of([pa.record_batch({"x": array})])))
        except ValueError as error:
            assert "too large" in str(error), error
        else:
            raise AssertionError(f"{array} was read")


def a_stream_without_batches_has_no_tables(trefoil):
    sink = io.BytesIO()
    ipc.new_stream(sink, our_batch(1).schema).close()
    assert trefoil.read(sink.getvalue()) == []


def exported_children_outlive_their_table(trefoil):
    batch = our_batch(100)
    (table,) = trefoil.read(stream_of([batch]))
    exported = trefoil.export(table)
    column = exported.column(6)
    del exported
    assert column.equals(batch.column(6))


CHECKS = [
    every_type_comes_back,
    the_types_are_the_same,
    several_batches_and_slices_come_back,
    other_types_are_converted,
    slices_of_other_types_are_converted,
    growing_dictionaries_are_followed,
    replaced_dictionaries_are_followed,
    a_selection_comes_in_the_order_asked,
    nested_columns_are_stepped_over,
    values_that_do_not_fit_are_refused,
    a_stream_without_batches_has_no_tables,
    exported_children_outlive_their_table,
]


def write_corpus(folder):
    small = our_batch(5)
    streams = {
        "types": stream_of([small, small.slice(1, 2), small.slice(0, 0)]),
        "types-zstd": stream_of([our_batch(40)], compression="zstd"),
        "types-lz4": stream_of([small], compression="lz4"),
        "converted": stream_of([foreign_batch()[0]]),
        "dictionary-growing": stream_of(dictionary_batches(GROWING), emit_dictionary_deltas=True),
        "dictionary-changing": stream_of(dictionary_batches(CHANGING)),
        "nested": stream_of([nested_batch()]),
    }
    for name, stream in streams.items():
        with open(os.path.join(folder, name + ".arrows"), "wb") as file:
            file.write(stream)


def main():
    if sys.argv[1] == "--corpus":
        write_corpus(sys.argv[2])
        return 0
    trefoil = Trefoil(sys.argv[1])
    print(f"1..{len(CHECKS)}")
    failures = 0
    for number, check in enumerate(CHECKS, 1):
        try:
            check(trefoil)
            print(f"ok {number} - {check.__name__}")
        except Exception:
            failures += 1
            print(f"not ok {number} - {check.__name__}")
            print("# " + traceback.format_exc().replace("\n", "\n# "))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
