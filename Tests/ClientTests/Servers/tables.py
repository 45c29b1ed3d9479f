"""The same with a memtable, a log, sorted tables and a manifest, as weeks 2 to 4 describe them."""
import collections
import heapq
import json
import os
import time
import zlib

from store import Store


class TableStore(Store):
    """A table is a file of rows in the order of their keys, behind a line with their checksum; None is a
    tombstone. All tables are in memory too, from oldest to newest."""

    def open(self):
        self.absent = set()
        self.manifest = os.path.join(self.directory, "MANIFEST")
        self.next, names = 1, []
        if os.path.exists(self.manifest):
            with open(self.manifest) as file:
                self.next, names = json.load(file)
        self.tables = [(name, self.read(name)) for name in names]
        for name in os.listdir(self.directory):
            if name.startswith("sst-") and name not in names or name.endswith(".tmp"):
                os.remove(os.path.join(self.directory, name))

    def read(self, name):
        with open(os.path.join(self.directory, name), "rb") as file:
            checksum, _, rows = file.read().partition(b"\n")
        if checksum != b"%08x" % zlib.crc32(rows) and self.fault != "answers-damage":
            raise SystemExit(f"{name} is damaged")
        rows = [json.loads(row) for row in rows.splitlines()]
        return {key.encode("latin1"): None if value is None else value.encode("latin1") for key, value in rows}

    def new_table(self, table, level=0):
        """Writes a table that is not yet part of the store."""
        rows = [
            json.dumps([key.decode("latin1"), None if value is None else value.decode("latin1")])
            for key, value in sorted(table.items())
        ]
        rows = "".join(row + "\n" for row in rows).encode()
        name = f"sst-{self.next:06}-{level}"
        self.next += 1
        self.create(os.path.join(self.directory, name), b"%08x\n" % zlib.crc32(rows) + rows)
        return name, table

    def commit(self, tables):
        """Makes these tables the store, and removes the files of the others."""
        self.sync(self.owner)  # The names of new tables, before the manifest that has them.
        text = json.dumps([self.next, [name for name, _ in tables]])
        if self.fault == "writes-manifest-in-place":
            with open(self.manifest, "w") as file:
                for start in range(0, len(text), 8):
                    file.write(text[start:start + 8])
                    file.flush()
                    time.sleep(0.001)
        else:
            self.replace(self.manifest, text.encode())
        old, self.tables = self.tables, tables
        kept = {name for name, _ in tables}
        for name, _ in old:
            if name not in kept:
                self.remove(name)

    def remove(self, name):
        os.remove(os.path.join(self.directory, name))

    def flush(self):
        if not self.values:
            return
        if self.fault == "clears-log-first":
            self.log.truncate(0)
            time.sleep(0.01)
        self.commit(self.tables + [self.new_table(self.values)])
        self.values = {}
        self.log.truncate(0)
        self.sync(self.log)  # Or a record that comes next could be on the disk before this is.

    def merge(self):
        old, kept = self.tables, []
        if self.fault == "drops-tombstones":
            old, kept = old[-2:], old[:-2]
        tables = [table for _, table in old]
        rows = self.merged(reversed(tables) if self.fault == "oldest-wins" else tables)
        live = [(key, value) for key, value in rows if value is not None]
        pieces = [live[start:start + self.limit] for start in range(0, len(live), self.limit)]
        self.commit(kept + [self.new_table(dict(piece)) for piece in pieces])

    def merged(self, tables):
        """The last row of each key, in order."""
        sources = [
            [(key, -age, value) for key, value in sorted(table.items())]
            for age, table in enumerate(tables)
        ]
        rows, lost, winner = [], collections.Counter(), None
        for key, source, value in heapq.merge(*sources, key=lambda row: row[:2]):
            if rows and rows[-1][0] == key:
                if self.fault == "moves-wrong-source":
                    lost[winner] += 1
            elif lost[source]:
                lost[source] -= 1
            else:
                rows.append((key, value))
                winner = source
        return rows

    def apply(self, key, value):
        if self.fault != "cache-is-not-told":
            self.absent.discard(key)
        self.values[key] = value

    def append(self, writes):
        if self.week >= 3:
            super().append(writes)

    def is_full(self):
        return len(self.values) >= self.limit

    def tidy(self):
        if self.is_full():
            self.flush()
        if self.week >= 4 and self.writes % (5 * self.limit) == 0 and self.fault != "never-merges":
            self.merge()

    def close(self):
        with self.lock:
            if not self.has_failed:
                self.flush()

    def get(self, key):
        with self.lock:
            if key in self.values:
                return self.values[key]
            if key in self.absent:
                return None
            for _, table in reversed(self.tables):
                if key in table:
                    if table[key] is None:
                        break
                    return table[key]
            self.absent.add(key)
            return None

    def scan(self, start, end, limit):
        with self.lock:
            tables = [table for _, table in self.tables] + [self.values]
            rows = self.merged(tables)
        return [key for key, value in rows if value is not None and start <= key < end][:limit]
