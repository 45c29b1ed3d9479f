#!/usr/bin/env python3
"""A key-value server of all weeks, with one fault or none: what `Client check` is tested with.

    server.py PORT DATA [--week N] [--fault NAME]

It keeps every value in a dictionary and every write in one log, which it replays at a start; or, with
--tables, in a memtable and in tables that are merged. From week 3 on a write is synced before it is
answered. Only the standard library is used.
"""
import argparse
import os
import re
import signal
import socketserver
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler
from urllib.parse import quote_from_bytes, unquote_to_bytes

sys.dont_write_bytecode = True

from store import Store
from blocks import BlockStore, Damage
from levels import LeveledStore
from tables import TableStore

FAULTS = """
no-replay  answers-first  empty-is-absent  loses-updates  deletes-come-back  scan-has-its-end
forgets-tail  absent-is-200  cuts-values  mixes-answers  skips-damage  refuses-torn-log  two-owners
exits-with-1  dies  never-starts  prefix-is-a-hit  old-value-returns  stores-halves  lowercases-keys
takes-any-length  hides-after-miss  scan-shows-deleted  stale-reads  ignores-term  html-errors
serves-one-at-a-time  is-slow  takes-long-keys
never-merges  oldest-wins  drops-tombstones  moves-wrong-source  cache-is-not-told  writes-manifest-in-place
clears-log-first
drops-tombstones-early  lower-level-wins  reads-deepest-first
logs-batches-in-pieces  keeps-first-of-batch  shows-halves-of-batches  snapshots-move
trusts-index  caches-by-place  filter-forgets-deletes  filter-of-first-keys  snapshot-loses-files
deletes-longer-keys  deletes-shorter-keys  loses-who-joins-late  shows-before-log
fails-to-stop  forgets-nul  compares-eight-bytes  answers-damage  never-syncs
""".split()

MOST = 1 << 20


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("data")
    parser.add_argument("--week", type=int, default=8)
    parser.add_argument("--fault", choices=FAULTS)
    parser.add_argument("--tables", action="store_true")
    parser.add_argument("--memtable-limit", type=int, default=2000)
    return parser.parse_args()


