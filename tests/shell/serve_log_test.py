#!/usr/bin/env python3
"""What `vesto serve` writes to standard error, in both formats. Usage: serve_log_test.py VESTO [TEST...]"""

import json
import re
import socket
import struct
import subprocess
import sys
import unittest

VESTO = ""
FORGER = "eve\n2026-01-01T00:00:00Z info    session 1: user=\"root\""


def lines_of_a_failed_login(log_format):
    """Starts a server, fails to log in as FORGER, and returns the log."""
    with subprocess.Popen([VESTO, "serve", "--port", "0", "--auth", "trust", "--log-format", log_format],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        try:
            port = int(server.stdout.readline().rsplit(":", 1)[1].split("/")[0])
            with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
                body = struct.pack(">i", 196608) + b"user\0" + FORGER.encode() + b"\0database\0dev\0\0"
                client.sendall(struct.pack(">i", len(body) + 4) + body)
                while client.recv(1000):
                    pass
        finally:
            server.terminate()
            log = server.communicate(timeout=30)[1]
    return log.splitlines()


class ServeLog(unittest.TestCase):
    def setUp(self):
        if subprocess.run([VESTO, "serve", "--help"], capture_output=True, check=False).returncode != 0:
            self.skipTest("a build without the endpoint")

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
