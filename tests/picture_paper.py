"""The small newspaper with pictures, styles and an icon, drawn as text."""

from small_paper import SmallPaper, page

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><title>{}</title></svg>'
STYLE = '@import "more.css"; body { background: url(/img/paper.svg) } /* url(/img/old.svg) */'
HEAD = '<link rel="stylesheet" href="/look/main.css?ver=6.2"><link rel="shortcut icon" href="/icon.svg">'
PICTURES = (
    '<img src="/img/{slug}-300.svg" srcset="/img/{slug}-300.svg 300w, /img/{slug}-900.svg 900w">'
    '<img src="/img/logo.svg"><img src="https://ads.example/pixel.svg">'
)


class PicturePaper(SmallPaper):
    """Each article has a picture of its own in two sizes, and shares logo, style and icon with the others."""

    def answer(self, path):
        if path.endswith(".svg"):
            return 200, {"Content-Type": "image/svg+xml"}, SVG.format(path)
        if ".css" in path:
            return 200, {"Content-Type": "text/css"}, STYLE if "main" in path else "p { color: url(deeper.svg) }"
        slug = path.rstrip("/").rpartition("/")[2]
        if slug not in self.posts:
            return super().answer(path)
        text = f"Text of {slug}, version {self.posts[slug]}.</p>{PICTURES.format(slug=slug)}<p>More of it."
        return 200, {}, page(f"Headline of {slug}", text, head=HEAD)


SHARED = {"/look/main.css?ver=6.2", "/look/more.css", "/icon.svg", "/img/logo.svg", "/img/paper.svg"}
