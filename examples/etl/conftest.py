"""A warehouse for every test: a `vesto serve` of its own on a free port, with folders for its buckets.

It is up in milliseconds and gone with the test, so tests share nothing and clean up nothing.
"""

import os
import pathlib
import shutil
import subprocess
import types

import pytest
import redshift_connector

import job

HERE = pathlib.Path(__file__).parent


def vesto_binary():
    built = HERE.parents[1] / "build" / "release" / "bin" / "vesto"
    return os.environ.get("VESTO") or shutil.which("vesto") or str(built)


@pytest.fixture
def endpoint(tmp_path):
    """Host, port and the folder behind s3://warehouse."""
    warehouse = tmp_path / "warehouse"
    warehouse.mkdir()
    process = subprocess.Popen(
        [vesto_binary(), "serve", "--port", "0", "--nodes", "2", "--slices", "2", "--auth", "trust",
         "--mount", f"s3://landing={HERE / 'landing'}", "--mount", f"s3://warehouse={warehouse}"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    line = process.stdout.readline()  # "... accepts connections at postgresql://awsuser@127.0.0.1:PORT/dev"
    port = int(line.rsplit(":", 1)[1].split("/")[0])
    yield types.SimpleNamespace(host="127.0.0.1", port=port, warehouse=warehouse)
    process.terminate()
    assert process.wait(timeout=30) == 0


@pytest.fixture
def connect(endpoint):
    """Opens sessions with Amazon's own driver; closes them after the test."""
    sessions = []

    def open_session(user="awsuser"):
        session = redshift_connector.connect(host=endpoint.host, port=endpoint.port, user=user, password="any",
                                             database="dev", ssl=False)
        session.autocommit = True
        sessions.append(session)
        return session

    yield open_session
    for session in sessions:
        session.close()


@pytest.fixture
def db(connect):
    """A superuser's session in a warehouse that has the schema."""
    session = connect()
    job.run_file(session, "schema.sql")
    return session
