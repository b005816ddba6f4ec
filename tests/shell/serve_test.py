#!/usr/bin/env python3
"""`vesto serve` as a process: its flags, its log in both formats, few file descriptors. Usage: serve_test.py VESTO [TEST...]"""

import contextlib
import hashlib
import json
import re
import resource
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest

VESTO = ""
FORGER = "eve\n2026-01-01T00:00:00Z info    session 1: user=\"root\""


READY = b"Z\0\0\0\5I"


class Server:
    """A server that, unless `auth` says otherwise, asks for no password."""

    def __init__(self, *flags, auth="trust", **popen):
        self.process = subprocess.Popen([VESTO, "serve", "--port", "0", "--auth", auth, *flags],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **popen)
        self.url = self.process.stdout.readline().split()[-1]
        self.port = int(self.url.rsplit(":", 1)[1].split("/")[0])

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def log_in(self, user, password="", query=""):
        """Returns what the server says until it is ready, after `query` if there is one, or has closed."""
        with self.connect() as client:
            def send(kind, body):
                client.sendall(kind + struct.pack(">i", len(body) + 4) + body)

            send(b"", struct.pack(">i", 196608) + b"user\0" + user.encode() + b"\0database\0dev\0\0")
            said = b""
            while more := client.recv(1000):
                said += more
                if said[:9] == b"R\0\0\0\x0c\0\0\0\5" and len(said) == 13:  # MD5, with a salt
                    send(b"p", b"md5" + md5(md5((password + user).encode()) + said[9:]) + b"\0")
                if said.endswith(READY):
                    if not query:
                        return said
                    send(b"Q", query.encode() + b"\0")
                    said, query = b"", ""
            return said

    def stop(self):
        """Returns the log."""
        self.process.terminate()
        return self.process.communicate(timeout=30)[1].splitlines()


def md5(text):
    return hashlib.md5(text).hexdigest().encode()


def lines_of_a_failed_login(log_format):
    server = Server("--log-format", log_format)
    try:
        server.log_in(FORGER)
    finally:
        log = server.stop()
    return log


class Serve(unittest.TestCase):
    def setUp(self):
        if subprocess.run([VESTO, "serve", "--help"], capture_output=True, check=False).returncode != 0:
            self.skipTest("a build without the endpoint")

    def test_md5(self):
        with tempfile.NamedTemporaryFile("w", suffix=".pw") as password_file:
            password_file.write("Secret123\n")
            password_file.flush()
            server = Server("--password-file", password_file.name, auth="md5")
        try:
            elder = md5(b"Elder123elder").decode()
            made = server.log_in("awsuser", "Secret123",
                                 f"CREATE USER elder PASSWORD 'md5{elder}'; CREATE USER ada PASSWORD 'Younger123'")
            self.assertTrue(made.endswith(READY), made)
            self.assertNotIn(b"MD5 passwords are not kept", made)
            for user, password in [("elder", "Elder123"), ("ada", "Younger123")]:
                self.assertTrue(server.log_in(user, password).endswith(READY), user)
            self.assertIn(b"password authentication failed", server.log_in("elder", "Younger123"))
        finally:
            server.stop()

    def test_few_file_descriptors(self):
        limit = 100
        server = Server(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)))
        try:
            with contextlib.ExitStack() as flood:
                for _ in range(3 * limit):
                    flood.enter_context(server.connect())
                begin = time.monotonic()
                self.assertTrue(server.log_in("awsuser").endswith(READY))
                self.assertLess(time.monotonic() - begin, 8)
        finally:
            log = server.stop()
        self.assertTrue(any("too many connections that have not logged in" in line for line in log))

    def test_text(self):
        lines = lines_of_a_failed_login("text")
        for line in lines:
            self.assertRegex(line, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ (info   |warning|error  ) (login failed|stopping): ")
        failed = [line for line in lines if "login failed" in line]
        self.assertEqual(len(failed), 1)
        self.assertIn(' user="eve\\n2026-01-01T00:00:00Z info    session 1: user=\\"root\\"" database="dev" client=127.0.0.1:',
                      failed[0])

    def test_json(self):
        entries = [json.loads(line) for line in lines_of_a_failed_login("json")]
        failed = [entry for entry in entries if entry["message"].startswith("login failed")]
        self.assertEqual([entry["level"] for entry in failed], ["warning"])
        self.assertIn('user="eve\\n2026', failed[0]["message"])
        self.assertFalse(re.search(r"[\x00-\x1f]", failed[0]["message"]))


if __name__ == "__main__":
    VESTO = sys.argv.pop(1)
    unittest.main()
