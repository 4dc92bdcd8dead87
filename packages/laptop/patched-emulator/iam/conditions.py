"""Condition operators, as documented in "IAM JSON policy elements: Condition operators"."""

import base64
import binascii
import datetime as dt
import ipaddress
import operator
import re

from . import patterns

_NAME = re.compile(r"(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?", re.IGNORECASE)


class Operator:
    """A condition operator: how it compares, and what it says about keys that are absent or have several values."""

    def __init__(self, name, base, quantifier, if_exists):
        self.name = name
        self.null = base == "null"
        self.negated = not self.null and "not" in base
        self.compare = None if self.null else _COMPARISONS[base.replace("not", "", 1)]
        self.variables = base.startswith(("string", "arn"))
        self.quantifier = (quantifier or "").lower()
        self.if_exists = bool(if_exists)

    def holds(self, values, given, context, variables):
        """Whether the condition holds. `given` is the request's value, a list of them, or None without the key."""
        if self.null:
            return any((value.lower() == "true") == (given is None) for value in values)
        given = [] if given is None else given if isinstance(given, list) else [given]
        if not given:
            return self.if_exists or self.quantifier == "forallvalues" or (
                self.negated and self.quantifier != "foranyvalue")
        expected = [pieces for value in values
                    if (pieces := patterns.pieces_of(value, context, variables and self.variables)) is not None]
        results = [any(self.compare(pieces, str(value)) for pieces in expected) != self.negated for value in given]
        # Without a quantifier, a key has one value. If it has more, a negated operator must hold for all of them.
        every = self.quantifier == "forallvalues" or (self.negated and self.quantifier != "foranyvalue")
        return all(results) if every else any(results)


def parse(name):
    """The operator of this name; None if IAM has none."""
    found = _NAME.fullmatch(name)
    base = found.group(2).lower() if found else ""
    known = base == "null" or base in _COMPARISONS or base in _NEGATIONS
    if not known or (base == "null" and (found.group(1) or found.group(3))):
        return None
    return Operator(name, base, found.group(1), found.group(3))


def _arn_like(pieces, value):
    return patterns.arn(pieces, patterns.CONDITION).fullmatch(value) is not None


def _typed(convert, compare):
    """Compares values of a type. What is not of this type compares with nothing."""
    def compare_texts(pieces, value):
        try:
            return compare(convert(value), convert(patterns.text_of(pieces)))
        except (ValueError, OverflowError, binascii.Error):
            return False
    return compare_texts


def _number(text):
    if not re.fullmatch(r"\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*", text, re.IGNORECASE):
        raise ValueError(text)
    return float(text)


def _time(text):
    """ISO 8601, or seconds since the epoch. A time without a zone is in UTC."""
    if re.fullmatch(r"-?\d{5,}(\.\d+)?", text):
        return dt.datetime.fromtimestamp(float(text), dt.timezone.utc)
    if re.fullmatch(r"\d{4}", text):
        text += "-01-01"
    elif re.fullmatch(r"\d{4}-\d\d", text):
        text += "-01"
    time = dt.datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", text))
    return time if time.tzinfo else time.replace(tzinfo=dt.timezone.utc)


def _in_range(address, network):
    return address.network_address in network


_ORDER = {"equals": operator.eq, "lessthan": operator.lt, "lessthanequals": operator.le,
          "greaterthan": operator.gt, "greaterthanequals": operator.ge}
_COMPARISONS = {
    "stringequals": lambda pieces, value: patterns.text_of(pieces) == value,
    "stringequalsignorecase": lambda pieces, value: patterns.text_of(pieces).casefold() == value.casefold(),
    "stringlike": lambda pieces, value: patterns.glob(pieces).fullmatch(value) is not None,
    "arnequals": _arn_like,
    "arnlike": _arn_like,
    "bool": lambda pieces, value: patterns.text_of(pieces).lower() == value.lower(),
    "binaryequals": _typed(lambda text: base64.b64decode(text, validate=True), operator.eq),
    "ipaddress": _typed(lambda text: ipaddress.ip_network(text, strict=False), _in_range),
    **{f"numeric{name}": _typed(_number, compare) for name, compare in _ORDER.items()},
    **{f"date{name}": _typed(_time, compare) for name, compare in _ORDER.items()},
}
_NEGATIONS = {"stringnotequals", "stringnotequalsignorecase", "stringnotlike", "arnnotequals", "arnnotlike",
              "numericnotequals", "datenotequals", "notipaddress"}
