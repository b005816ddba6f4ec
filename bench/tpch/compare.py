#!/usr/bin/env python3
"""Runs TPC-H on Vesto and on DuckDB's newest release, checks every answer, and compares times.

    bench/tpch/compare.py                     SF1, two threads, 1 node x 2 slices
    bench/tpch/compare.py --check-only --nodes 3 --slices 4
    bench/tpch/compare.py --queries 1,6,17 --runs 9

Data comes from the `tpchgen-cli` package and the peer from the `duckdb` package, both from PyPI, in a
private virtual environment of the build folder. Vesto runs in the program `vesto_tpch` (release
preset), which loads the same .tbl files with COPY.

Both engines run with the same number of threads, data in memory, warm: each query runs --runs times
after one run that is not counted, and the median counts. DuckDB returns its rows to Python by
fetchall(), Vesto drains its stream into a ResultSet; the results of TPC-H are small.

How answers are compared. Integers, dates, strings and decimals must be equal as text (trailing blanks
of CHAR aside). DuckDB's AVG and `/` return DOUBLE where Redshift's return a decimal of fixed scale, so
on DuckDB's side these expressions are rewritten to Redshift's result type, digits beyond the scale
truncated as Redshift's decimal division does (see REWRITES). Row order must agree on the columns of
ORDER BY; rows that tie there may come in any order.
"""

import argparse
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import time
import venv

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "bench" / "tpch"
TABLES = ["region", "nation", "supplier", "customer", "part", "partsupp", "orders", "lineitem"]
PACKAGES = ["duckdb", "tpchgen-cli"]


def ratio(numerator, denominator, numerator_scale, denominator_scale, scale):
    """DuckDB text of numerator / denominator as DECIMAL(38,scale), truncated towards zero.

    The scales are those of the two operands; all arithmetic is on exact 128-bit integers.
    """
    shift = 10 ** (scale - numerator_scale + denominator_scale)
    return (f"CAST((CAST(({numerator}) * {10 ** numerator_scale} AS HUGEINT) * {shift})"
            f" // CAST(({denominator}) * {10 ** denominator_scale} AS HUGEINT) AS DECIMAL(28,0))"
            f" * {'0.' + '0' * (scale - 1) + '1'}")


def average(column):
    """AVG of a DECIMAL(12,2) column: DECIMAL(38,2) in Redshift."""
    return ratio(f"SUM({column})", f"COUNT({column})", 2, 0, 2)


SHARE = "SUM(CASE WHEN nation = 'BRAZIL' THEN volume ELSE 0 END)"
PROMO = "SUM(CASE WHEN p_type LIKE 'PROMO%' THEN l_extendedprice * (1 - l_discount) ELSE 0 END)"
REVENUE = "SUM(l_extendedprice * (1 - l_discount))"

# Query number -> (Redshift text, text for DuckDB). Every first text must occur in the query.
REWRITES = {
    # AVG(DECIMAL(12,2)) is DECIMAL(38,2) in Redshift, DOUBLE in DuckDB.
    1: [("AVG(l_quantity)", average("l_quantity")),
        ("AVG(l_extendedprice)", average("l_extendedprice")),
        ("AVG(l_discount)", average("l_discount"))],
    # DECIMAL(38,4) / DECIMAL(38,4) is DECIMAL(38,4).
    8: [(f"{SHARE} / SUM(volume)", ratio(SHARE, "SUM(volume)", 4, 4, 4))],
    # DECIMAL(38,6) / DECIMAL(38,4) is DECIMAL(38,4).
    14: [(f"100.00 * {PROMO}\n         / {REVENUE}", ratio(f"100.00 * {PROMO}", REVENUE, 6, 4, 4))],
    # DECIMAL(38,2) / DECIMAL(2,1) is DECIMAL(38,4); the average in the predicate is DECIMAL(38,2).
    17: [("SUM(l_extendedprice) / 7.0", ratio("SUM(l_extendedprice)", "7.0", 2, 1, 4)),
         ("AVG(l_quantity)", average("l_quantity"))],
    # The average in the predicate is DECIMAL(38,2).
    22: [("AVG(c_acctbal)", average("c_acctbal"))],
}

# Query number -> the columns (from 0) of ORDER BY, where they leave ties.
ORDER_COLUMNS = {2: [0, 2, 1, 3], 3: [1, 2], 5: [1], 10: [2], 11: [1], 18: [4, 3]}


def environment(folder):
    """The Python of a virtual environment that holds PACKAGES; made on first use."""
    python = folder / "bin" / "python"
    stamp = folder / "vesto-packages"
    wanted = "\n".join(PACKAGES)
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"Installing {', '.join(PACKAGES)} into {folder}", file=sys.stderr)
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-U",
                        *PACKAGES], check=True)
        stamp.write_text(wanted)
    return python


