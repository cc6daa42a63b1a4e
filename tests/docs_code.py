"""What docs/evidence.md shows as code."""

import re
from pathlib import Path

DOCS = (Path(__file__).parents[1] / "docs" / "evidence.md").read_text(encoding="utf-8")


def blocks(language, after=""):
    """The parts of docs/evidence.md in this language, from some words of it on."""
    return re.findall(rf"```{language}\n(.*?)```", DOCS[DOCS.index(after) :], re.DOTALL)
