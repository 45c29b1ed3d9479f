"""A small durable store over HTTP, right or with one planted fault.

    python3 store.py MODE PORT DIRECTORY

Right:  fsync, fdatasync, dsync (a log opened with O_DSYNC), group (one sync for many writers), ahead
        (a log whose space is allocated ahead).
Faulty: no-sync, half-sync (sync_file_range), tenth (a sync for every tenth write), no-directory-sync,
        early-rename (before the sync of the bytes), early-clear (the log, before the table is
        durable), early-cut (the log, before the manifest is durable), retry (a failed sync is called
        again), torn (records without a checksum), behind (appends behind a torn end, which the next
        start does not read past), hasty (the answer comes before the write).
Outside: mapped (the log is written through memory).

A set is appended to wal.db. At 40 keys all are written to a table, the table is named in MANIFEST, and
the log is cut.
"""

import os
import struct
import sys
import threading
import zlib

sys.path.insert(0, os.path.dirname(__file__))
import api

MODE, PORT, DIRECTORY = sys.argv[1], int(sys.argv[2]), sys.argv[3]
FLUSH_AT = 40
AHEAD = 1 << (18 if MODE == "mapped" else 16)
HEADER = struct.Struct("<II")
if MODE == "half-sync":
    import ctypes

    library = ctypes.CDLL(None)
if MODE == "mapped":
    import mmap


def record(key, value):
    """The bytes of one record; a value of None is a delete."""
    payload = struct.pack("<I?", len(key), value is not None) + key + (value or b"")
    return HEADER.pack(len(payload), zlib.crc32(payload)) + payload


def records(data):
    """The records up to the first that is not whole, and where each ends."""
    at = 0
    while at + HEADER.size <= len(data):
        length, checksum = HEADER.unpack_from(data, at)
        payload = data[at + HEADER.size : at + HEADER.size + length]
        if length < 5 or (MODE != "torn" and (len(payload) < length or zlib.crc32(payload) != checksum)):
            return
        at += HEADER.size + length
        size, is_value = struct.unpack_from("<I?", payload)
        yield payload[5 : 5 + size], payload[5 + size :] if is_value else None, at


def sync(file):
    if MODE == "half-sync":
        library.sync_file_range(file, ctypes.c_int64(0), ctypes.c_int64(0), 7)
        return
    try:
        (os.fsync if MODE == "fsync" else os.fdatasync)(file)
    except OSError:
        if MODE != "retry":
            raise
        os.fdatasync(file)


def path(name):
    return os.path.join(DIRECTORY, name)


def read(name):
    with open(path(name), "rb") as file:
        return file.read()


def sync_directory():
    if MODE != "no-directory-sync":
        file = os.open(DIRECTORY, os.O_RDONLY)
        os.fsync(file)
        os.close(file)


def write_whole(file, data):
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