def generate(python, sf, folder):
    folder.mkdir(parents=True, exist_ok=True)
    if all((folder / f"{table}.tbl").exists() for table in TABLES) and (folder / "done").exists():
        return
    print(f"Generating TPC-H SF{sf:g} in {folder}", file=sys.stderr)
    subprocess.run([python.parent / "tpchgen-cli", "-s", f"{sf:g}", "--output-dir", folder,
                    "--overwrite"], check=True, stdout=subprocess.DEVNULL)
    (folder / "done").touch()


def query_text(number, sf):
    text = (HERE / "queries" / f"q{number:02}.sql").read_text().strip()
    if number == 11 and sf != 1:  # the fraction of Q11 is 0.0001 / SF
        fraction = f"{0.0001 / sf:.10f}".rstrip("0")
        assert "0.0001" in text
        text = text.replace("0.0001", fraction)
    return text


def duckdb_text(number, sf):
    text = query_text(number, sf)
    for redshift, duckdb in REWRITES.get(number, []):
        assert redshift in text, f"Q{number} no longer contains {redshift}"
        text = text.replace(redshift, duckdb)
    return text


# --- DuckDB: this file runs itself inside the virtual environment ---------------------------------

def run_duckdb(job):
    import duckdb  # pylint: disable=import-error

    con = duckdb.connect(":memory:", config={"threads": job["threads"]})
    # What is after a table's closing parenthesis (DISTSTYLE, SORTKEY) and DISTKEY are Redshift's.
    for statement in (HERE / "schema.sql").read_text().split(";"):
        lines = [line for line in statement.splitlines() if not line.startswith("--")]
        text = "\n".join(lines).strip()
        if text:
            text = text[:text.rindex(")") if "\n) DIST" not in text else text.index("\n)")] + ")"
            con.execute(text.replace(" DISTKEY", "").replace(" SORTKEY", ""))
    result = {"version": duckdb.__version__, "load_seconds": {}, "queries": {}}
    for table in TABLES:
        path = pathlib.Path(job["data"]) / f"{table}.tbl"
        begin = time.perf_counter()
        # The .tbl format ends every line with the delimiter, so the reader sees one more column.
        columns = con.execute(f"SELECT column_name, column_type FROM (DESCRIBE {table})").fetchall()
        spec = ", ".join(f"'{name}': '{kind}'" for name, kind in columns + [("rest", "VARCHAR")])
        con.execute(f"INSERT INTO {table} SELECT * EXCLUDE (rest) FROM read_csv('{path}', "
                    f"delim='|', header=false, auto_detect=false, columns={{{spec}}})")
        result["load_seconds"][table] = time.perf_counter() - begin
    for number in job["queries"]:
        text = duckdb_text(number, job["sf"])
        rows = con.execute(text).fetchall()
        times = []
        for _ in range(job["runs"]):
            begin = time.perf_counter()
            con.execute(text).fetchall()
            times.append(1000 * (time.perf_counter() - begin))
        result["queries"][str(number)] = {
            "ms": times,
            "rows": [["NULL" if value is None else str(value) for value in row] for row in rows]}
    json.dump(result, open(job["output"], "w"))


# --- Vesto ------------------------------------------------------------------------------------------

def run_vesto(args, data, numbers, work):
    queries = work / "queries"
    queries.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        (queries / f"q{number:02}.sql").write_text(query_text(number, args.sf))
    output = work / "vesto.json"
    output.unlink(missing_ok=True)
    command = [args.binary, "--data", data, "--schema", HERE / "schema.sql", "--queries", queries,
               "--numbers", ",".join(map(str, numbers)), "--nodes", args.nodes,
               "--slices", args.slices, "--threads", args.threads, "--runs", args.runs,
               "--output", output]
    for setting in args.set:
        command += ["--set", setting]
    done = subprocess.run([str(word) for word in command], check=False)
    if done.returncode != 0 or not output.exists():
        sys.exit(f"vesto_tpch failed with status {done.returncode}")
    return json.loads(output.read_text())


# --- Checking and reporting -----------------------------------------------------------------------

