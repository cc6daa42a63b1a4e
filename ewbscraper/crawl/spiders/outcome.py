"""What a run met, and what of it a person should look at."""

from collections import Counter
from dataclasses import dataclass, field

from ewbscraper.archive.runs import NO_SOURCE
from ewbscraper.crawl.base import LEFT_ALONE, OUT_OF_TIME

OURS = "our fault"
CANNOT_WRITE = "cannot write"
WELL = ("finished", "shutdown", OUT_OF_TIME, LEFT_ALONE, CANNOT_WRITE)
"""How a run may end of itself, or as it was told."""
MANY = 5
"""Pages: where so many are asked for and none is answered, a person should look; a single one only waits."""


@dataclass(slots=True)
class Outcome:
    """Filled while the run goes on."""

    answered: bool = False
    """A source answered usefully."""
    problems: list[str] = field(default_factory=list)
    """Of sources, and faults of ours, in sentences."""
    why_left: str = ""
    """Why the site is not asked any more."""
    had: int = 0
    """Pages that were had, or are known to be gone."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Why pages were not had."""

    def needs_a_look(self, reason: str, *, resting: bool) -> list[str]:
        """Sentences, none where all is well; `resting`: the site had asked to be left alone before the run began."""
        looks = [problem for problem in self.problems if OURS in problem]
        if reason not in WELL:
            looks.insert(0, f"the run stopped early ({reason}): the log says where")
        elif reason in ("finished", LEFT_ALONE) and not self.answered and not resting:
            # Once, without the address of the list that met it: that of WordPress has 150 characters before the cause.
            why = self.why_left
            problems = [problem for problem in self.problems if not (why and problem.endswith(f": {why}"))]
            untold = why and not any(why in problem for problem in problems)
            looks = [NO_SOURCE, *problems, *([why] if untold else [])]
        failed = self.reasons.total()
        if failed >= MANY and not self.had:
            looks.append(f"none of {failed} pages could be had: {self.reasons.most_common(1)[0][0]}")
        return looks
