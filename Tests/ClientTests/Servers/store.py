"""Where the server of the tests keeps its values: a dictionary, and a log of every write."""
import fcntl
import json
import os
import sys
import threading
import time
import zlib


class Store:
    """Keys and values are bytes. The log has a record a line: a checksum, and key and value in hex
    but for what is plain."""

    def __init__(self, directory, week, fault, limit):
        self.week, self.fault, self.limit = week, fault, limit
        self.directory = directory
        self.lock = threading.Lock()
        self.values = {}
        self.older = {}
        self.missed = set()
        self.snapshots = {}
        self.writes = self.waiting = 0
        self.has_failed = False
        os.makedirs(directory, exist_ok=True)
        self.owner = os.open(directory, os.O_RDONLY)
        if fault != "two-owners":
            try:
                fcntl.flock(self.owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                sys.exit(f"{directory} is in use")
        self.open()
        self.path = os.path.join(directory, "wal.db")
        end = self.replay(self.path)
        self.log = open(self.path, "ab")
        self.log.truncate(end)
        self.sync(self.log)  # A life that was killed may have left its last record unsynced; the next comes after it.
        self.sync(self.owner)  # The log's name.

    def open(self):
        """Reads what is there besides the log."""

    def sync(self, file):
        """On return the bytes of a file, or the names in a directory, survive a loss of power."""
        if self.fault != "never-syncs":
            os.fsync(file)

    def create(self, path, data):
        """Writes a whole file. Its name survives once the directory is synced too."""
        with open(path, "wb") as file:
            file.write(data)
            file.flush()
            self.sync(file)

    def replace(self, path, data):
        """Replaces a whole file: after a crash it is the old one or the new one."""
        self.create(path + ".tmp", data)
        os.replace(path + ".tmp", path)
        self.sync(self.owner)

    def replay(self, path):
        if self.fault == "no-replay" or not os.path.exists(path):
            return 0
        with open(path, "rb") as log:
            data = log.read()
        lines = data.split(b"\n")
        whole, place = lines[:-1], 0
        if lines[-1] and self.fault == "refuses-torn-log":
            sys.exit("the log ends within a record")
        if self.fault == "forgets-tail" and len(whole) > 1:
            whole.pop()
        for number, line in enumerate(whole):
            checksum, _, record = line.partition(b" ")
            if checksum != b"%08x" % zlib.crc32(record):
                if self.fault == "skips-damage":
                    continue
                if place + len(line) + 1 == len(data):
                    break  # Nothing follows: a loss of power tore it, and it was not answered.
                sys.exit(f"{path} is damaged in record {number}")
            for key, value in json.loads(record):
                if self.fault == "forgets-nul":
                    key, value = key.replace("\0", " "), value and value.replace("\0", " ")
                self.apply(key.encode("latin1"), None if value is None else value.encode("latin1"))
            place += len(line) + 1
        if self.fault == "old-value-returns":
            self.values.update({key: self.older[key] for key in list(self.older)[:1] if key in self.values})
        return place

    def apply(self, key, value):
        if key in self.values:
            self.older[key] = self.values[key]
        if value is None:
            for other in self.deleted_with(key):
                self.values.pop(other, None)
        else:
            self.values[key] = value

    def deleted_with(self, key):
        if self.fault == "deletes-longer-keys":
            return [other for other in self.values if other.startswith(key)]
        if self.fault == "deletes-shorter-keys":
            return [other for other in self.values if key.startswith(other)]
        return [key]

    @staticmethod
    def line(writes):
        """A record: what is written in one piece."""
        texts = [(key.decode("latin1"), None if value is None else value.decode("latin1")) for key, value in writes]
        record = json.dumps(texts).encode()
        return b"%08x " % zlib.crc32(record) + record + b"\n"

    def append(self, writes):
        records = [[write] for write in writes] if self.fault == "logs-batches-in-pieces" else [writes]
        self.log.write(b"".join(map(self.line, records)))
        self.log.flush()
        if self.week >= 3:
            self.sync(self.log)

    def tidy(self):
        """As a merge would, leaves out what has been replaced or deleted."""
        if self.writes % (5 * self.limit) == 0:
            self.replace(self.path, b"".join(self.line([write]) for write in self.values.items()))
            self.log = open(self.path, "ab")

    def close(self):
        """Makes a clean stop lose nothing."""

    def write(self, writes):
        self.waiting += 1
        if self.fault == "shows-before-log" and self.writes % 10 == 9:
            for write in writes:
                self.apply(*write)
            time.sleep(0.001)  # It waits for a sync of others, as it were.
        with self.lock:
            self.waiting -= 1
            if self.has_failed:
                raise OSError("an earlier write failed, and only a restart can tell what is on the disk")
            try:
                self.write_alone(writes)
            except OSError:
                self.has_failed = True
                raise

    def write_alone(self, writes):
        """With the lock held."""
        self.writes += 1
        if self.fault == "loses-who-joins-late" and self.waiting > 0 and self.writes % 4_000 == 0:
            return
        if self.fault == "deletes-come-back" and self.writes % self.limit == 0:
            self.values = self.older | self.values  # A merge dropped the tombstones too early.
        if self.fault == "loses-updates" and self.writes % 50 == 0:
            writes = [write for write in writes if write[0] not in self.values]
        if self.fault == "cuts-values":
            writes = [(key, value and value[:65_535]) for key, value in writes]
        if self.fault == "dies" and self.writes == 40:
            print("out of memory", file=sys.stderr, flush=True)
            os._exit(3)
        if self.fault != "hides-after-miss":
            self.missed.clear()
        if self.fault == "answers-first":
            threading.Timer(0.5, self.append, [writes]).start()
        else:
            self.append(writes)
        if self.fault == "keeps-first-of-batch":
            writes = list(dict(reversed(writes)).items())
        for key, value in writes:
            if self.fault == "shows-halves-of-batches" and len(writes) > 1:
                time.sleep(0.0002)
            self.apply(key, value)
        self.tidy()

    def get(self, key):
        if self.fault == "stale-reads" and key in self.older and len(self.older) % 3 == 1:
            return self.older[key]
        value = self.values.get(key)
        if self.fault == "empty-is-absent" and value == b"":
            return None
        if self.fault == "prefix-is-a-hit" and value is None:
            value = next((self.values[key[:end]] for end in range(4, len(key)) if key[:end] in self.values), None)
        if self.fault == "compares-eight-bytes" and value is None:
            like = (other for other in list(self.values) if other[:8] == key[:8] and other[-1] == key[-1])
            value = next((self.values[other] for other in like if len(other) == len(key)), None)
        if self.fault == "hides-after-miss" and (key in self.missed or value is None):
            self.missed.add(key)
            return None
        return value

    def snapshot(self):
        with self.lock:
            name = str(len(self.snapshots) + 1)
            self.snapshots[name] = self.values if self.fault == "snapshots-move" else dict(self.values)
            return name

    def scan(self, start, end, limit, values=None):
        with self.lock:
            keys = sorted(self.values if values is None else values)
            if self.fault == "scan-shows-deleted":
                keys = sorted(self.values.keys() | self.older.keys())
        is_before_end = (lambda key: key <= end) if self.fault == "scan-has-its-end" else (lambda key: key < end)
        return [key for key in keys if start <= key and is_before_end(key)][:limit]
