"""The patterns of IAM policies: wildcards, ARNs and policy variables."""

import re
from functools import lru_cache

_VARIABLE = re.compile(r"\$\{\s*([^},\s]+)\s*(?:,\s*'([^']*)'\s*)?\}")
_SPECIAL = ("*", "?", "$")

# How an ARN is used. In identity policies, an ARN with fewer than six segments is completed with `*`.
IDENTITY, RESOURCE, CONDITION = "identity", "resource", "condition"


def pieces_of(text, context, variables):
    """The text as (part, is literal), with variables replaced; None if one has no single value: nothing then matches."""
    if not variables or "${" not in text:
        return ((text, False),)
    pieces, end = [], 0
    for found in _VARIABLE.finditer(text):
        name, fallback = found.groups()
        value = name if name in _SPECIAL else context.get(name)
        value = fallback if value is None else value
        if not isinstance(value, str):
            return None
        pieces += [(text[end:found.start()], False), (value, True)]
        end = found.end()
    return (*pieces, (text[end:], False))


def text_of(pieces):
    return "".join(text for text, _literal in pieces)


@lru_cache(maxsize=10_000)
def glob(pieces, ignore_case=False):
    """`*` matches any text and `?` any character, colons and slashes included."""
    expression = "".join(
        re.escape(text) if literal else re.escape(text).replace(r"\*", ".*").replace(r"\?", ".")
        for text, literal in pieces)
    return re.compile(expression, re.DOTALL | (re.IGNORECASE if ignore_case else 0))


@lru_cache(maxsize=10_000)
def arn(pieces, use):
    """A pattern for ARNs, whose first five colons separate six segments. The last one may contain colons.

    In Resource, a wildcard stays in its segment, except that "an asterisk at the end of a segment can expand to match
    beyond the colon boundaries". In ArnLike, "each of the six colon-delimited components of the ARN is checked
    separately".
    """
    characters = [(symbol, literal) for text, literal in pieces for symbol in text]
    expression, colons, open_end = "", 0, False
    for index, (symbol, literal) in enumerate(characters):
        colons += symbol == ":"
        open_end = False
        if literal or symbol not in "*?":
            expression += re.escape(symbol)
            continue
        following = characters[index + 1][0] if index + 1 < len(characters) else None
        at_end = following is None or (use != CONDITION and following == ":")
        if symbol == "*":
            open_end = colons >= 5 or at_end
            expression += ".*" if open_end else "[^:]*"
        else:
            expression += "." if colons >= 5 else "[^:]"
    if use == IDENTITY and colons < 5 and not open_end and text_of(pieces).startswith("arn:"):
        expression += ":.*"
    return re.compile(expression, re.DOTALL)
