#!/usr/bin/env python3
"""Measures the endpoint beside PostgreSQL 15 on the same machine: round trips, 64 clients, large results.

    bench/wire/compare.py                       all of it, 10 million rows
    bench/wire/compare.py --rows 1000000 --seconds 1

Starts `vesto serve` (release preset) and a PostgreSQL of its own in a temporary folder (Debian package
postgresql-15, which must be installed; as root it runs as the user postgres). Both get the same tables
by their own means and trust authentication on loopback; the client is `wire_load`, which speaks the
protocol itself. PostgreSQL keeps its default settings but for a shared buffer of 1 GB, so that the table
is in memory for both.
"""

import argparse
import json
import pathlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = ROOT / "build" / "release" / "bin"
POSTGRES_BIN = pathlib.Path("/usr/lib/postgresql/15/bin")

BY_KEY = "SELECT id, name, amount FROM items WHERE id = $1"
RUNS = 5  # of each round trip; the median counts
LARGE = "SELECT id, quantity, price, day, name FROM numbers"


def run(*command, **more):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True, **more).stdout


class Vesto:
    name, user, database = "Vesto", "awsuser", "dev"

    def __init__(self, threads):
        self.process = subprocess.Popen(
            [BIN / "vesto", "serve", "--port", "0", "--auth", "trust", "--slices", str(threads), "--threads", str(threads)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        while True:
            line = self.process.stdout.readline()
            if "accepts connections" in line:
                break
            if not line:
                raise RuntimeError("vesto serve did not start")
        self.port = int(line.rsplit(":", 1)[1].split("/")[0])

    def load(self, rows):
        digits = " , ".join(f"digits d{i}" for i in range(7))
        number = " + ".join(f"d{i}.d * {10 ** i}" for i in range(7))
        sql = f"""
            CREATE TABLE digits (d INT) DISTSTYLE ALL;
            INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
            CREATE TABLE items (id INT SORTKEY, name VARCHAR(40), amount DECIMAL(12,2));
            INSERT INTO items SELECT n + 1, 'item ' || n, n / 4.0 FROM (SELECT {number} AS n FROM {digits}) WHERE n < 100000;
            CREATE TABLE numbers (id BIGINT, quantity INT, price DECIMAL(12,2), day DATE, name VARCHAR(40));
            INSERT INTO numbers SELECT n, n % 50, n / 100.0, DATEADD(day, (n % 3650)::INT, DATE '2015-01-01'), 'name ' || n % 1000
                FROM (SELECT {number} AS n FROM {digits}) WHERE n < {rows};
            ANALYZE;"""
        run("psql", "-q", "-h", "127.0.0.1", "-p", self.port, "-U", self.user, self.database, "-v", "ON_ERROR_STOP=1", "-c", sql)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=60)


class Postgres:
    name, user, database = "PostgreSQL 15", "postgres", "postgres"

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="vesto_bench_")
        self.port = 15432
        self.as_user = []
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
            self.as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        data = f"{self.folder}/data"
        run(*self.as_user, POSTGRES_BIN / "initdb", "-D", data, "-A", "trust", "-U", "postgres", cwd=self.folder)
        run(*self.as_user, POSTGRES_BIN / "pg_ctl", "-D", data, "-w", "-l", f"{self.folder}/log", "-o",
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -c shared_buffers=1GB"
            " -c max_connections=100", "start", cwd=self.folder)

    def load(self, rows):
        sql = f"""
            CREATE TABLE items (id INT PRIMARY KEY, name VARCHAR(40), amount DECIMAL(12,2));
            INSERT INTO items SELECT n + 1, 'item ' || n, n / 4.0 FROM generate_series(0, 99999) n;
            CREATE TABLE numbers (id BIGINT, quantity INT, price DECIMAL(12,2), day DATE, name VARCHAR(40));
            INSERT INTO numbers SELECT n, n % 50, n / 100.0, DATE '2015-01-01' + (n % 3650)::INT, 'name ' || n % 1000
                FROM generate_series(0, {rows} - 1) n;"""
        run("psql", "-q", "-h", "127.0.0.1", "-p", self.port, "-U", self.user, self.database, "-v", "ON_ERROR_STOP=1", "-c", sql)
        run("psql", "-q", "-h", "127.0.0.1", "-p", self.port, "-U", self.user, self.database, "-c", "VACUUM ANALYZE")

    def stop(self):
        run(*self.as_user, POSTGRES_BIN / "pg_ctl", "-D", f"{self.folder}/data", "-m", "fast", "stop", cwd=self.folder)
        shutil.rmtree(self.folder)


def measure(server, arguments, rows):
    def load(*more):
        return json.loads(run(BIN / "wire_load", "--port", server.port, "--user", server.user, "--database", server.database,
                              *more))

    def trips(protocol, clients, sql, *more):
        runs = [load("--round-trips", protocol, "--clients", clients, "--seconds", arguments.seconds, "--sql", sql, *more)
                for _ in range(RUNS)]
        return sorted(runs, key=lambda one: one["per_second"])[RUNS // 2]

    results = {}
    for protocol in ("simple", "prepared"):
        results[f"SELECT 1, {protocol}, 1 client", "us"] = trips(protocol, 1, "SELECT 1")["median_us"]
        results[f"one row by sort key, {protocol}, 1 client", "us"] = trips(protocol, 1, BY_KEY, "--keys", 100000)["median_us"]
        results[f"SELECT 1, {protocol}, 64 clients", "per s"] = trips(protocol, 64, "SELECT 1")["per_second"]
        results[f"one row by sort key, {protocol}, 64 clients", "per s"] = trips(protocol, 64, BY_KEY, "--keys", 100000)["per_second"]
    for form in ("text", "binary"):
        runs = [load("--fetch", form, "--sql", LARGE) for _ in range(3)]
        assert all(one["rows"] == rows for one in runs), runs
        results[f"{rows} rows, {form}", "rows per s"] = rows / statistics.median(one["seconds"] for one in runs)
        results[f"{rows} rows, {form}, first bytes", "ms"] = statistics.median(one["first_ms"] for one in runs)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only-vesto", action="store_true", help="no PostgreSQL beside it")
    arguments = parser.parse_args()
    rows = min(arguments.rows, 10_000_000)
    if not arguments.only_vesto and not (POSTGRES_BIN / "initdb").exists():
        sys.exit("compare: needs the Debian package postgresql-15")
    measured = []
    # One after the other: neither shares the cores with the other.
    for make in [lambda: Vesto(arguments.threads)] + ([] if arguments.only_vesto else [Postgres]):
        server = make()
        try:
            start = time.monotonic()
            server.load(rows)
            print(f"{server.name}: loaded in {time.monotonic() - start:.1f} s", file=sys.stderr, flush=True)
            measured.append(measure(server, arguments, rows))
        finally:
            server.stop()
    print("| what | unit | Vesto |" + (" PostgreSQL 15 | times better |" if len(measured) > 1 else ""))
    print("|---|---|---|" + ("---|---|" if len(measured) > 1 else ""))
    for (what, unit), ours in measured[0].items():
        line = f"| {what} | {unit} | {ours:,.0f} |"
        if len(measured) > 1:
            theirs = measured[1][what, unit]
            better = theirs / ours if unit in ("us", "ms") else ours / theirs
            line += f" {theirs:,.0f} | {better:.2f} |"
        print(line)


if __name__ == "__main__":
    main()
