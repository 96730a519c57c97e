"""`python -m privacy.terms.rendering_apart`: Markdown by language, JSON on stdin → HTML, lines of JSON on stdout.

An empty line says that it begins. A number in place of the HTML is its length where all are too long together.
"""

import json
import resource
import sys
from typing import Any

from privacy.terms.rendering import rendered

MOST_HTML = 1_000_000
"""Characters of all texts of a version: with the Markdown they lie in one document, which may have 16 MiB."""
_MOST_MEMORY = 512 * 1024**2
_MOST_SECONDS = 8
"""Of the processor: it ends by itself where nobody is left to end it."""


def main() -> None:
    """Render what stands on stdin, one text after the other."""
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
    texts: dict[str, str] = json.load(sys.stdin.buffer)
    sys.stdout.write("\n")
    sys.stdout.flush()
    length = 0
    for markdown in texts.values():
        try:
            html = rendered(markdown)
        except (MemoryError, RecursionError):
            return
        length += len(html)
        _tell(html if length <= MOST_HTML else len(html))


def _tell(answer: Any) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
