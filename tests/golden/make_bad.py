"""Write the files of tests/golden/bad: good ones with one mistake each, under right checksums where it matters.

    python make_bad.py
"""

import pathlib
import struct

from read_snapshot import Chunks, aligned, xxh64

HERE = pathlib.Path(__file__).resolve().parent


def assemble(chunks, version=1, needs=1, order=0xFEFF):
    """A file of (name, flags, codec, stored bytes, raw length, element size)."""
    magic = b"\x89HEAPY\r\n\x1a\n"
    out = magic + struct.pack("<HII", order, version, needs) + bytes(36)
    out += struct.pack("<Q", xxh64(out))
    table = b""
    for name, flags, codec, body, raw, element in chunks:
        padded = body + bytes(aligned(len(body)) - len(body))
        table += struct.pack(
            "<32sIIQQQIIQ", name, flags, codec, len(out), len(body), raw, element, 2 if codec > 1 or name == b"weak.edges" else 1, xxh64(padded)
        )
        out += padded
    at, padded = len(out), table + bytes(aligned(len(table)) - len(table))
    out += padded
    trailer = struct.pack("<4Q", at, len(table), xxh64(padded), len(out) + 64) + bytes(14) + magic
    return out + trailer + struct.pack("<Q", xxh64(trailer))


def parts(data):
    chunks = Chunks(data)
    for name, entry in chunks.entries.items():
        _, flags, codec, offset, stored, raw, element, _, _ = entry
        yield [name.encode(), flags, codec, data[offset : offset + stored], raw, element]


def changed(data, name, change):
    """With the body of a chunk put through `change`."""
    out = list(parts(data))
    for chunk in out:
        if chunk[0] == name:
            chunk[3] = change(chunk[3])
            chunk[4] = len(chunk[3]) if chunk[2] == 0 else chunk[4]
    return assemble(out)


def put(offset, form, *numbers):
    def change(body):
        packed = struct.pack(form, *numbers)
        return body[:offset] + packed + body[offset + len(packed) :]

    return change


def more_than_said(data):
    """Frames that unpack to more than the table says."""
    out = list(parts(data))
    for chunk in out:
        if chunk[0] == b"row.texts":
            assert chunk[2] == 1
            chunk[4] -= 1
    return assemble(out)


def transformed_texts(data):
    """A codec of numbers for a column of bytes."""
    return assemble([[*c[:2], 2, *c[3:]] if c[0] == b"row.texts" else c for c in parts(data)])


def main():
    good = (HERE / "good/values.heapy").read_bytes()
    packed = (HERE / "good/zstd.heapy").read_bytes()
    flipped = bytearray(good)
    flipped[Chunks(good).entries["sizes"][3] + 5] ^= 4
    last = len(Chunks(good).load("edge.offsets")) - 4
    listed = list(parts(good))
    files = {
        "empty_file": b"",
        "no_snapshot": b"PK\x03\x04" + bytes(300),
        "transferred_as_text": good.replace(b"\r\n", b"\n"),
        "cut_in_the_middle": good[: len(good) // 2],
        "trailing_rubbish": good + b"\n",
        "header_damaged": good[:20] + b"\x01" + good[21:],
        "trailer_damaged": good[:-60] + b"\x01" + good[-59:],
        "chunk_damaged": bytes(flipped),
        "newer_version": assemble(listed, version=2, needs=3 << 16 | 1),
        "other_byte_order": assemble(listed, order=0xFFFE),
        "unknown_required_chunk": assemble(listed + [[b"weak.edges", 1, 0, b"", 0, 4]]),
        "unknown_codec": assemble([[*c[:2], 9, *c[3:]] if c[0] == b"types" else c for c in listed]),
        "chunk_missing": assemble([chunk for chunk in listed if chunk[0] != b"type.rows"]),
        "chunk_twice": assemble(listed + listed[-1:]),
        "chunk_overlaps_table": good[:-64].replace(struct.pack("<Q", 64), struct.pack("<Q", 128), 1) + good[-64:],
        "frame_unpacks_to_more": more_than_said(packed),
        "texts_shuffled": transformed_texts(packed),
        "edge_past_end": changed(good, b"edge.targets", put(8, "<I", 40)),
        "offsets_decrease": changed(good, b"edge.offsets", put(8, "<II", 5, 1)),
        "last_offset_past_end": changed(good, b"edge.offsets", put(last, "<I", 2**31)),
        "label_of_no_kind": changed(good, b"edge.labels", put(0, "<I", 0xF0000000)),
        "name_past_end": changed(good, b"edge.labels", put(0, "<I", 0x1FFFFFFF)),
        "type_past_end": changed(good, b"types", put(12, "<I", 10)),
        "type_inherits_past_end": changed(good, b"type.bases", put(0, "<I", 99)),
        "type_without_name": changed(good, b"type.rows", put(0, "<I", 2**32 - 1)),
        "bases_past_end": changed(good, b"type.rows", put(28, "<I", 2**32 - 1)),
        "owner_past_end": changed(good, b"owner.numbers", put(0, "<I", 2**32 - 2)),
        "ranks_wrong": changed(good, b"length.ranks", put(0, "<I", 1)),
        "numbers_missing": changed(good, b"length.numbers", lambda body: body[:-4]),
        "texts_missing": changed(good, b"row.texts", lambda body: body[:-2] + b"x"),
        "starts_decrease": changed(good, b"name.starts", put(8, "<Q", 2**63)),
        "sizes_overflow": changed(good, b"sizes.large", put(8, "<Q", 2**64 - 1)),
        "regions_out_of_order": changed(good, b"address.regions", put(8, "<Q", 1)),
        "addresses_too_few": changed(good, b"address.regions", put(20, "<I", 1)),
        "list_in_list": changed(good, b"label.lists", put(0, "<I", 0x90000000)),
        "root_past_end": changed(good, b"roots", put(0, "<I", 40)),
        "too_many_nodes": changed(good, b"graph", put(0, "<Q", 2**63)),
    }
    for name, data in files.items():
        (HERE / "bad" / (name + ".heapy")).write_bytes(data)


main()
