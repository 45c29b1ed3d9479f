"""SQLite behind the HTTP API.

    python3 sqlite.py JOURNAL/SYNCHRONOUS PORT DIRECTORY        as in wal/full, delete/extra
"""

import os
import sqlite3
import sys
import threading

sys.path.insert(0, os.path.dirname(__file__))
import api

journal, synchronous = sys.argv[1].split("/")
lock = threading.Lock()
database = sqlite3.connect(
    os.path.join(sys.argv[3], "store.db"), isolation_level=None, check_same_thread=False
)
database.execute("PRAGMA journal_mode=" + journal)
database.execute("PRAGMA synchronous=" + synchronous)
database.execute("PRAGMA wal_autocheckpoint=40")
database.execute("CREATE TABLE IF NOT EXISTS rows (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID")


def get(key):
    with lock:
        row = database.execute("SELECT value FROM rows WHERE key = ?", (key,)).fetchone()
    return row and bytes(row[0])


def put(key, value):
    with lock:
        try:
            if value is None:
                database.execute("DELETE FROM rows WHERE key = ?", (key,))
            else:
                database.execute("INSERT OR REPLACE INTO rows VALUES (?, ?)", (key, value))
        except sqlite3.Error as error:
            raise OSError(str(error))


api.serve(int(sys.argv[2]), get, put)
