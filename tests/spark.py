"""Whether Spark can run here: it is no part of the library, and needs Java besides its packages."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from importlib.util import find_spec

_OLDEST_JAVA = 17


@cache
def spark_trouble() -> str:
    """Return why Spark cannot run here, or nothing."""
    try:
        said = subprocess.run(["java", "-version"], check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return "Spark needs Java, and there is none on this machine"
    version = re.search(r'"(\d+)', said.stderr)
    if not version or int(version[1]) < _OLDEST_JAVA:
        return f"Spark needs Java {_OLDEST_JAVA} or newer; this is {said.stderr.splitlines()[0]}"
    if not (find_spec("pyspark") and find_spec("pandas")):
        return "PySpark is not installed; make clean test installs it where it finds Java"
    return ""
