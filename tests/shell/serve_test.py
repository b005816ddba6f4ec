#!/usr/bin/env python3
"""`vesto serve` as a process: its log in both formats, few file descriptors. Usage: serve_test.py VESTO [TEST...]"""

import contextlib
import json
import re
import resource
import socket
import struct
import subprocess
import sys
import time
import unittest

VESTO = ""
FORGER = "eve\n2026-01-01T00:00:00Z info    session 1: user=\"root\""


class Server:
    """A server that asks for no password."""

    def __init__(self, *flags, **popen):
        self.process = subprocess.Popen([VESTO, "serve", "--port", "0", "--auth", "trust", *flags],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **popen)
        self.port = int(self.process.stdout.readline().rsplit(":", 1)[1].split("/")[0])

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def log_in(self, user):
        """Returns what the server says until it is ready or has closed."""
        with self.connect() as client:
            body = struct.pack(">i", 196608) + b"user\0" + user.encode() + b"\0database\0dev\0\0"
            client.sendall(struct.pack(">i", len(body) + 4) + body)
            said = b""
            while not said.endswith(b"Z\0\0\0\5I") and (more := client.recv(1000)):
                said += more
            return said

    def stop(self):
        """Returns the log."""
        self.process.terminate()
        return self.process.communicate(timeout=30)[1].splitlines()


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

    def test_few_file_descriptors(self):
        limit = 100
        server = Server(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)))
        try:
            with contextlib.ExitStack() as flood:
                for _ in range(3 * limit):
                    flood.enter_context(server.connect())
                begin = time.monotonic()
                self.assertTrue(server.log_in("awsuser").endswith(b"Z\0\0\0\5I"))
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
