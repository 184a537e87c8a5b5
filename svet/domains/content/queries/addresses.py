"""The address of a page on the site: its path in the tree without the tree's own root."""

from __future__ import annotations


def address_of(url_path: str) -> str:
    """Return the address of a page with this path.

    >>> address_of("/site/info/norms/"), address_of("/site/")
    ('/info/norms/', '/')
    """
    return "/" + url_path.lstrip("/").partition("/")[2]