class Refusal(Exception):
    def __init__(self, code, line, **fields):
        self.code, self.line, self.fields = code, line, fields


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    store = week = fault = None
    last = b""

    def log_message(self, *_):
        pass

    def answer(self, code, body, content_type="text/plain; charset=utf-8", **fields):
        if self.fault == "html-errors" and code >= 400:
            body = b"<html>\n<body>Error</body>\n</html>\n"
        if self.fault == "absent-is-200" and code == 404:
            code = 200
        if self.fault == "mixes-answers" and self.command == "GET" and code == 200:
            body, Handler.last = (Handler.last if threading.active_count() > 8 else body), body
        self.send_response(code)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in fields.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def body(self):
        length = int(self.headers.get("Content-Length") or 0)
        if length > MOST and self.fault != "takes-any-length":
            while length > 0:
                length -= len(self.rfile.read(min(length, 1 << 16))) or length
            self.close_connection = True
            raise Refusal(413, f"a value has at most {MOST} bytes")
        body = self.rfile.read(length)
        if len(body) < length and self.fault != "stores-halves":
            self.close_connection = True
            raise ConnectionError
        return body

    def key(self, path):
        if re.search(r"%(?![0-9A-Fa-f]{2})", path):
            raise Refusal(400, "a % is followed by two hexadecimal digits")
        if self.fault == "lowercases-keys":
            path = path.lower()
        return self.checked(unquote_to_bytes(path))

    def checked(self, key):
        most = 255 if self.week < 8 else 1024
        if not 1 <= len(key) <= (1 << 16 if self.fault == "takes-long-keys" else most):
            raise Refusal(400, "a key has 1 to 255 bytes")
        if self.week < 8 and not re.fullmatch(rb"[!-@\[-~]+", key):
            raise Refusal(400, "a key is printable ASCII without A-Z")
        return key

    def checked_value(self, value):
        if self.week < 8 and not value.isascii():
            raise Refusal(400, "a value is ASCII")
        return value

    def respond(self):
        body = self.body()  # First: what is left of it would be taken for the next request.
        path, _, query = self.path.partition("?")
        path = path[1:]
        if path == "":
            return self.answer(200, b"a server for tests\n")
        if path == "-/health":
            return self.answer(200, b"ok")
        if self.week >= 8 and path in ("-/batch", "-/snapshots") and self.command == "POST":
            return self.batch(body) if path == "-/batch" else self.answer(201, self.store.snapshot().encode())
        if path.startswith("-/snapshots/") and self.command == "DELETE":
            return self.answer(202 if self.store.snapshots.pop(path.rpartition("/")[2], None) else 404, b"")
        if "/" in path:
            raise Refusal(404 if path.startswith("-/") else 400, "a key is one segment")
        if path == "scan" and query and self.week >= 5:
            return self.scan(query)
        key = self.key(path)
        methods = ["GET", "HEAD", "PUT"] + (["DELETE"] if self.week >= 4 else [])
        if self.command not in methods:
            raise Refusal(405, "there is no such method", Allow=", ".join(methods))
        if self.command == "PUT":
            self.store.write([(key, self.checked_value(body))])
            return self.answer(200, b"")
        if self.command == "DELETE":
            self.store.write([(key, None)])
            return self.answer(202, b"")
        view = self.view()
        value = self.store.get(key) if view is None else view.get(key)
        if value is None:
            raise Refusal(404, "there is no such key")
        self.answer(200, value, self.type(value))

    def view(self):
        """The values of the snapshot that a request names; None for those of now."""
        name = self.headers.get("Snapshot")
        if name is not None and name not in self.store.snapshots:
            raise Refusal(404, "there is no such snapshot")
        return self.store.snapshots.get(name)

    def batch(self, body):
        writes = []
        for line in body.splitlines():
            method, key, *value = line.split(b" ", 2)
            writes.append((unquote_to_bytes(key), value[0] if method == b"PUT" else None))
        self.store.write(writes)
        self.answer(200, b"")

    def type(self, value):
        try:
            value.decode()
            return "text/plain; charset=utf-8"
        except UnicodeDecodeError:
            return "application/octet-stream"

    def scan(self, query):
        words = dict(word.partition("=")[::2] for word in query.split("&"))
        view = self.view()
        views = [] if view is None else [view]
        keys = self.store.scan(self.key(words["start"]), self.key(words["end"]), int(words.get("limit", MOST)), *views)
        safe = "".join(map(chr, range(0x20, 0x7F))).replace("%", "").replace(",", "")
        spelled = [quote_from_bytes(key, safe) if self.week >= 8 else key.decode() for key in keys]
        self.answer(200, ",".join(spelled).encode())

    def handle_any(self):
        if self.fault == "is-slow":
            time.sleep(0.012)
        try:
            self.respond()
        except Refusal as refusal:
            self.answer(refusal.code, (refusal.line + "\n").encode(), **refusal.fields)
        except ConnectionError:
            raise  # There is nobody to answer.
        except (Damage, OSError) as error:
            self.answer(500, f"{error}\n".encode())

    do_GET = do_HEAD = do_PUT = do_DELETE = do_PATCH = do_POST = handle_any

    def handle(self):
        try:
            super().handle()
        except (ConnectionError, ValueError):
            pass


def main():
    options = arguments()
    fault = options.fault
    if fault == "never-starts":
        sys.exit("no such file: config.yml")
    tables = TableStore if options.week < 5 else LeveledStore if options.week < 6 else BlockStore
    kind_of_store = tables if options.tables else Store
    Handler.store = kind_of_store(options.data, options.week, fault, options.memtable_limit)
    Handler.week, Handler.fault = options.week, fault
    kind = socketserver.TCPServer if fault == "serves-one-at-a-time" else socketserver.ThreadingTCPServer
    kind.allow_reuse_address, kind.daemon_threads, kind.request_queue_size = True, True, 128
    server = kind(("127.0.0.1", options.port), Handler)

    def stop(*_):
        if fault != "ignores-term":
            Handler.store.close()
            fails = fault == "exits-with-1" or fault == "fails-to-stop" and len(Handler.store.values) > 100
            os._exit(1 if fails else 0)

    signal.signal(signal.SIGTERM, stop)
    server.serve_forever()


main()
