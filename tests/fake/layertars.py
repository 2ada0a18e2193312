"""Layer tars from a number: right but for what is wrong here and there.

tar(SEED) gives the bytes of one, the same ones for the same seed: every field
of a header, pax records, long names, sparse files of each form, whiteouts,
links, ends of archives.  About half of them can be converted.
"""

import random

TYPES = b"0123456\0" + b"7ASDMVNgxLKIXZ " + bytes((1, 255))
#         offset size
FIELDS = {"name": (0, 100), "mode": (100, 8), "uid": (108, 8),
          "gid": (116, 8), "size": (124, 12), "mtime": (136, 12),
          "type": (156, 1), "link": (157, 100), "magic": (257, 8),
          "uname": (265, 32), "gname": (297, 32), "major": (329, 8),
          "minor": (337, 8), "prefix": (345, 155), "end": (500, 12)}
NUMBERS = ("mode", "uid", "gid", "size", "mtime", "major", "minor")
USTAR, GNU = b"ustar\x0000", b"ustar  \0"
OTHER_KEYS = (b"uname", b"gname", b"comment", b"charset", b"hdrcharset",
              b"LIBARCHIVE.xattr.user.x", b"SCHILY.acl.access",
              b"SCHILY.xattr", b"GNU.volume", b"SCHILY.dev", b"devmajor")
SPARSE_KEYS = (b"major", b"minor", b"name", b"map", b"size", b"realsize",
               b"numblocks", b"offset", b"numbytes")
# of which a few are times
BAD_TIMES = (b".5", b"-", b"+7", b"+7.25", b"1.", b"-1.", b"1e3", b" 1", b"1 ",
             b"1.-5", b"1.5x", b"0x10", b"1_0", b"-0.5", b"-0.0",
             b"9223372036854775807.9", b"-9223372036854775808.5",
             b"9223372036854775808", b"-62135596800", b"-62135596800.5",
             b"1.0000000019", b"1.123456789999", b"1.1234567891x", b"00012.5",
             b"1..5", b"1.5.5", b"-2147483648", b"-2147483649",
             b"-2147483648.5", b"\xd9\xa1")
# and integers
BAD_INTEGERS = (b"+5", b"-5", b"-1", b"0x5", b"5 ", b" 5", b"1_000", b"5.0",
                b"9223372036854775807", b"9223372036854775808",
                b"-9223372036854775808", b"-9223372036854775809",
                b"00000000000000000000012", b"-", b"+")


