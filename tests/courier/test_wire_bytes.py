"""What leaves us, byte for byte, whatever a mail had in it, on each Python that we support and that is here."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from support.keys import pem

from mailgate.core.desk.notice import Template
from mailgate.service import probe

ROOT = Path(__file__).resolve().parents[2]


def interpreter(version):
    """A Python of that version: this one, one on the PATH, or one of pyenv's; None where there is none."""
    if version == f"{sys.version_info.major}.{sys.version_info.minor}":
        return sys.executable
    of_pyenv = sorted(Path("~/.pyenv/versions").expanduser().glob(f"{version}.*/bin/python"))
    found = [shutil.which(f"python{version}"), *of_pyenv]
    return next((path for path in found if path is not None and _runs(path, version)), None)


def _runs(path, version):
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    return subprocess.run([path, "-c", code], capture_output=True, text=True, check=False).stdout.strip() == version


@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_in_01_in_02_sm_02_what_is_on_the_wire_is_one_mail_and_nothing_else(version):
    python = interpreter(version)
    if python is None:
        pytest.skip(f"Python {version} is not here")
    task = {
        "templates": {template.value: probe.example_values(rich=True) for template in Template},
        "for_agents": sorted(probe._FOR_AGENTS),
        "keys": {"ed25519": pem("ed25519"), "rsa": pem(bits=1024)},
    }
    path = os.pathsep.join(
        [str(ROOT), str(ROOT / "tests"), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    )
    result = subprocess.run(
        [python, "-P", "-W", "error", "-m", "support.wire_bytes"],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert result.returncode == 0, result.stderr[-3000:]
    found = json.loads(result.stdout)
    assert found["python"].startswith(f"{version}.")
    assert found["wrong"] == []
    assert found["signed"] == "ed25519" or python != sys.executable  # PyNaCl is built for this Python alone
    assert found["mails"] == found["payloads"] >= 500
