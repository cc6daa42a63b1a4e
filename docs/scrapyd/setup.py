"""Writes the egg that `scrapyd-deploy` sends: it says where our settings are, and holds no code.

Each node has the package from pip: an egg made of it lacks its tables of words, and making one leaves build/ behind.
"""

import sys
from pathlib import Path
from zipfile import ZipFile

EGG = {
    "EGG-INFO/PKG-INFO": "Metadata-Version: 2.1\nName: ewbscraper-settings\nVersion: 1\n",
    "EGG-INFO/entry_points.txt": "[scrapy]\nsettings = ewbscraper.crawl.settings\n",
}

if sys.argv[1:3] == ["bdist_egg", "-d"]:  # before, it asks to clean up: there is nothing
    with ZipFile(Path(sys.argv[3], "ewbscraper.egg"), "w") as egg:
        for name, text in EGG.items():
            egg.writestr(name, text)
