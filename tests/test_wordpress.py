"""A crawl of a real WordPress, compared with what it knows of its own posts: `make test-wordpress`."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
import rig

from ewbscraper.archive.database import read
from ewbscraper.archive.lookup import get_article
from ewbscraper.browse.serve import free_port

RIG = Path(__file__).parents[1].parent / "shared" / "wordpress"

pytestmark = [
    pytest.mark.wordpress,
    pytest.mark.skipif(not (RIG / "up").is_file(), reason="the WordPress rig is not beside this checkout"),
    pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="the WordPress rig needs root"),
]

OUTLET_FILE = """
from ewbscraper.outlet import Outlet, WordPress

OUTLET = Outlet(slug="rig", name="European Western Balkans", home="{home}", sources=(WordPress(),))
"""


class Site:
    """The WordPress, an archive beside an outlet file of it, and runs of the real command."""

    def __init__(self, home: str, gold: Path, folder: Path) -> None:
        self.home, self.gold, self.folder = home, gold, folder
        (folder / "outlets").mkdir()
        (folder / "outlets" / "rig.py").write_text(OUTLET_FILE.format(home=home))

    def crawl(self) -> dict:
        command = [sys.executable, "-m", "ewbscraper", "crawl", "rig", "--json"]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)[0]

    def articles(self) -> dict[str, dict]:
        with closing(read(self.folder / "archive.db")) as db:
            urls = [row["url"] for row in db.execute("SELECT url FROM articles")]
            return {url: get_article(db, url) for url in urls}


@pytest.fixture(scope="module")
def site():
    folder = Path(tempfile.mkdtemp(prefix="ewb-wordpress-test-"))
    folder.chmod(0o755)  # the rig's services run as www-data
    state = str(folder / "state")
    port = str(free_port("127.0.0.1", 8790))
    up = [RIG / "up", "--state", state, "--port", port, "--gold", folder / "gold"]
    environment = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}  # where nginx and PHP-FPM are
    try:
        started = subprocess.run(up, capture_output=True, text=True, env=environment, check=False, timeout=600)
        if started.returncode:
            pytest.skip(f"the WordPress rig does not start here: {started.stderr.strip()[-300:]}")
        (folder / "project").mkdir()
        yield Site(started.stdout.strip(), folder / "gold", folder / "project")
    finally:
        down = [RIG / "down", "--wipe", "--state", state]
        subprocess.run(down, capture_output=True, env=environment, check=False, timeout=120)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def first_run(site):
    return site.crawl()


@pytest.fixture(scope="module")
def articles(site, first_run):
    return site.articles()


def test_every_published_post_is_archived_and_nothing_else(site, articles):
    published = {post["url"] for post in rig.posts(site.gold) if not post["protected"]}
    assert published <= set(articles)
    assert set(articles) == published


@pytest.mark.parametrize("field", ["headline", "published", "authors", "dateline", "captions", "related_posts", "body"])
def test_a_field_is_right_on_98_percent_of_the_posts(site, articles, field):
    posts = [post for post in rig.posts(site.gold) if not post["protected"]]
    wrong = [post["url"] for post in posts if field in rig.faults(post, articles[post["url"]])]
    assert len(wrong) <= 0.02 * len(posts), wrong


def test_nothing_is_asked_again_where_nothing_changed(site, articles):
    again = site.crawl()
    assert (again["new"], again["changed"], again["gone"], again["unchanged"]) == (0, 0, 0, len(articles))
    assert again["requests"] <= 4
