"""The WordPress-like REST answers: a list of posts with paging, and the site's own description."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from ewbscraper.sample_site.answer import Answer, json_answer
from ewbscraper.sample_site.edition import ZONE, SampleArticle
from ewbscraper.sample_site.newspaper import Newspaper
from ewbscraper.sample_site.outlet import NAME

POSTS = "/wp-json/wp/v2/posts"
Query = Mapping[str, str]
Key = Callable[[SampleArticle], Any]
ORDERS: dict[str, Key] = {
    "date": lambda article: article.published,
    "modified": lambda article: article.modified,
    "id": lambda article: article.id,
}


def rest(paper: Newspaper, path: str, query: Query) -> Answer:
    """The answer to a path under `/wp-json/`."""
    if path == "/wp-json/":
        return json_answer({"name": NAME, "home": paper.home, "timezone_string": ZONE.key})
    if path.rstrip("/") == POSTS:
        return _posts(paper, query)
    return _error("rest_no_route", "No route was found matching the URL and request method.", 404)


def _posts(paper: Newspaper, query: Query) -> Answer:
    size, number = query.get("per_page", "10"), query.get("page", "1")
    if not (size.isdecimal() and 1 <= int(size) <= 100 and number.isdecimal() and int(number) >= 1):
        return _error("rest_invalid_param", "Invalid parameter(s): per_page, page", 400)
    if query.get("orderby", "date") not in ORDERS:
        return _error("rest_invalid_param", "Invalid parameter(s): orderby", 400)
    return _page(paper, _chosen(paper, query), int(size), int(number), query.get("_fields", ""))


def _chosen(paper: Newspaper, query: Query) -> list[SampleArticle]:
    since = _moment(query["modified_after"]) if "modified_after" in query else None
    chosen = [article for article in paper.articles if since is None or article.modified > since]
    key = ORDERS[query.get("orderby", "date")]
    return sorted(chosen, key=key, reverse=query.get("order", "desc") == "desc")


def _page(paper: Newspaper, chosen: list[SampleArticle], size: int, number: int, fields: str) -> Answer:
    pages = -(-len(chosen) // size)
    if number > max(pages, 1):
        message = "The page number requested is larger than the number of pages available."
        return _error("rest_post_invalid_page_number", message, 400)
    posts = [_post(paper, article) for article in chosen[(number - 1) * size : number * size]]
    headers = {"X-WP-Total": str(len(chosen)), "X-WP-TotalPages": str(pages)}
    return json_answer([_only(post, fields) for post in posts], headers=headers)


def _post(paper: Newspaper, article: SampleArticle) -> dict[str, Any]:
    title = article.words["protected"].format(article.headline) if article.protected else article.headline
    return {
        "id": article.id,
        "date": _local(article.published),
        "date_gmt": _gmt(article.published),
        "modified": _local(article.modified),
        "modified_gmt": _gmt(article.modified),
        "slug": article.slug,
        "status": "publish",
        "type": "post",
        "link": paper.address(article.path),
        "title": {"rendered": title},
        "content": {"rendered": "", "protected": article.protected},
    }


def _only(post: dict[str, Any], fields: str) -> dict[str, Any]:
    """`_fields=id,content.protected` of a post, nested names too, as WordPress does."""
    if not fields:
        return post
    kept: dict[str, Any] = {}
    for name, _, inner in (field.strip().partition(".") for field in fields.split(",")):
        value = post.get(name)
        if isinstance(value, dict) and inner:
            kept[name] = kept.get(name, {}) | {key: part for key, part in value.items() if key == inner}
        elif name in post:
            kept[name] = value
    return kept


def _moment(text: str) -> datetime:
    """A time without an offset is in the newspaper's zone, as in WordPress."""
    moment = datetime.fromisoformat(text.replace(" ", "+"))
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def _local(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}"


def _gmt(moment: datetime) -> str:
    return _local(moment.astimezone(UTC))


def _error(code: str, message: str, status: int) -> Answer:
    return json_answer({"code": code, "message": message, "data": {"status": status}}, status)
