"""The reading room: a Datasette plugin. Only this package knows Datasette."""

# Datasette finds templates/ and static/ beside a plugin that is a package, and on Python 3.11 only there.
from ewbscraper.browse.metadata import canned_queries, get_metadata
from ewbscraper.browse.plugin import (
    asgi_wrapper,
    extra_template_vars,
    handle_exception,
    permission_allowed,
    prepare_connection,
    prepare_jinja2_environment,
    register_routes,
    render_cell,
    startup,
)

__all__ = [
    "asgi_wrapper",
    "canned_queries",
    "extra_template_vars",
    "get_metadata",
    "handle_exception",
    "permission_allowed",
    "prepare_connection",
    "prepare_jinja2_environment",
    "register_routes",
    "render_cell",
    "startup",
]
