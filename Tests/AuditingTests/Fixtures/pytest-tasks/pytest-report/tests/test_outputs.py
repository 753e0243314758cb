import json
from pathlib import Path

REPORT = Path("/app/report.json")


def test_report_exists():
    assert REPORT.exists()


def test_requests():
    assert json.loads(REPORT.read_text())["requests"] == 60


def test_errors():
    assert json.loads(REPORT.read_text())["errors"] == 15


def test_slowest():
    assert json.loads(REPORT.read_text())["slowest"] == "/help"
