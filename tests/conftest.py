"""What all tests share."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-pages",
        action="store_true",
        help="rewrite the JSON beside the golden pages: `git diff` is the review",
    )
    parser.addoption("--write-safety", action="store_true", help="write docs/safety.md: run all of tests/faults")
