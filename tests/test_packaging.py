"""What is handed out: a wheel and an sdist, whole, no more; they install and run without a checkout, and go again."""

import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tarfile
import time
import tomllib
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
import yaml

import ewbscraper
from ewbscraper.browse.serve import free_port

pytest.importorskip("hatchling")
pytest.importorskip("ensurepip")

ROOT = Path(ewbscraper.__file__).parents[1]
LONGEST = 120
"""Seconds that a command may take."""

pytestmark = pytest.mark.slow
EXTRAS = ("pyarrow", "dask", "distributed", "scrapyd")
PAGE = "<title>Rain for a week in Lipa</title><article><h1>Rain for a week in Lipa</h1><p>It will rain.</p></article>"
PROGRAMME = """
from ewbscraper.extraction import extract

article = extract(b"<h1>A headline</h1>", "https://some.paper/2024/03/01/a-headline/")
headline: str | None = article.headline
credits: list[str | None] = [caption.credit for caption in article.captions]
wrong: int = article.captions
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sdist of this checkout; the wheel that is built of the sdist, as pip does, and that of the checkout."""
    made = {name: tmp_path_factory.mktemp(name) for name in ("sdist", "unpacked", "wheel", "direct")}
    _run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", made["sdist"], folder=ROOT)
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", made["direct"], folder=ROOT)
    (sdist,) = made["sdist"].iterdir()
    with tarfile.open(sdist) as file:
        file.extractall(made["unpacked"], filter="data")
    (unpacked,) = made["unpacked"].iterdir()
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", made["wheel"], folder=unpacked)
    return {name: next(folder.iterdir()) for name, folder in made.items()}


@pytest.fixture(scope="module")
def said(built: dict[str, Path]) -> Message:
    """The wheel's metadata."""
    with zipfile.ZipFile(built["wheel"]) as wheel:
        (name,) = [name for name in wheel.namelist() if name.endswith("/METADATA")]
        return message_from_bytes(wheel.read(name))


def test_the_wheel_has_every_file_of_the_package_and_nothing_beside_it(built):
    with zipfile.ZipFile(built["wheel"]) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert names == {path.relative_to(ROOT).as_posix() for path in _files(ROOT / "ewbscraper")}
    assert built["wheel"].stat().st_size < 1_500_000


def test_the_wheel_needs_no_compiler_and_is_the_same_from_checkout_and_sdist(built):
    assert built["wheel"].name == f"ewbscraper-{ewbscraper.__version__}-py3-none-any.whl"
    assert built["wheel"].read_bytes() == built["direct"].read_bytes()


@pytest.mark.skipif(not (ROOT / ".git").exists() or not shutil.which("git"), reason="no git checkout")
def test_the_sdist_is_what_git_knows_so_that_its_own_tests_run(built):
    known = _run("git", "ls-files", "--cached", "--others", "--exclude-standard", folder=ROOT).splitlines()
    there = {path.relative_to(built["unpacked"]).as_posix() for path in _files(built["unpacked"])}
    assert there - {"PKG-INFO"} == {name for name in known if (ROOT / name).exists()}
    assert os.access(built["unpacked"] / ".ci/set-up", os.X_OK)


def test_the_pythons_claimed_are_those_that_ci_tests(said):
    ci = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text("utf-8"))
    claimed = re.findall(r"Python :: (3\.\d+)", "\n".join(said.get_all("Classifier")))
    assert claimed == ci["jobs"]["python"]["strategy"]["matrix"]["python"]
    assert said["Requires-Python"] == f">={claimed[0]}"


def test_no_extra_is_empty(said):
    needs = said.get_all("Requires-Dist")
    assert {
        extra: [one for one in needs if f"extra == '{extra}'" in one] for extra in said.get_all("Provides-Extra")
    } == {
        "cluster": ["distributed>=2025.1; extra == 'cluster'", "scrapyd>=1.5; extra == 'cluster'"],
        "parquet": ["pyarrow>=17; extra == 'parquet'"],
    }


def test_a_citation_names_the_version_that_is_here():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == ewbscraper.__version__
    assert citation["license"] == tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["license"]


