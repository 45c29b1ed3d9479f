"""Redis behind the HTTP API.

    python3 redis.py always|everysec|no PORT DIRECTORY

It starts redis-server, with its append-only file in DIRECTORY, and talks to it over a Unix socket.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(__file__))
import api

folder = tempfile.mkdtemp(prefix="redis-")
path = os.path.join(folder, "socket")
server = subprocess.Popen(
    ["redis-server", "--port", "0", "--unixsocket", path, "--dir", sys.argv[3], "--save", ""]
    + ["--appendonly", "yes", "--appendfsync", sys.argv[1], "--loglevel", "warning"]
    + ["--auto-aof-rewrite-min-size", "20kb", "--auto-aof-rewrite-percentage", "50"]
)


def stop(*_):
    server.terminate()
    os._exit(server.wait() and 1)


signal.signal(signal.SIGTERM, stop)
connections = threading.local()


def call(*words):
    """One command, and its reply: bytes, or None."""
    if not hasattr(connections, "stream"):
        connections.socket = socket.socket(socket.AF_UNIX)
        connections.socket.connect(path)
        connections.stream = connections.socket.makefile("rb")
    parts = [b"$%d\r\n%s\r\n" % (len(word), word) for word in words]
    connections.socket.sendall(b"*%d\r\n" % len(words) + b"".join(parts))
    line = connections.stream.readline()
    if line[:1] == b"$":
        length = int(line[1:])
        return None if length < 0 else connections.stream.read(length + 2)[:-2]
    if line[:1] in b"-":  # An error, or the end of the connection.
        raise OSError(line.decode().strip() or "redis-server has ended")
    return line


while True:
    try:
        call(b"PING")
        break
    except OSError:
        if server.poll() is not None:
            sys.exit("redis-server has ended with %d" % server.returncode)
        vars(connections).clear()
        time.sleep(0.002)


def put(key, value):
    call(b"DEL", key) if value is None else call(b"SET", key, value)


api.serve(int(sys.argv[2]), lambda key: call(b"GET", key), put)
