"""Nothing leaves the machine: tests run where the network is refused, and a program without any network says the same."""

import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.skipif(sys.platform == "win32", reason="the network is not refused there")
def test_no_test_can_reach_the_network() -> None:
    refused = pytest.fail.Exception
    with socket.socket() as one, pytest.raises(refused, match="asked for the network"):
        one.connect(("127.0.0.1", 9))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one, pytest.raises(refused):
        one.sendto(b"x", ("127.0.0.1", 9))
    with pytest.raises(refused):
        socket.getaddrinfo("example.invalid", 80)
    with pytest.raises(refused):
        urllib.request.urlopen("http://127.0.0.1:9/")


@pytest.mark.parametrize(
    "words", [["examples"], ["examples", "--format", "json"], ["examples", "--jobs", "2", "--plain"]]
)
def test_without_any_network_the_program_says_the_same(words: list[str]) -> None:
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-n", "true"], capture_output=True, check=False).returncode:
        pytest.skip("not allowed to take the network away")

    def ran(*before: str) -> tuple[int, bytes, bytes]:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [*before, sys.executable, "-m", "checklist", *words]
        ended = subprocess.run(command, capture_output=True, check=False, cwd=ROOT, env=environment)
        return ended.returncode, ended.stdout, ended.stderr

    assert ran(unshare, "-n") == ran()
    assert ran()[0] == 1


def test_no_room_imports_what_could_reach_the_network() -> None:
    words = r"^\s*(?:import|from) +(?:socket|ssl|http|urllib\.request|ftplib|smtplib|asyncio|xmlrpc|webbrowser|requests|httpx)\b"
    files = sorted((ROOT / "checklist").rglob("*.py"))

    assert len(files) > 30
    assert [path.name for path in files if re.search(words, path.read_text(encoding="utf-8"), re.MULTILINE)] == []
