"""A right store that writes and syncs by every call that Python has for it, and by some that it has not.

    python3 calls.py PORT DIRECTORY

Each key is a file, which is written anew under another name, synced, and renamed. The next set writes by
the next way, and syncs by the next.
"""

import ctypes
import itertools
import os
import sys
import threading

sys.path.insert(0, os.path.dirname(__file__))
import api

PORT, DIRECTORY = int(sys.argv[1]), sys.argv[2]
library = ctypes.CDLL(None, use_errno=True)
lock = threading.Lock()


def path(name):
    return os.path.join(DIRECTORY, name)


def opened(name, flags=0):
    return os.open(path(name), os.O_RDWR | os.O_CREAT | flags, 0o666)


def copied(copy):
    """A way that copies from a file, which has the bytes at an offset."""

    def write(file, data):
        source = opened("source", os.O_TRUNC)
        os.write(source, b"--" + data)
        os.lseek(source, 2, os.SEEK_SET)
        copy(source, file, len(data))
        os.close(source)

    return write


def splice(source, file, count):
    output, entrance = os.pipe()
    while count:
        moved = os.splice(source, entrance, min(count, 4096))
        os.splice(output, file, moved)
        count -= moved
    os.close(output)
    os.close(entrance)


def in_child(file, data):
    child = os.fork()
    if child == 0:
        os.write(file, data)
        os._exit(0)
    os.waitpid(child, 0)


def in_thread(file, data):
    thread = threading.Thread(target=os.write, args=(file, data))
    thread.start()
    thread.join()


def by_descriptor(file, data):
    copy = os.dup(file)
    os.write(copy, data[:1])
    os.close(copy)
    os.lseek(file, 1, os.SEEK_SET)
    os.write(file, data[1:])


def too_long(file, data):
    os.posix_fallocate(file, 0, len(data) + 100)
    os.pwrite(file, data, 0)
    os.ftruncate(file, len(data))


WRITING = {
    "write": os.write,
    "pwrite": lambda file, data: os.pwrite(file, data, 0),
    "writev": lambda file, data: os.writev(file, [data[:1], data[1:]]),
    "pwritev": lambda file, data: os.pwritev(file, [data[:1], data[1:]], 0),
    "copy_file_range": copied(os.copy_file_range),
    "sendfile": copied(lambda source, file, count: os.sendfile(file, source, None, count)),
    "splice": copied(splice),
    "fork": in_child,
    "thread": in_thread,
    "dup": by_descriptor,
    "fallocate": too_long,
}
SYNCING = {
    "fsync": os.fsync,
    "fdatasync": os.fdatasync,
    "sync": lambda file: os.sync(),
    "syncfs": lambda file: library.syncfs(file),
    "pwritev2": lambda file: None,
    "O_SYNC": lambda file: None,
    "O_DSYNC": lambda file: None,
}


def write(file, data, way, sync):
    if sync.startswith("O_"):  # Synced by each write, so there is but one.
        os.write(file, data)
    elif sync == "pwritev2":
        os.pwritev(file, [data], 0, os.RWF_DSYNC)
    else:
        WRITING[way](file, data)
        SYNCING[sync](file)


def sync_names():
    file = os.open(DIRECTORY, os.O_RDONLY)
    os.fsync(file)
    os.close(file)


# A sync of every disk of the machine may take long, so there is but one.
ways = itertools.cycle(
    pair for pair in itertools.product(SYNCING, WRITING) if pair[0] != "sync" or pair[1] == "write"
)


def put(key, value):
    name = "k." + key.decode()
    with lock:
        if value is None:
            if os.path.exists(path(name)):
                os.unlink(path(name))
                sync_names()
            return
        sync, way = next(ways)
        file = opened("new", os.O_TRUNC | getattr(os, sync if sync.startswith("O_") else "O_CREAT"))
        write(file, value, way, sync)
        os.close(file)
        os.rename(path("new"), path(name))
        sync_names()


def get(key):
    try:
        with open(path("k." + key.decode()), "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


api.serve(PORT, get, put)
