"""A stand-in for GitHub's API on this machine: it keeps comments, and says what it was asked."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

PROGRAM = {"login": "github-actions[bot]", "type": "Bot"}


class GitHub:
    """Comments of pull requests, kept until it is closed."""

    def __init__(self) -> None:
        self.comments: list[dict[str, Any]] = []
        self.asked: list[tuple[str, str]] = []
        self.tokens: set[str] = set()
        # What a method is answered with in place of doing it, as often as it says.
        self.refuses: dict[str, list[int]] = {}
        api = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *arguments: object) -> None:
                pass

            def answer(self) -> None:
                api.tokens.add(self.headers["Authorization"])
                length = int(self.headers.get("Content-Length") or 0)
                data = json.loads(self.rfile.read(length)) if length else None
                status, found = api.answer(self.command, self.path, data)
                body = json.dumps(found).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PATCH = answer

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> GitHub:
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.server.server_close()

    def add(self, body: str, user: dict[str, str] = PROGRAM) -> int:
        """Somebody writes a comment."""
        self.comments.append({"id": len(self.comments) + 1, "body": body, "user": user})
        return len(self.comments)

    def answer(self, method: str, path: str, data: Any) -> tuple[int, object]:
        """What is answered to a request."""
        self.asked.append((method, path))
        if self.refuses.get(method):
            return self.refuses[method].pop(0), {"message": "no"}
        if listed := re.fullmatch(r"/repos/club/rules/issues/7/comments\?per_page=100&page=(\d+)", path):
            start = (int(listed[1]) - 1) * 100
            return 200, self.comments[start : start + 100]
        if method == "POST" and path == "/repos/club/rules/issues/7/comments":
            assert len(data["body"]) <= 65_536
            return 201, {"id": self.add(data["body"])}
        if method == "PATCH" and (one := re.fullmatch(r"/repos/club/rules/issues/comments/(\d+)", path)):
            self.comments[int(one[1]) - 1]["body"] = data["body"]
            return 200, {}
        return 404, {"message": "not found"}
