"""The same with tables in blocks, as weeks 6 to 8 describe them: an index, a footer, a cache, filters and snapshots."""
import bisect
import json
import os
import zlib

from levels import LeveledStore

BLOCK = 4096
MEMTABLE = 16 << 20


class Damage(Exception):
    """A file does not hold what was written."""


class BlockStore(LeveledStore):
    """A table is blocks of rows, an index with a line a block (its first key, place, length and checksum), and
    a footer with the place and the checksum of the index."""

    def open(self):
        self.indexes, self.filters, self.cache, self.size = {}, {}, {}, 0
        super().open()

    def check(self, name, what, data, checksum):
        is_ignored = self.fault == "answers-damage" or self.fault == "trusts-index" and what == "index"
        if zlib.crc32(data) != checksum and not is_ignored:
            raise Damage(f"the {what} of {name} is damaged")

    def read(self, name):
        """All rows of a table; notes its index and its filter."""
        try:
            with open(os.path.join(self.directory, name), "rb") as file:
                data = file.read()
            place, checksum, own = (int(word, 16) for word in data[-27:].split())
            self.check(name, "footer", data[-27:-9], own)
            self.check(name, "index", data[place:-27], checksum)
            lines = [json.loads(line) for line in data[place:-27].splitlines()]
            self.note_index(name, [(key.encode("latin1"), *rest) for key, *rest in lines])
            rows = {}
            for _, place, length, checksum in self.indexes[name]:
                rows |= self.rows(name, data[place:place + length], checksum)
        except (Damage, ValueError) as error:
            raise SystemExit(f"{name}: {error}")
        self.note_filter(name, rows)
        return rows

    def rows(self, name, block, checksum):
        self.check(name, "block", block, checksum)
        rows = map(json.loads, block.splitlines())
        return {key.encode("latin1"): None if value is None else value.encode("latin1") for key, value in rows}

    def new_table(self, table, level=0):
        blocks, index, place = [b""], [], 0
        for key, value in sorted(table.items()):
            row = json.dumps([key.decode("latin1"), None if value is None else value.decode("latin1")]).encode() + b"\n"
            if not index or len(blocks[-1]) + len(row) > BLOCK:
                place += len(blocks[-1])
                blocks.append(b"")
                index.append([key, place])
            blocks[-1] += row
        index = [(key, place, len(block), zlib.crc32(block)) for (key, place), block in zip(index, blocks[1:])]
        lines = b"".join(json.dumps([key.decode("latin1"), *rest]).encode() + b"\n" for key, *rest in index)
        footer = b"%08x %08x " % (sum(map(len, blocks)), zlib.crc32(lines))
        name = f"sst-{self.next:06}-{level}"
        self.next += 1
        data = b"".join(blocks) + lines + footer + b"%08x\n" % zlib.crc32(footer)
        self.create(os.path.join(self.directory, name), data)
        self.note_index(name, index)
        self.note_filter(name, table)
        return name, table

    def note_index(self, name, index):
        self.indexes[name] = index

    def note_filter(self, name, table):
        """A filter without false positives."""
        keys = set(table)
        if self.fault == "filter-forgets-deletes":
            keys = {key for key in keys if table[key] is not None}
        if self.fault == "filter-of-first-keys":
            keys = {entry[0] for entry in self.indexes[name]}
        self.filters[name] = keys

    def block(self, name, key):
        """The rows of the one block of a table that may have the key."""
        index = self.indexes[name]
        number = bisect.bisect_right([entry[0] for entry in index], key) - 1
        if number < 0:
            return {}
        _, place, length, checksum = index[number]
        where = place if self.fault == "caches-by-place" else (name, place)
        if where not in self.cache:
            with open(os.path.join(self.directory, name), "rb") as file:
                file.seek(place)
                self.cache[where] = self.rows(name, file.read(length), checksum)
        return self.cache[where]

    def find(self, key, values, tables):
        if key in values:
            return values[key]
        for name, _ in reversed(tables):
            if self.week < 7 or key in self.filters[name]:
                rows = self.block(name, key)
                if key in rows:
                    return rows[key]
        return None

    def get(self, key):
        with self.lock:
            return self.find(key, self.values, self.tables)

    def scan(self, start, end, limit, view=None):
        with self.lock:
            values, tables = view.contents if view else (self.values, self.tables)
            rows = self.merged([table for _, table in tables] + [values])
        return [key for key, value in rows if value is not None and start <= key < end][:limit]

    def apply(self, key, value):
        super().apply(key, value)
        self.size += len(key) + len(value or b"")

    def is_full(self):
        return super().is_full() or self.week >= 7 and self.size >= MEMTABLE

    def flush(self):
        super().flush()
        self.size = 0

    def snapshot(self):
        with self.lock:
            name = str(len(self.snapshots) + 1)
            self.snapshots[name] = View(self, dict(self.values), self.tables)
            return name

    def remove(self, name):
        """A file that a snapshot reads stays until the next start."""
        views = [] if self.fault == "snapshot-loses-files" else self.snapshots.values()
        if not any(name == other for view in views for other, _ in view.contents[1]):
            super().remove(name)


class View:
    """A snapshot: a memtable and tables of its time."""

    def __init__(self, store, values, tables):
        self.store, self.contents = store, (values, tables)

    def get(self, key):
        with self.store.lock:
            return self.store.find(key, *self.contents)
