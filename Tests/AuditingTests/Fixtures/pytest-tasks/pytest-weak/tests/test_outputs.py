import json
from pathlib import Path


def people():
    return json.loads(Path("/app/people.json").read_text())


def test_is_a_list():
    assert isinstance(people(), list)


def test_number():
    assert len(people()) == 8


def test_fields():
    for person in people():
        assert set(person) == {"given", "family", "born"}
        assert isinstance(person["born"], int)