class Store:
    def __init__(self):
        self.lock = threading.Lock()
        self.values, self.recent, self.tables = {}, {}, []
        self.broken = False
        self.writes = self.written = self.synced = 0
        self.is_syncing = self.is_flushing = False
        self.pending = 0  # Writers between their append and the end of their sync.
        self.changed = threading.Condition(self.lock)
        self.start()

    def start(self):
        if os.path.exists(path("MANIFEST")):
            text = read("MANIFEST").decode()
            self.tables = text.split("\n")[:-1]
            if self.tables[-1:] != ["end"]:
                sys.exit("MANIFEST is damaged")
            self.tables.pop()
        for name in self.tables:
            data = read(name)
            end = 0
            for key, value, end in records(data):
                self.values[key] = value
            if end != len(data):
                sys.exit(name + " is damaged")
        for name in os.listdir(DIRECTORY):
            if name.startswith("table.") and name not in self.tables:
                os.unlink(path(name))
        flags = os.O_RDWR | os.O_CREAT | (os.O_DSYNC if MODE == "dsync" else 0)
        self.log = os.open(path("wal.db"), flags, 0o666)
        self.end = 0
        for key, value, self.end in records(read("wal.db")):
            self.values[key] = self.recent[key] = value
        if MODE == "behind":
            self.end = os.fstat(self.log).st_size
        else:
            self.clear_from(self.end)
        sync_directory()

    def clear_from(self, end):
        os.ftruncate(self.log, end)
        if MODE in ("ahead", "mapped"):
            os.posix_fallocate(self.log, 0, AHEAD)
        if MODE == "mapped":
            self.memory = mmap.mmap(self.log, AHEAD)
        os.fsync(self.log)
        self.end = end

    def set(self, key, value):
        with self.lock:
            while self.is_flushing:
                self.changed.wait()
            if self.broken:
                raise OSError("a write has failed")
            try:
                self.append_counted(record(key, value))
                if len(self.recent) >= FLUSH_AT and not self.is_flushing:
                    self.flush_alone()
            except OSError:
                self.broken = True
                raise

    def append_counted(self, data):
        self.pending += 1
        try:
            self.append(data)
        finally:
            self.pending -= 1
            self.changed.notify_all()

    def flush_alone(self):
        """The log must not be cut while it has a record that is not in memory yet."""
        self.is_flushing = True
        try:
            while self.pending:
                self.changed.wait()
            self.flush()
        finally:
            self.is_flushing = False
            self.changed.notify_all()

    def append(self, data):
        if MODE == "hasty":
            return self.remember(data)
        for start in range(0, len(data), 4096):  # So that a record may be torn.
            part = data[start : start + 4096]
            at = self.end + start
            if MODE == "mapped":
                self.memory[at : at + len(part)] = part
                self.memory.flush()
            else:
                os.pwrite(self.log, part, at)
        self.end += len(data)
        self.writes += 1
        if MODE == "group":
            self.sync_together()
        elif MODE == "tenth":
            if self.writes % 10 == 0:
                sync(self.log)
        elif MODE not in ("no-sync", "dsync"):
            sync(self.log)
        self.remember(data)

    def remember(self, data):
        for key, value, _ in records(data):
            self.values[key] = self.recent[key] = value

    def sync_together(self):
        self.written += 1
        mine = self.written
        while self.synced < mine:
            if self.broken:
                raise OSError("a write has failed")
            if self.is_syncing:
                self.changed.wait()
                continue
            self.is_syncing, reached = True, self.written
            self.lock.release()
            try:
                sync(self.log)
                reached_disk = True
            except OSError:
                reached_disk = False
            self.lock.acquire()
            self.is_syncing = False
            if reached_disk:
                self.synced = max(self.synced, reached)
            else:
                self.broken = True
            self.changed.notify_all()

    def flush(self):
        name = "table.%d" % (len(self.tables) + 1)
        file = os.open(path(name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        write_whole(file, b"".join(record(k, v) for k, v in sorted(self.recent.items())))
        if MODE != "early-clear":
            sync(file)
            sync_directory()
        self.tables.append(name)
        self.write_manifest()
        self.clear_from(0)
        if MODE == "early-clear":
            sync(file)
        sync_directory()
        os.close(file)
        self.recent = {}

    def write_manifest(self):
        file = os.open(path("MANIFEST.new"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        write_whole(file, "".join(name + "\n" for name in self.tables + ["end"]).encode())
        if MODE != "early-rename":
            sync(file)
        os.rename(path("MANIFEST.new"), path("MANIFEST"))
        if MODE != "early-cut":
            sync_directory()
        if MODE == "early-rename":
            sync(file)
        os.close(file)

    def get(self, key):
        with self.lock:
            return self.values.get(key)


def hasty_write(store, key, value):
    with store.lock:
        data = record(key, value)
        os.pwrite(store.log, data, store.end)
        store.end += len(data)
        os.fdatasync(store.log)


def main():
    store = Store()
    after = (lambda key, value: hasty_write(store, key, value)) if MODE == "hasty" else None
    api.serve(PORT, store.get, store.set, after)


main()
