#!/usr/bin/env python3
"""Writes text_unicode_tables.inc: what Rust tokenizers says of every code point.

The crates inside Rust tokenizers follow different Unicode versions (its normalization forms know Unicode 9 alone, its grapheme
clusters Unicode 17), so no single Unicode database agrees with it. This script therefore asks the library itself, one code point
at a time. Only two things come from elsewhere: combining classes and the pairs to try for composition (Python's unicodedata;
each is confirmed by the library, and neither ever changes for an assigned character), and the properties behind grapheme
clusters (the `regex` package), confirmed by asking a Precompiled normalizer where clusters end.

Needs: pip install tokenizers==0.23.2 regex. Takes two to three minutes. The result records the versions it came from.
"""
import struct
import sys
import unicodedata
from pathlib import Path

import regex
import tokenizers
from tokenizers import Regex, normalizers, pre_tokenizers

OUT = Path(__file__).resolve().parent / "text_unicode_tables.inc"
CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
PAGE = 128
HANGUL = range(0xAC00, 0xAC00 + 11172)

CATEGORIES = ["Lu", "Ll", "Lt", "Lm", "Lo", "M", "N", "P", "S", "Z"]
CLUSTERS = ["CR", "LF", "Control", "Extend", "ZWJ", "Regional_Indicator", "Prepend", "SpacingMark", "L", "V", "T", "LV", "LVT"]
CONJUNCT = ["Consonant", "Extend", "Linker"]


def splits(pre_tokenizer, text):
    return [piece for piece, _ in pre_tokenizer.pre_tokenize_str(text)]


def matches(pattern):
    """The code points that a one-character pattern of the Split pre-tokenizer (Oniguruma) matches."""
    removed = pre_tokenizers.Split(Regex(pattern), "removed")
    return {c for c in CODE_POINTS if not splits(removed, chr(c))}


def cluster_probe(text):
    """True if Rust's grapheme segmentation joins all of `text`, whose first character is replaced by 'X' where it is not joined.

    The charsmap maps the first character alone; the normalizer replaces a whole cluster by what its shortest known prefix maps to,
    so joined text (of fewer than 6 bytes) becomes 'X' and separate text keeps its tail.
    """
    key = text[0].encode()
    units, position, unit = {}, 0, 0
    for depth, byte in enumerate(key):
        base = 256 * (depth + 1)
        units[position] = unit | ((position ^ base) << 10)
        position = base ^ byte
        unit = byte
    base = 256 * (len(key) + 1)
    units[position] = unit | 1 << 8 | ((position ^ base) << 10)
    units[base] = 0
    trie = [units.get(i, 0xFF) for i in range(base + 256)]
    blob = struct.pack(f"<I{len(trie)}I", 4 * len(trie), *trie) + b"X\0"
    return normalizers.Precompiled(blob).normalize_str(text) == "X"


