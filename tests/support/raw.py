"""Bytes to a server and what comes back, where a browser would be too well behaved.  Standard
library only."""

import socket


class Reply:
    def __init__(self, status, head, body):
        self.status = status  # 0: the connection ended without an answer
        self.head = head  # bytes, with the status line
        self.body = body

    def header(self, name):
        """The values of a header, in their order."""
        wanted = name.lower().encode() + b":"
        return [line[len(wanted):].strip().decode("latin-1")
                for line in self.head.split(b"\r\n")[1:] if line.lower().startswith(wanted)]


class Wire:
    """One connection."""

    def __init__(self, address, timeout=10):
        host, port = address.rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)), timeout)
        self.left = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def put(self, data):
        """Send, as far as the other side takes it."""
        try:
            self.socket.sendall(data)
        except OSError:
            pass

    def _more(self):
        try:
            data = self.socket.recv(65536)
        except socket.timeout:
            raise
        except OSError:
            data = b""
        self.left += data
        return bool(data)

    def get(self, has_body=True):
        """The next answer."""
        while b"\r\n\r\n" not in self.left:
            if not self._more():
                return Reply(0, b"", self.left)
        head, self.left = self.left.split(b"\r\n\r\n", 1)
        reply = Reply(int(head.split(b" ", 2)[1]), head, b"")
        length = int((reply.header("Content-Length") or ["0"])[0]) if has_body else 0
        while len(self.left) < length and self._more():
            pass
        reply.body, self.left = self.left[:length], self.left[length:]
        return reply

    def has_ended(self):
        """Whether the other side has closed, without another byte."""
        return not self.left and not self._more()


def ask(address, data, has_body=True):
    """One request on a connection of its own."""
    with Wire(address) as wire:
        wire.put(data if isinstance(data, bytes) else data.encode("latin-1"))
        return wire.get(has_body)


def head(address, method="GET", path="/", *lines):
    return ask(address, f"{method} {path} HTTP/1.1\r\nHost: {address}\r\n"
               + "".join(line + "\r\n" for line in lines) + "\r\n", method != "HEAD")
