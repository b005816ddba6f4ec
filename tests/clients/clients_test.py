#!/usr/bin/env python3
"""Real clients against a real endpoint. Usage: clients_test.py VESTO FOLDER [WORD...]

Starts `vesto serve` on a free port and lets each client do what its users do: log in, read every
type, write with parameters, run transactions, see errors, read the catalog. A class of tests is a client,
a module a family of them; WORD runs the tests with that word in their names. packages.py says where the
clients come from and keeps them in FOLDER. A client that cannot be had is skipped and named; more than one
of them is a failure.
"""

import os
import pathlib
import sys
import unittest

import endpoint
import packages

FAMILIES = ["psql_client", "python_drivers", "sqlalchemy_client", "awswrangler_client", "jdbc_clients", "odbc_clients",
            "node_client", "dbt_client", "documented_clients"]
SKIPS_MAX = 1


def tests_of(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from tests_of(test)
        else:
            yield test


def main():
    vesto, folder, *words = sys.argv[1:]
    vesto, packages.FOLDER = os.path.abspath(vesto), pathlib.Path(folder).absolute()
    home = packages.FOLDER / "python"
    packages.FOLDER.mkdir(parents=True, exist_ok=True)
    if sys.prefix != str(home):
        python = packages.environment(home, packages.PYTHON)
        os.execv(python, [python, *sys.argv])
    endpoint.RUNNING = endpoint.Endpoint(vesto)
    suite = unittest.TestSuite(test for test in tests_of(unittest.defaultTestLoader.loadTestsFromNames(FAMILIES))
                               if not words or any(word in test.id() for word in words))
    result = unittest.TextTestRunner(verbosity=0).run(suite)
    # A subtest counts as its test.
    failed = len({str(getattr(test, "test_case", test)) for test, _ in result.failures + result.errors})
    skipped = {type(test).__name__: reason for test, reason in result.skipped}
    for client, reason in sorted(skipped.items()):
        print(f"skipped {client}: {reason}")
    if len(skipped) > SKIPS_MAX:
        failed += 1
        print(f"more than {SKIPS_MAX} client could not be had")
    if endpoint.RUNNING.stop() != 0:
        failed += 1
        print("the endpoint did not end well")
    print(f"{result.testsRun - failed - len(result.skipped)} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