def main():
    nfc, nfd, nfkc, nfkd = normalizers.NFC(), normalizers.NFD(), normalizers.NFKC(), normalizers.NFKD()
    lower, strip = normalizers.Lowercase(), normalizers.StripAccents()
    clean = normalizers.BertNormalizer(True, False, False, False)
    nonspacing = normalizers.BertNormalizer(False, False, True, False)
    punctuation, digits = pre_tokenizers.Punctuation(), pre_tokenizers.Digits(True)
    words, spaces = pre_tokenizers.Whitespace(), pre_tokenizers.WhitespaceSplit()

    flags = dict.fromkeys(CODE_POINTS, 0)

    def mark(bit, points):
        for c in points:
            flags[c] |= 1 << bit

    for index, name in enumerate(CATEGORIES):
        for c in matches(rf"\p{{{name}}}"):
            assert flags[c] == 0, hex(c)
            flags[c] = index + 1
    mark(4, matches(r"\s"))
    mark(5, (c for c in CODE_POINTS if not splits(spaces, chr(c))))
    mark(6, (c for c in CODE_POINTS if clean.normalize_str(chr(c)) == ""))
    mark(7, (c for c in CODE_POINTS if len(splits(punctuation, f"a{chr(c)}a")) == 3))
    mark(8, (c for c in CODE_POINTS if nonspacing.normalize_str(chr(c)) == ""))
    mark(9, (c for c in CODE_POINTS if strip.normalize_str(chr(c)) == ""))
    mark(10, (c for c in CODE_POINTS if len(splits(digits, f"a{chr(c)}a")) == 3))
    mark(11, (c for c in CODE_POINTS if splits(words, f"a{chr(c)}") == [f"a{chr(c)}"]))
    lowered = {c: s for c in CODE_POINTS if (s := lower.normalize_str(chr(c))) != chr(c)}
    mark(12, lowered)
    canonical = {c: s for c in CODE_POINTS if (s := nfd.normalize_str(chr(c))) != chr(c)}
    compatible = {c: s for c in CODE_POINTS if (s := nfkd.normalize_str(chr(c))) != chr(c)}
    mark(13, canonical)
    mark(14, compatible)

    # The library knows a mark if it changes places with U+0345 (the highest class, 240) or U+0334 (the lowest, 1).
    classes = {}
    for c in CODE_POINTS:
        value = unicodedata.combining(chr(c))
        if value and (nfd.normalize_str("\u0345" + chr(c)) == chr(c) + "\u0345" or nfd.normalize_str(chr(c) + "\u0334") == "\u0334" + chr(c)):
            classes[c] = value
    classes.update({0x0334: 1, 0x0345: 240})
    mark(15, classes)

    pairs = {}
    for c in CODE_POINTS:
        parts = unicodedata.decomposition(chr(c)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            first, second = (int(part, 16) for part in parts)
            if nfc.normalize_str(chr(first) + chr(second)) == chr(c):
                pairs[first, second] = c
    mark(16, {second for _, second in pairs} | set(range(0x1161, 0x1176)) | set(range(0x11A8, 0x11C3)))
    mark(17, (c for c in CODE_POINTS if nfc.normalize_str(chr(c)) != chr(c)))
    mark(18, (c for c in CODE_POINTS if nfkc.normalize_str(chr(c)) != chr(c)))

    for index, name in enumerate(CLUSTERS):
        one = regex.compile(rf"\p{{Grapheme_Cluster_Break={name}}}")
        for c in CODE_POINTS:
            if one.match(chr(c)):
                flags[c] |= (index + 1) << 19
    pictographic = regex.compile(r"\p{Extended_Pictographic}")
    mark(23, (c for c in CODE_POINTS if pictographic.match(chr(c))))
    for index, name in enumerate(CONJUNCT):
        one = regex.compile(rf"\p{{Indic_Conjunct_Break={name}}}")
        for c in CODE_POINTS:
            if one.match(chr(c)):
                flags[c] |= (index + 1) << 24
    for c in CODE_POINTS:
        cluster = flags[c] >> 19 & 15
        name = CLUSTERS[cluster - 1] if cluster else ""
        if c and cluster_probe("a" + chr(c)) != (name in ("Extend", "ZWJ", "SpacingMark")):
            sys.exit(f"grapheme break of U+{c:04X} ({name}): the regex package and the Rust library disagree")
        if c and c != 0x0D and cluster_probe(chr(c) + "a") != (name == "Prepend"):
            sys.exit(f"prepend of U+{c:04X} ({name}): the regex package and the Rust library disagree")

    for text in ("'ſ", "'ẛ", "'K"):
        found = splits(pre_tokenizers.Split(Regex("(?i:'s|'t|'re|'ve|'m|'ll|'d)"), "removed"), text) == []
        assert found == (text == "'ſ"), text  # text_split.cc knows the long s as the one foldable letter of the contractions

    records = sorted(set(flags.values()))
    assert len(records) <= 256, len(records)
    number = {record: index for index, record in enumerate(records)}
    pages, index = {}, []
    for start in range(0, 0x110000, PAGE):
        page = bytes(number[flags.get(c, 0)] for c in range(start, start + PAGE))
        index.append(pages.setdefault(page, len(pages)))

    pool, places = [], {}

    def place(text):
        points = tuple(map(ord, text))
        if points not in places:
            places[points] = len(pool)
            pool.extend(points)
        return places[points] << 8 | len(points)

    def mapping(table):
        rows = sorted((c, place(text)) for c, text in table.items() if c not in HANGUL)
        return [value for row in rows for value in row]

    lines = [
        "// Generated by make_text_unicode_tables.py: do not edit.",
        f"// tokenizers {tokenizers.__version__}, unicodedata {unicodedata.unidata_version}, regex {regex.__version__}",
    ]

    def array(kind, name, values):
        lines.append(f"const {kind} {name}[] = {{")
        row = ""
        for value in values:
            text = f"{value},"
            if len(row) + len(text) > 120:
                lines.append(row)
                row = ""
            row += text
        lines.extend([row, "};"])

    array("uint32_t", "kRecords", records)
    array("uint16_t", "kPageIndex", index)
    array("uint8_t", "kPages", (value for page in pages for value in page))
    tables = {"kCanonical": mapping(canonical)}
    tables["kCompatible"] = mapping({c: s for c, s in compatible.items() if canonical.get(c) != s})
    tables["kLowered"] = mapping(lowered)
    array("char32_t", "kPool", pool)
    for name, values in tables.items():
        array("uint32_t", name, values)
    array("uint32_t", "kClasses", (value for c in sorted(classes) for value in (c, classes[c])))
    array("uint32_t", "kPairs", (value for pair in sorted(pairs) for value in (*pair, pairs[pair])))
    OUT.write_text("\n".join(lines) + "\n")
    print(f"{OUT.name}: {len(records)} records, {len(pages)} pages, {len(pool)} pooled, {len(canonical)} canonical, "
          f"{len(compatible)} compatible, {len(lowered)} lower, {len(classes)} classes, {len(pairs)} pairs")


main()
