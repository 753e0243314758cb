"""Reads JSON objects strictly: every key is known, every value has its type."""

import json
import math
from pathlib import Path

from .errors import RequestError

REQUIRED = object()


class Fields:
    """The keys of one JSON object, each taken once.

    `place` names the object in errors, for example `request.json: optimizer`.
    """

    def __init__(self, value, place):
        if not isinstance(value, dict):
            raise RequestError(f"{place}: found {_kind(value)} where an object belongs; write {{...}}.")
        self.values = dict(value)
        self.place = place
        self.known = []

    @classmethod
    def read(cls, file):
        """The object in a JSON file."""
        try:
            with open(file, "rb") as stream:
                return cls(json.load(stream), Path(file).name)
        except OSError as error:
            raise RequestError(f"'{file}' cannot be read: {error.strerror}; give the folder that contains it.") from None
        except (ValueError, RecursionError) as error:
            raise RequestError(f"'{file}' is not JSON: {error}; write it again.") from None

    def fail(self, name, problem):
        raise RequestError(f"{self.place}: '{name}' {problem}")

    def take(self, name, default=REQUIRED):
        """The value as it is; `null` counts as absent."""
        self.known.append(name)
        value = self.values.pop(name, None)
        if value is not None:
            return value
        if default is REQUIRED:
            self.fail(name, "is missing; add it.")
        return default

    def number(self, name, default=REQUIRED, low=-math.inf, high=math.inf, above=None, below=None):
        """A finite number within low ... high, and strictly between `above` and `below` where they are given."""
        value = self.take(name, default)
        if value is default and default is not REQUIRED:
            return value
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            self.fail(name, f"is {_kind(value)}; give a finite number.")
        if not low <= value <= high or (above is not None and value <= above) or (below is not None and value >= below):
            self.fail(name, f"is {value}; give a number {_range(low, high, above, below)}.")
        return float(value)

    def integer(self, name, default=REQUIRED, low=0, high=2**63 - 1):
        value = self.take(name, default)
        if value is default and default is not REQUIRED:
            return value
        if isinstance(value, bool) or not isinstance(value, int):
            self.fail(name, f"is {_kind(value)}; give a whole number.")
        if not low <= value <= high:
            self.fail(name, f"is {value}; give a whole number from {low} to {high}.")
        return value

    def flag(self, name, default=REQUIRED):
        value = self.take(name, default)
        if not isinstance(value, bool):
            self.fail(name, f"is {_kind(value)}; give true or false.")
        return value

    def text(self, name, default=REQUIRED):
        value = self.take(name, default)
        if value is not default and (not isinstance(value, str) or not value):
            self.fail(name, f"is {_kind(value)}; give a text.")
        return value

    def choice(self, name, choices, default=REQUIRED):
        value = self.text(name, default)
        if value not in choices:
            self.fail(name, f"is '{value}'; give one of {', '.join(choices)}.")
        return value

    def path(self, name, base, default=REQUIRED):
        """A path; a relative one starts at the folder `base`."""
        value = self.text(name, default)
        return value if value is default else Path(base) / value

    def object(self, name, default=REQUIRED):
        value = self.take(name, default)
        return value if value is default else Fields(value, f"{self.place}: {name}")

    def finish(self):
        """Rejects keys that nobody took."""
        unknown = sorted(name for name, value in self.values.items() if value is not None)
        if unknown:
            raise RequestError(
                f"{self.place}: unknown key '{unknown[0]}'; known here: {', '.join(sorted(set(self.known)))}.")


def _kind(value):
    names = {dict: "an object", list: "a list", str: f"the text '{str(value)[:40]}'", bool: str(value).lower()}
    return names.get(type(value), str(value))


def _range(low, high, above, below):
    parts = [f"from {low:g}"] if low > -math.inf else []
    parts += [f"up to {high:g}"] if high < math.inf else []
    parts += [f"above {above:g}"] if above is not None else []
    parts += [f"below {below:g}"] if below is not None else []
    return " and ".join(parts) or "that is finite"
