"""Who reads: the archive's own people, or the public, which sees texts only where the operator may show them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datasette.app import Datasette

PLUGIN = "ewbscraper"
"""Our name in Datasette's configuration of plugins, which has the fields of Publication: `{"public": true}`."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What the operator has chosen."""

    public: bool = False
    """Anybody may come: no free SQL, no texts."""
    public_text: bool = False
    """Texts, raw captures and exports of texts for the public too."""
    index: bool = False
    """Search engines may list the pages."""
    names: tuple[str, ...] = ()
    """Host names, beside those of loopback, under which the archive's own people ask: a proxy's."""

    @property
    def with_texts(self) -> bool:
        """Full texts, captions, raw captures may be shown; else headline, dateline, snippet, citation and link."""
        return self.public_text or not self.public


def publication(datasette: "Datasette") -> Publication:
    """Out of the configuration of plugins; the default is the archive's own people."""
    chosen = datasette.plugin_config(PLUGIN) or {}
    switches = {name: bool(chosen.get(name)) for name in ("public", "public_text", "index")}
    return Publication(**switches, names=tuple(chosen.get("names") or ()))
