"""LevelDB behind the HTTP API, through its C interface.

    python3 leveldb.py sync|async PORT DIRECTORY
"""

import ctypes
import ctypes.util
import os
import sys

sys.path.insert(0, os.path.dirname(__file__))
import api

library = ctypes.CDLL(ctypes.util.find_library("leveldb"))
for name in ("options_create", "readoptions_create", "writeoptions_create", "open", "get"):
    getattr(library, "leveldb_" + name).restype = ctypes.c_void_p
pointer, size, text = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p
library.leveldb_options_set_create_if_missing.argtypes = [pointer, ctypes.c_ubyte]
library.leveldb_options_set_write_buffer_size.argtypes = [pointer, size]
library.leveldb_writeoptions_set_sync.argtypes = [pointer, ctypes.c_ubyte]
library.leveldb_open.argtypes = [pointer, text, pointer]
library.leveldb_get.argtypes = [pointer, pointer, text, size, pointer, pointer]
library.leveldb_put.argtypes = [pointer, pointer, text, size, text, size, pointer]
library.leveldb_delete.argtypes = [pointer, pointer, text, size, pointer]
library.leveldb_free.argtypes = [pointer]

options = library.leveldb_options_create()
library.leveldb_options_set_create_if_missing(options, 1)
library.leveldb_options_set_write_buffer_size(options, 1 << 16)  # The smallest that it takes.
reading = library.leveldb_readoptions_create()
writing = library.leveldb_writeoptions_create()
library.leveldb_writeoptions_set_sync(writing, sys.argv[1] == "sync")


def checked(call, *arguments):
    error = ctypes.c_char_p()
    result = call(*arguments, ctypes.byref(error))
    if error.value is not None:
        raise OSError(error.value.decode())
    return result


try:
    database = checked(library.leveldb_open, options, sys.argv[3].encode())
except OSError as error:
    sys.exit(str(error))


def get(key):
    length = size()
    found = checked(library.leveldb_get, database, reading, key, len(key), ctypes.byref(length))
    if found is None:
        return None
    value = ctypes.string_at(found, length.value)
    library.leveldb_free(found)
    return value


def put(key, value):
    if value is None:
        checked(library.leveldb_delete, database, writing, key, len(key))
    else:
        checked(library.leveldb_put, database, writing, key, len(key), value, len(value))


api.serve(int(sys.argv[2]), get, put)
