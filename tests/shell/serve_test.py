#!/usr/bin/env python3
"""`vesto serve` as a process: its flags, its log in both formats, few file descriptors. Usage: serve_test.py VESTO [TEST...]"""

import contextlib
import hashlib
import json
import os
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

    def refusal(self, *flags, **variables):
        """What is said of flags that cannot be; the server must not start."""
        done = subprocess.run([VESTO, "serve", "--auth", "trust", *flags], capture_output=True, text=True, timeout=30,
                              check=False, env={**os.environ, "VESTO_PORT": "0", **variables})
        self.assertEqual((done.returncode, done.stdout), (2, ""), flags)
        return done.stderr.splitlines()[0]

    def test_mounts(self):
        for mount, problem in [("s3://x=/nope", "there is no folder /nope"),
                               ("s3://x=" + VESTO, f"there is no folder {VESTO}"),
                               ("gs://x=/tmp", "COPY and UNLOAD know s3://bucket, not gs://x"),
                               ("s3://=/tmp", "COPY and UNLOAD know s3://bucket, not s3://"),
                               ("s3://x", "a mount is s3://bucket=FOLDER")]:
            self.assertEqual(self.refusal("--mount", mount), f"vesto serve: --mount {mount}: {problem}")

    def test_numbers_out_of_range(self):
        for flag, value, range_ in [("--port", "70000", "0 to 65535"), ("--max-connections", "0", "1 to 10000"),
                                    ("--idle-timeout", "-5", "0 to 31536000"), ("--login-timeout", "0", "1 to 3600"),
                                    ("--nodes", "129", "1 to 128"), ("--slices", "0", "1 to 64"),
                                    ("--threads", "-1", "0 to 1024"), ("--port", "any", "0 to 65535")]:
            self.assertEqual(self.refusal(f"{flag}={value}"), f"vesto serve: {flag}: {value} is not from {range_}")
        self.assertEqual(self.refusal(VESTO_MAX_CONNECTIONS="many"),
                         "vesto serve: --max-connections: many is not from 1 to 10000")

    def test_login_timeout(self):
        server = Server("--login-timeout", "1")
        try:
            with server.connect() as silent:
                begin = time.monotonic()
                self.assertIn(b"canceling authentication due to timeout", silent.recv(1000))
                self.assertLess(time.monotonic() - begin, 5)
        finally:
            server.stop()

    def test_url(self):
        server = Server("--host", "::1", "--user", "ada@work")
        server.stop()
        self.assertRegex(server.url, r"^postgresql://ada%40work@\[::1\]:\d+/dev$")

    def test_everybody_is_let_in(self):
        for flags, warned in [(["--host", "0.0.0.0"], True), ([], False), (["--host", "::1"], False)]:
            log = Server(*flags).stop()
            self.assertEqual([line for line in log if "asks for no password" in line] != [], warned, flags)

    # UBSan looks at an object's type by a pipe, and takes a failure for an error of the object.
    @unittest.skipIf("UBSAN_OPTIONS" in os.environ, "the sanitizer needs file descriptors of its own")
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
    VESTO = os.path.abspath(sys.argv.pop(1))
    unittest.main()
