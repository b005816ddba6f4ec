"""Where the clients come from: Debian packages (tests/tools/install.sh), and PyPI, npm and Maven into one
folder that is kept between runs. What cannot be had makes its client's tests skip, by unittest.SkipTest."""

import pathlib
import shutil
import subprocess
import unittest
import venv

# pg8000 after 1.31.2 and redshift_connector want different releases of scramp; sqlalchemy-redshift 1.0 calls
# SQLAlchemy 2.0's reflection.
PYTHON = ["psycopg2-binary", "psycopg[binary]>=3.2", "asyncpg>=0.30", "pg8000<1.31.3", "redshift-connector>=2.1",
          "sqlalchemy-redshift>=1.0", "sqlalchemy>=2.0,<2.1", "pandas", "pyodbc", "awswrangler>=3.17", "pytest>=8"]
# Later releases fetch a parser from outside the registry.
DBT = ["dbt-core<1.12", "dbt-redshift<1.11"]
NODE = ["pg@8"]
# The first reads metadata by queries of the catalog, the second by SHOW.
REDSHIFT_JDBC = ["com.amazon.redshift:redshift-jdbc42:2.1.0.32", "com.amazon.redshift:redshift-jdbc42:2.2.1"]
PGJDBC = pathlib.Path("/usr/share/java/postgresql.jar")  # libpostgresql-jdbc-java
PSQLODBC = pathlib.Path("/usr/lib/x86_64-linux-gnu/odbc/psqlodbcw.so")  # odbc-postgresql

FOLDER = None  # set by clients_test.py


def environment(folder, packages):
    """The Python of a virtual environment that holds `packages`; made on first use."""
    folder = pathlib.Path(folder)
    python, stamp, wanted = folder / "bin" / "python", folder / "packages", "\n".join(packages)
    if not stamp.exists() or stamp.read_text() != wanted:
        venv.create(folder, with_pip=True, clear=True)

        def install(some):
            return run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *some])

        if install(packages):
            stamp.write_text(wanted)
        else:  # what can be had
            for package in packages:
                install([package])
    return python


def run(command, **options):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    except FileNotFoundError as error:
        print(f"could not run {error.filename}")
        return False
    if done.returncode != 0:
        print(f"{' '.join(map(str, command[:4]))} ... failed: {(done.stderr + done.stdout).strip()[-500:]}")
    return done.returncode == 0


def need(condition, what):
    if not condition:
        raise unittest.SkipTest(f"{what} is not installed")


def dbt():
    """The dbt program, in an environment of its own."""
    program = pathlib.Path(environment(FOLDER / "dbt", DBT)).with_name("dbt")
    need(program.exists(), "dbt")
    return program


def node_modules():
    """A folder where Node finds `pg`."""
    folder = FOLDER / "node"
    folder.mkdir(exist_ok=True)
    need(shutil.which("node"), "node")
    if not (folder / "node_modules" / "pg").exists():
        run(["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", folder, *NODE], cwd=folder)
    need((folder / "node_modules" / "pg").exists(), "pg of npm")
    return folder


def redshift_jdbc(name=REDSHIFT_JDBC[0]):
    """Amazon's driver as a jar."""
    group, artifact, version = name.split(":")
    repository = FOLDER / "maven"
    jar = repository.joinpath(*group.split("."), artifact, version, f"{artifact}-{version}.jar")
    if not jar.exists():
        run(["mvn", "-q", "-B", f"-Dmaven.repo.local={repository}", "dependency:get", f"-Dartifact={name}",
             "-Dtransitive=false"])
    need(jar.exists(), artifact)
    return jar