class Installed:
    """An environment with what was built and what it needs, no extra; an empty folder, home and /tmp for what runs."""

    def __init__(self, folder: Path, artefact: Path) -> None:
        self.env, self.work, self.home, self.tmp = (folder / name for name in ("env", "work", "home", "tmp"))
        for place in (self.work, self.home, self.tmp):
            place.mkdir()
        venv.create(self.env, with_pip=True)
        self._link_what_is_needed(folder / "needed")
        self.before = set(self.env.rglob("*"))
        self.pip("install", "--no-deps", "--no-index", "--no-build-isolation", artefact)

    def _link_what_is_needed(self, folder: Path) -> None:
        """The packages of this environment, but for the extras and ewbscraper itself: nothing is fetched."""
        folder.mkdir()
        for here in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
            for entry in Path(here).iterdir():
                if not entry.name.lower().strip("_").startswith((*EXTRAS, "ewbscraper", "editable")):
                    (folder / entry.name).symlink_to(entry)
        (site,) = self.env.glob("lib/python*/site-packages")
        (site / "needed.pth").write_text(f"{folder}\n")

    def pip(self, *words: object) -> None:
        _run(self.env / "bin/python", "-m", "pip", "--no-cache-dir", *words, folder=self.work, env=self.environment)

    def __call__(self, *words: str, stdin: str = "") -> str:
        return _run(self.env / "bin/ewbscraper", *words, folder=self.work, env=self.environment, stdin=stdin)

    @property
    def environment(self) -> dict[str, str]:
        """No compiler, no checkout, nobody's settings."""
        places = {"HOME": str(self.home), "TMPDIR": str(self.tmp)}
        return {**places, "PATH": str(self.env / "bin"), "CC": "/bin/false", "LANG": "C.UTF-8"}

    def served(self) -> str:
        """The first page of the reading room."""
        port = str(free_port("127.0.0.1", 8300))
        words = [self.env / "bin/ewbscraper", "serve", "--port", port]
        with subprocess.Popen(words, cwd=self.work, env=self.environment, stdout=subprocess.DEVNULL) as server:
            try:
                return _asked(f"http://127.0.0.1:{port}/")
            finally:
                server.send_signal(signal.SIGINT)


@pytest.fixture(scope="module", params=["wheel", "sdist"])
def installed(request, built, tmp_path_factory) -> Installed:
    return Installed(tmp_path_factory.mktemp("i"), built[request.param])


@pytest.mark.slow
def test_what_is_installed_runs_in_an_empty_folder_and_goes_without_a_trace(installed):
    assert "43 articles, 55 captures" in installed("demo", "--no-serve")
    assert '{"n": 43}' in installed("query", "select count(*) as n from articles")
    assert '"headline": "Rain for a week in Lipa"' in installed("extract", "-", "--url", "https://a.b/", stdin=PAGE)
    assert "The Lipa Gazette" in installed.served()
    for words in (("query", "select 1", "--parquet", "a.parquet"), ("reparse", "--dask", "tcp://127.0.0.1:1")):
        with pytest.raises(AssertionError, match=rf"{installed.env}/bin/python -m pip install 'ewbscraper\["):
            installed(*words)
    assert [*installed.home.rglob("*"), *installed.tmp.rglob("*")] == []
    installed.pip("uninstall", "--yes", "ewbscraper")
    assert {path for path in installed.env.rglob("*") if "__pycache__" not in path.parts} - installed.before == set()
    assert list(installed.env.glob("lib/python*/site-packages/ewbscraper*")) == []


@pytest.mark.slow
def test_a_programme_that_uses_it_is_checked_by_its_types(built, tmp_path):
    pytest.importorskip("mypy")
    with zipfile.ZipFile(built["wheel"]) as wheel:
        wheel.extractall(tmp_path / "site")
    (tmp_path / "programme.py").write_text(PROGRAMME)
    # A package on MYPYPATH is checked as one's own; found beside an interpreter, it is asked for its py.typed.
    venv.create(tmp_path / "env", with_pip=False)
    (site,) = (tmp_path / "env").glob("lib/python*/site-packages")
    (site / "installed.pth").write_text(f"{tmp_path / 'site'}\n")
    words = ["-m", "mypy", "--strict", "--python-executable", tmp_path / "env/bin/python", "programme.py"]
    done = subprocess.run([sys.executable, *words], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert re.findall(r"^programme.py:(\d+): error: .*\[(.+)\]$", done.stdout, re.MULTILINE) == [("7", "assignment")]


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def _run(*words: object, folder: Path, env: dict[str, str] | None = None, stdin: str = "") -> str:
    """What it prints. Raises AssertionError with what it says where it does not end well."""
    done = subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env=env,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _asked(url: str) -> str:
    for _ in range(10 * LONGEST):
        try:
            with urllib.request.urlopen(url) as answer:
                return answer.read().decode()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")
