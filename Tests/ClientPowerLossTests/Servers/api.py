"""The HTTP API: GET, PUT and DELETE of /key, a thread for each connection."""

import socket
import threading


def serve(port, get, put, after=None):
    """Serves for ever. `get(key)` returns a value or None; `put(key, value)` stores one, or deletes where
    it is None, and raises OSError where it cannot. `after` is called after the answer to a write."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(64)
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        arguments = (connection, get, put, after)
        threading.Thread(target=_converse, args=arguments, daemon=True).start()


def _converse(connection, get, put, after):
    stream = connection.makefile("rb")
    while True:
        line = stream.readline().split()
        if len(line) < 3:
            connection.close()
            return
        method, key = line[0], line[1][1:]
        body = stream.read(_length(stream))
        value = body if method == b"PUT" else None
        status, answer = _answer(method, key, value, get, put)
        head = b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n" % (status, len(answer))
        connection.sendall(head + answer)
        if after and method != b"GET":
            after(key, value)


def _length(stream):
    """Reads the header fields."""
    length = 0
    while True:
        field = stream.readline().strip().lower()
        if not field:
            return length
        if field.startswith(b"content-length:"):
            length = int(field.split(b":")[1])


def _answer(method, key, value, get, put):
    try:
        if method != b"GET":
            put(key, value)
            return b"200 OK", b""
        found = get(key)
        return (b"404 Not Found", b"") if found is None else (b"200 OK", found)
    except OSError as error:
        return b"500 Internal Server Error", b"%s\n" % str(error).encode()