class Maker:
    """One archive."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.out = []
        self.files = [b"a"]
        # how often something is wrong, so that most archives get far
        self.wild = self.rng.choice((0, 0.003, 0.01, 0.03, 0.1))
        self.magic = self.rng.choice((USTAR, USTAR, GNU, GNU, b"\0" * 8))

    def odd(self, factor=1):
        return self.rng.random() < self.wild * factor

    def chance(self, one_in):
        return self.rng.randrange(one_in) == 0

    def pick(self, *these):
        return self.rng.choice(these)

    def noise(self, size):
        return self.rng.randbytes(size)

    # Values

    def word(self):
        r = self.rng
        if self.odd():
            return self.pick(b".", b"..", b"", b".wh.", b".wh..", b".wh...",
                             b"lost+found", b"a\\b", b"\xff\xfe", b" ", b".wh")
        if self.chance(30):
            return r.choice(b"xyz").to_bytes(1, "big") * self.pick(
                50, 99, 100, 101, 155, 254, 255, 255, 256, 300)
        return self.pick(b"a", b"b", b"c", b"dir", b"e",
                         b"f%d" % r.randrange(40))

    def fresh(self):
        return b"n%d" % self.rng.randrange(10 ** 6)

    def path(self, fresh=0.6):
        parts = [self.word() for _ in range(self.pick(0, 0, 0, 1, 1, 2, 4))]
        parts = [p if self.rng.random() > 0.3 else b"dir" for p in parts]
        new = self.rng.random() < fresh
        parts.append(self.fresh() if new else self.word())
        path = self.pick(b"/", b"/", b"/", b"/", b"//").join(parts)
        if self.chance(20):
            path = self.pick(b"/", b"./", b"../", b"x/../", b"//./") + path
        if self.odd(0.5):
            path += self.pick(b"/", b"/.", b"/..", b"\0x", b"//")
        return path

    def whiteout(self):
        folder = self.pick(b"", b"", b"dir/", b"dir/e/", b"./", b"/", b"new/",
                           self.path() + b"/",
                           self.rng.choice(self.files) + b"/")
        if self.chance(3):
            return folder + b".wh..wh..opq" + (b"/" if self.odd() else b"")
        rest = self.pick(self.fresh(), self.fresh(), b".wh.plnk", self.word())
        if self.odd():
            rest = self.pick(b"", b".", b"..", b"x/", b".wh..opq",
                             b".wh..opqx")
        return folder + b".wh." + rest

    def small(self):
        r = self.rng
        return self.pick(0, 1, 7, r.randrange(512), r.randrange(70000),
                         0o7777777, r.randrange(1 << 21), r.randrange(1 << 33))

    def octal(self, value, size):
        """A number as text, well or badly."""
        digits = b"%o" % value
        if len(digits) > size:
            digits = digits[-size:]
        if not self.odd(0.3):
            style = self.rng.randrange(6)
        else:
            style = self.rng.randrange(6, 14)
        if style < 2:
            return digits.rjust(size - 1, b"0")[-size + 1:] + b"\0"
        return (digits.rjust(size - 1, b" ")[-size + 1:] + b"\0",
                digits.rjust(size, b"0"),
                digits[:size - 2].rjust(size - 2, b"0") + b" \0",
                digits.ljust(size, self.pick(b" ", b"\0")),
                b"", b" " * size,
                (b"\0" + digits).ljust(size, b" ")[:size],
                (digits[:2] + b"\0" + digits).ljust(size, b"\0")[:size],
                (digits[:2] + b" " + digits).ljust(size, b"\0")[:size],
                (self.pick(b"-", b"+", b"8", b"0x", b"_", b"\t") +
                 digits)[:size],
                digits[:size - 1] + self.pick(b"8", b"9", b"a", b"\n",
                                              b"\xff"),
                b" \0 " + digits[:size - 3])[style - 2]

    def binary(self, value, size):
        value &= (1 << (8 * size - 1)) - 1
        return (value | 1 << (8 * size - 1)).to_bytes(size, "big")

    def number(self, value, size):
        if not self.chance(8):
            return self.octal(max(value, 0), size)
        if self.odd(3):
            value = self.pick(-1, -2, 1 << 62, (1 << 63) - 1, 1 << 63, 1 << 64,
                              -1 << 63, (-1 << 63) - 1, 1 << 56, -1 << 55,
                              -62135596800, self.rng.getrandbits(90))
        return self.binary(value, size)

    def time(self):
        r = self.rng
        return self.pick(0, 1, r.randrange(1 << 31), r.randrange(1 << 31),
                         (1 << 31) - 1, 1 << 31, (1 << 32) - 1, 1 << 32,
                         r.randrange(1 << 34), 0x37fffffff, 0x380000000,
                         (1 << 33) - 1)

    def pax_time(self):
        r = self.rng
        sign = self.pick(b"", b"", b"", b"-")
        if self.odd(2):
            return self.rng.choice(BAD_TIMES)
        whole = b"%d" % self.time()
        if self.chance(2):
            whole += b"." + b"%d" % r.randrange(10 ** r.randrange(1, 13))
        return sign + whole

    # Headers

    def header(self, name, kind=b"0", size=0, link=b"", magic=None, **more):
        r = self.rng
        magic = self.magic if magic is None else magic
        h = bytearray(512)
        prefix = b""
        if len(name) > 100 and magic == USTAR and b"/" in name:
            cut = name.rfind(b"/", 0, 156)
            if cut > 0 and len(name) - cut - 1 <= 100:
                prefix, name = name[:cut], name[cut + 1:]
        h[0:len(name[:100])] = name[:100]
        h[157:157 + len(link[:100])] = link[:100]
        h[156:157] = kind
        values = {"mode": self.pick(0o644, 0o755, 0o4755, 0o1777, 0, 0o100644,
                                    0o7777, r.randrange(1 << 21)),
                  "uid": self.small() if self.chance(3) else 0,
                  "gid": self.small() if self.chance(3) else 0,
                  "size": size, "mtime": self.time()}
        if magic != b"\0" * 8 or self.odd():
            values["major"] = self.small() if kind in b"34" else 0
            values["minor"] = self.small() if kind in b"34" else 0
        values.update(more)
        for field, value in values.items():
            self.set(h, field, self.number(value, FIELDS[field][1]))
        if kind not in b"123456" or not self.odd():
            self.set(h, "size", self.size_text(size))
        h[257:265] = magic
        if prefix:
            self.set(h, "prefix", prefix)
        if magic == GNU and self.chance(6):
            self.set(h, "prefix", self.number(self.time(), 12) +
                     self.number(self.time(), 12))
        if magic == USTAR and self.chance(12):
            self.star(h)
        if self.odd(3):
            self.mutate(h)
        return h

    def size_text(self, size):
        return self.pick(b"%011o\0" % size, b"%11o " % size, b"%012o" % size,
                         b"%o" % size, self.binary(size, 12))

    def star(self, h):
        h[508:512] = b"tar\0"
        h[476:488] = self.octal(self.time(), 12).ljust(12, b"\0")
        h[488:500] = self.number(self.time(), 12).ljust(12, b"\0")

    @staticmethod
    def set(h, field, value):
        at, size = FIELDS[field]
        h[at:at + size] = value[:size].ljust(size, b"\0")

    def mutate(self, h):
        """One field of a header."""
        field = self.rng.choice(list(FIELDS))
        at, size = FIELDS[field]
        if field in NUMBERS:
            value = self.rng.getrandbits(self.pick(3, 20, 63))
            value = self.number(value, size)
        elif field == "type":
            value = self.rng.choice(TYPES).to_bytes(1, "big")
        elif field == "magic":
            value = self.pick(USTAR, GNU, b"ustar\0  ", b"ustar\0\xff\xff",
                              b"ustar 00", b"ustar  \x01", b"USTAR\x0000")
        elif field == "end":
            value = self.pick(b"\0" * 8 + b"tar\0", b"\0" * 8 + b"tar ")
        elif field in ("name", "link", "prefix") and not self.chance(3):
            value = self.path()
        else:
            value = self.noise(self.rng.randrange(size + 1))
        if self.chance(4):
            value = bytes(h[at:at + size])
            i = self.rng.randrange(size)
            value = value[:i] + self.noise(1) + value[i + 1:]
        self.set(h, field, value)

    def seal(self, h):
        """Put the checksum in."""
        h[148:156] = b" " * 8
        total = sum(h)
        if self.chance(4):
            total -= 256 * sum(b >= 128 for b in h)
        if self.odd(0.3):
            total += self.pick(1, -1, 256, 8)
        total = max(total, 0)
        h[148:156] = self.pick(
            b"%06o\0 " % total, b"%06o\0 " % total, b"%07o\0" % total,
            b"%6o \0" % total, b"%08o" % total, b" %o" % total,
            b"\0%o" % total)[:8].ljust(8, b"\0")
        if self.odd(0.2):
            h[148:156] = self.pick(self.binary(total, 8), b"\0" * 8,
                                   b"%07o9" % total)
        return bytes(h)

    def data(self, body):
        self.out.append(body + bytes(-len(body) % 512))

    def member(self, h, body=b""):
        self.out.append(self.seal(h))
        if body:
            self.data(body)

    # Extension headers

    def record(self, key, value):
        """One pax record, well or badly."""
        tail = b" " + key + b"=" + value + b"\n"
        length = len(tail) + 1
        while length != len(b"%d" % length) + len(tail):
            length = len(b"%d" % length) + len(tail)
        if not self.odd(0.3):
            return b"%d" % length + tail
        return self.pick(
            b"%d" % (length + self.pick(-1, 1, 5, 10 ** 20, -length)) + tail,
            b"%d" % length + tail[:-1] + self.pick(b"\r", b" ", b""),
            b"+%d" % (length + 1) + tail, b"0%d" % (length + 1) + tail,
            b"-%d" % (length + 1) + tail, b" %d" % (length + 1) + tail,
            b"0x%x" % (length + 2) + tail, b"%d " % (length + 1) + tail,
            b"%d" % (length - len(value) - 1) + b" " + key + b"\n",
            b"5 =a\n", b"4 =\n", b"5 a=\n", b"\n", b"\0" * 20,
            b"9 a\0b=cd\n", b"8 ab=\0c\n", b"10 a==b=c\n")

    def records(self):
        r = self.rng
        out = b""
        for _ in range(self.pick(1, 1, 2, 3, 6)):
            out += self.record(*self.pair())
        if self.odd(0.3):
            out += self.pick(b"\0", b"\n", b" ", b"7 a=\n")
        if self.odd(0.2):
            out = out[:r.randrange(len(out) + 1)]
        return out

    def pair(self):
        """The key and value of a record."""
        what = self.rng.randrange(13)
        time = self.pick(b"mtime", b"atime", b"ctime")
        if what < 5:
            return b"SCHILY.xattr." + self.attribute(), self.value()
        if what == 5:
            return time, self.pax_time()
        if what == 6:
            return self.pick(time, b"path", b"linkpath", b"uid", b"gid",
                             b"size"), b""
        if what == 7:
            return self.pick(b"path", b"linkpath"), self.path()
        if what == 8:
            return self.pick(b"uid", b"gid"), self.integer()
        if what == 9:
            return self.rng.choice(OTHER_KEYS), self.noise(
                self.rng.randrange(5)).replace(b"\0", b"n")
        if what == 10 and self.odd(3):
            return self.pick(b"size", b"path", b"linkpath", b"uname"), \
                self.pick(self.integer(), b"a\0b", b"0", b"-1", b"a/b\0")
        if what == 11 and self.odd(3):
            return b"GNU.sparse." + self.rng.choice(SPARSE_KEYS), \
                self.pick(b"0", b"1", b"2", b"", b"0,0", b"0,1", b"x",
                          self.path())
        return b"mtime", b"%d.%09d" % (self.rng.randrange(1 << 31),
                                       self.rng.randrange(10 ** 9))

    def integer(self):
        if self.odd(2):
            return self.rng.choice(BAD_INTEGERS)
        return b"%d" % self.small()

    def attribute(self):
        prefix = self.pick(b"user.", b"user.", b"trusted.", b"security.",
                           b"system.", b"system.posix_acl_access",
                           b"system.posix_acl_default", b"system.richacl",
                           b"other.", b"", b"trusted.overlay.opaque")
        if prefix.startswith(b"system.p") and not self.chance(4):
            return prefix
        size = self.pick(0, 1, 1, 2, 3, 4, 5, 9, 20, 64, 200, 255)
        if self.odd():
            size = self.pick(256, 257, 300, 512, 600)
        name = b"".join(self.pick(b"a", b"b", b"c", b".", b"_")
                        for _ in range(min(size, 4)))
        return prefix + name.ljust(size, b"n" if self.chance(2) else b"q")

    def value(self):
        r = self.rng
        return self.noise(self.pick(0, 1, 2, 3, 4, 8, 20, 40, 70, 100, 300,
                                    r.randrange(1200),
                                    self.pick(4000, 4040, 5000)
                                    if self.odd(2) else 12))

    def many_attributes(self):
        count = self.pick(5, 12, 13, 14, 20, 50, 51, 80, 130)
        out = b""
        for _ in range(count):
            out += self.record(b"SCHILY.xattr." + self.pick(
                b"user.", b"trusted.", b"security.", b"system.", b"x") +
                b"".join(self.pick(b"a", b"b", b"c", b"d")
                         for _ in range(self.rng.randrange(7))),
                self.noise(self.pick(0, 0, 1, 4, 9)))
        return out

    def extend(self, body, kind=b"x"):
        h = self.header(self.pick(b"pax", b"PaxHeaders/x", b"././@LongLink"),
                        kind, len(body))
        if kind == b"g":
            self.set(h, "name", self.pick(b"pax_global_header", self.fresh(),
                                          self.path()))
        self.member(h, body)

    def extension(self):
        what = self.rng.randrange(20)
        if what < 13:
            self.extend(self.records())
        elif what < 15:
            self.extend(self.many_attributes())
        elif what < 18:
            body = self.path()
            if self.chance(3):
                body += b"/" + self.fresh() * self.pick(1, 20, 35)
            body += self.pick(b"\0", b"\0", b"", b"\0zz", b"\0" * 600)
            self.extend(body, self.pick(b"L", b"L", b"K"))
        else:
            self.extend(self.records(), b"g")

    # Members

    def size(self):
        r = self.rng
        return self.pick(0, 0, 1, 100, 511, 512, 513, 4095, 4096, 4097,
                         r.randrange(10000), r.randrange(40000))

    def body(self, size):
        if self.chance(4):
            return bytes(size)
        return self.noise(min(size, 300)) * (size // 300 + 1)

    def file(self):
        size = self.size()
        name = self.path(0.9)
        if not name.endswith(b"/"):
            self.files.append(name)
        kind = self.pick(b"0", b"0", b"0", b"0", b"\0", b"7", b"A", b"V", b"D",
                         b"M", b"N")
        if kind == b"\0" and self.chance(3):
            name += b"/"
            if not self.odd():
                size = 0
        self.member(self.header(name, kind, size), self.body(size)[:size])

    def folder(self):
        name = self.pick(b"dir", b"dir/e", b".", b"/", b"./", self.path(),
                         self.path())
        self.member(self.header(name + self.pick(b"", b"/"), b"5"))

    def symlink(self):
        link = self.pick(self.path(), b"", self.fresh() * 8, b"/" * 59,
                         b"/" * 60, b"x" * 100)
        self.member(self.header(self.path(0.8), b"2", link=link))

    def hard_link(self):
        if len(self.files) < 2 and not self.odd(3):
            self.file()
        link = self.rng.choice(self.files[1:] or self.files)
        if self.odd(3):
            link = self.path(0.2)
        name = self.path(0.9)
        self.files.append(name)
        self.member(self.header(name, b"1", link=link))

    def node(self):
        name = self.path(0.7)
        self.files.append(name)
        self.member(self.header(name, self.pick(b"3", b"4", b"6")))

    def hide(self):
        size = self.pick(0, 0, 10, 600)
        kind = self.pick(b"0", b"0", b"5", b"1", b"2", b"\0")
        self.member(self.header(self.whiteout(), kind, size))
        if self.out[-1][156] not in b"125" and size:
            self.data(bytes(size))

    def pieces(self):
        """A map, the bytes it wants, and the size of the file."""
        r = self.rng
        at, pieces = 0, []
        for _ in range(self.pick(0, 1, 2, 3, 4, 5, 8, 30)):
            at += self.pick(0, 1, 512, 4096, r.randrange(20000))
            size = self.pick(0, 1, 512, 4096, r.randrange(3000))
            pieces.append([at, size])
            at += size
        stored = sum(p[1] for p in pieces)
        size = at + self.pick(0, 0, 1, 4096, r.randrange(50000))
        if self.chance(40):
            size += self.pick(700 << 20, 1 << 27, (1 << 27) + 1)
        if self.odd(2):
            what = r.randrange(6)
            if pieces and what < 2:
                p = r.choice(pieces)
                p[what] += self.pick(1, -1, 512, 1 << 40, 1 << 62)
                p[what] = max(p[what], 0)
            elif what == 2:
                stored = max(0, stored + self.pick(-1, 1, 512, -512))
            elif what == 3:
                size = self.pick(0, at - 1, 1 << 37, (1 << 37) + 1, 1 << 62)
                size = max(size, 0)
            elif what == 4:
                r.shuffle(pieces)
        return pieces, stored, size

    def old_sparse(self):
        pieces, stored, size = self.pieces()
        magic = USTAR if self.odd() else GNU
        name = self.path(0.9)
        h = self.header(name, b"S", stored, magic=magic)
        if magic == GNU:
            h[483:495] = self.number(size, 12).ljust(12, b"\0")
            texts = [b"%011o\0" % (n & 0o77777777777) if n < 1 << 33
                     else self.binary(n, 12) for p in pieces for n in p]
            if texts and self.odd():
                i = self.rng.randrange(len(texts))
                texts[i] = self.number(self.small(), 12).ljust(12, b"\0")
            pairs = [a + b for a, b in zip(texts[::2], texts[1::2])]
            h[386:482] = b"".join(pairs[:4]).ljust(96, b"\0")
            rest = pairs[4:]
            h[482] = self.pick(1, 255) if rest or self.chance(8) else 0
        self.member(h)
        if magic == GNU and h[482]:
            while True:
                block = bytearray(b"".join(rest[:21]).ljust(512, b"\0"))
                rest = rest[21:]
                block[504] = 1 if rest else 0
                self.out.append(bytes(block))
                if not rest:
                    break
        self.data(self.body(stored)[:stored])

    def pax_sparse(self):
        pieces, stored, size = self.pieces()
        version = self.pick(b"0.0", b"0.1", b"1.0", b"0.?")
        flat = [b"%d" % n for p in pieces for n in p]
        if flat and self.odd():
            flat[self.rng.randrange(len(flat))] = self.integer()
        body = b""
        out = []
        if version != b"0.?":
            out += [(b"GNU.sparse.major", version[:1]),
                    (b"GNU.sparse.minor", version[2:])]
        out.append((self.pick(b"GNU.sparse.size", b"GNU.sparse.realsize"),
                    b"%d" % size))
        if self.chance(2):
            out.append((b"GNU.sparse.name", self.path(0.9)))
        if version == b"1.0":
            body = b"\n".join([b"%d" % len(pieces)] + flat) + b"\n"
            if self.odd():
                body = self.pick(body[:-1], b"+" + body, b"x" + body,
                                 b"\n" + body, b"1" + body, b"0" + body,
                                 body.replace(b"\n", b"\r\n"))
            body += bytes(-len(body) % 512)
        else:
            out.append((b"GNU.sparse.numblocks",
                        b"%d" % (len(pieces) + (self.pick(1, -1, 1 << 62)
                                                if self.odd() else 0))))
            if version == b"0.0":
                out += [(self.pick(b"GNU.sparse.offset")
                         if i % 2 == 0 else b"GNU.sparse.numbytes", t)
                        for i, t in enumerate(flat)]
            elif flat or self.chance(2):
                out.append((b"GNU.sparse.map", b",".join(flat)))
        if self.odd():
            out.pop(self.rng.randrange(len(out)))
        if self.odd() and len(out) > 1:
            self.rng.shuffle(out)
        if self.chance(3):
            out.append(self.pair())
        self.extend(b"".join(self.record(k, v) for k, v in out))
        body += self.body(stored)[:stored]
        kind = self.pick(b"5", b"2", b"1") if self.odd() else b"0"
        name = self.whiteout() if self.chance(15) else self.path(0.9)
        self.member(self.header(name, kind, len(body)), body)

    def again(self):
        """A member of before, as it was."""
        if self.out:
            self.out.append(self.rng.choice(self.out))

    # Archives

    def archive(self):
        r = self.rng
        kinds = [self.file, self.file, self.folder, self.symlink,
                 self.hard_link, self.node, self.hide, self.old_sparse,
                 self.pax_sparse]
        if self.chance(2):
            kinds = [self.rng.choice(kinds) for _ in range(3)]
        for _ in range(self.pick(1, 2, 3, 5, 8, 12)):
            while self.chance(3):
                self.extension()
            self.rng.choice(kinds)()
            if self.odd(0.2):
                self.again()
            if self.odd(0.1):
                self.out.append(bytes(512 * self.pick(1, 2)))
        if self.odd():
            self.extension()
        tar = b"".join(self.out)
        tar += self.pick(bytes(1024), bytes(1024), bytes(512), b"",
                         bytes(10240), bytes(1024) + self.noise(700))
        if self.odd():
            tar += self.pick(b"x", bytes(100), self.noise(512))
        if self.odd(0.5):
            tar = tar[:r.randrange(len(tar) + 1)]
        if self.odd(0.5) and tar:
            i = r.randrange(len(tar))
            tar = tar[:i] + self.noise(1) + tar[i + 1:]
        return tar


def tar(seed):
    return Maker(seed).archive()