def difference(number, ours, theirs):
    """None when the answers agree, else what differs."""
    ours = [tuple(value.rstrip(" ") for value in row) for row in ours]
    theirs = [tuple(value.rstrip(" ") for value in row) for row in theirs]
    if ours == theirs:
        return None
    if len(ours) != len(theirs):
        return f"{len(ours)} rows, DuckDB has {len(theirs)}"
    if sorted(ours) == sorted(theirs):
        keys = ORDER_COLUMNS.get(number)
        if keys and [[r[k] for k in keys] for r in ours] == [[r[k] for k in keys] for r in theirs]:
            return None
        return "same rows in another order"
    for index, (a, b) in enumerate(zip(ours, theirs)):
        if a != b:
            return f"row {index + 1}: {' | '.join(a)}\n          DuckDB: {' | '.join(b)}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--sf", type=float, default=1, help="scale factor (default 1)")
    parser.add_argument("--threads", type=int, default=2, help="threads of each engine (default 2)")
    parser.add_argument("--nodes", type=int, default=1, help="compute nodes of Vesto (default 1)")
    parser.add_argument("--slices", type=int, default=2, help="slices per node (default 2)")
    parser.add_argument("--runs", type=int, default=5, help="measured runs per query (default 5)")
    parser.add_argument("--queries", default="1-22", help="such as 1,6,17-19 (default all)")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE",
                        help="a setting of Vesto's session; may be repeated")
    parser.add_argument("--vesto-only", action="store_true", help="no DuckDB: times without answers")
    parser.add_argument("--check-only", action="store_true", help="compare answers, one run each")
    parser.add_argument("--binary", type=pathlib.Path,
                        default=ROOT / "build" / "release" / "bin" / "vesto_tpch")
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "build" / "tpch",
                        help="folder for the virtual environment and data")
    parser.add_argument("--json", type=pathlib.Path, help="write the measurements here too")
    parser.add_argument("--duckdb-job", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.duckdb_job:
        run_duckdb(json.loads(args.duckdb_job))
        return 0

    numbers = []
    for part in args.queries.split(","):
        first, _, last = part.partition("-")
        numbers += range(int(first), int(last or first) + 1)
    if args.check_only:
        args.runs = 1
    if not args.binary.exists():
        sys.exit(f"{args.binary} is missing: cmake --preset release && "
                 "cmake --build --preset release --target vesto_tpch")

    args.work.mkdir(parents=True, exist_ok=True)
    python = environment(args.work / "venv")
    data = args.work / f"sf{args.sf:g}"
    generate(python, args.sf, data)

    theirs = None
    if not args.vesto_only:
        output = args.work / "duckdb.json"
        job = {"threads": args.threads, "data": str(data), "queries": numbers, "runs": args.runs,
               "sf": args.sf, "output": str(output)}
        subprocess.run([python, __file__, "--duckdb-job", json.dumps(job)], check=True)
        theirs = json.loads(output.read_text())
    ours = run_vesto(args, data, numbers, args.work)

    megabytes = os.path.getsize(data / "lineitem.tbl") / 1e6
    print(f"\nTPC-H SF{args.sf:g}, {args.threads} threads, Vesto {args.nodes}x{args.slices} slices"
          + (f", DuckDB {theirs['version']}" if theirs else ""))
    print(f"COPY lineitem ({megabytes:.0f} MB): Vesto "
          f"{megabytes / ours['load_seconds']['lineitem']:.0f} MB/s"
          + (f", DuckDB {megabytes / theirs['load_seconds']['lineitem']:.0f} MB/s" if theirs else ""))
    print(f"\n| query | Vesto ms | DuckDB ms | ratio | answer |\n|---|---|---|---|---|")
    failed = ahead = 0
    totals = [0.0, 0.0]
    logs, notes = [], []
    for number in numbers:
        mine = ours["queries"][str(number)]
        if "error" in mine:
            failed += 1
            notes.append(f"Q{number}: {mine['error']}")
            print(f"| Q{number} | - | | | ERROR |")
            continue
        my_ms = statistics.median(mine["ms"])
        if not theirs:
            totals[0] += my_ms
            logs.append(math.log(my_ms))
            print(f"| Q{number} | {my_ms:.1f} | | | {len(mine['rows'])} rows |")
            continue
        other = theirs["queries"][str(number)]
        their_ms = statistics.median(other["ms"])
        what = difference(number, mine["rows"], other["rows"])
        if what:
            failed += 1
            notes.append(f"Q{number}: {what}")
        totals[0] += my_ms
        totals[1] += their_ms
        logs.append(math.log(my_ms / their_ms))
        ahead += my_ms < their_ms
        print(f"| Q{number} | {my_ms:.1f} | {their_ms:.1f} | {my_ms / their_ms:.2f} |"
              f" {'DIFFERS' if what else 'equal'} |")
    if logs:
        mean = math.exp(sum(logs) / len(logs))
        if theirs:
            print(f"| total | {totals[0]:.1f} | {totals[1]:.1f} | {totals[0] / totals[1]:.2f} | |")
            print(f"| geometric mean | | | {mean:.2f} | ahead on {ahead} of {len(numbers)} |")
        else:
            print(f"| total | {totals[0]:.1f} | | | |\n| geometric mean | {mean:.1f} | | | |")
    for note in notes:
        print(note)
    print(f"\n{len(numbers) - failed} passed, {failed} failed")
    if args.json:
        args.json.write_text(json.dumps({"vesto": ours, "duckdb": theirs}))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
