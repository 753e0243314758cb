from slug import slug


def test_plain():
    assert slug("A Plain Title") == "a-plain-title"


def test_spaces():
    assert slug("two  spaces") == "two-spaces"


def test_ends():
    assert slug(" What now? ") == "what-now"


def test_digits():
    assert slug("Top 10, again!") == "top-10-again"
