"""What docs/evidence.md shows as code."""

import re

from checkout import DOCS

EVIDENCE = (DOCS / "evidence.md").read_text(encoding="utf-8")


def blocks(language, after=""):
    """The parts of docs/evidence.md in this language, from some words of it on."""
    return re.findall(rf"```{language}\n(.*?)```", EVIDENCE[EVIDENCE.index(after) :], re.DOTALL)
