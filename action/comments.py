"""The comment on a pull request, through GitHub's API."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from typing import Any

from asked import Settings


class Api:
    """GitHub's API.

    Args:
        url: Where it is.
        token: What it is asked with.
    """

    def __init__(self, url: str, token: str) -> None:
        self.url, self.token = url, token

    def ask(self, method: str, path: str, data: object = None) -> tuple[int, Any]:
        """One request: the status, 0 where there was no answer, and what came back."""
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "User-Agent": "bigrules",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(f"{self.url}{path}", body, headers, method=method)
        for attempt in range(3):
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return answer.status, json.loads(answer.read() or b"null")
            except urllib.error.HTTPError as error:
                if error.code < 500 or attempt == 2:
                    return error.code, None
            except (OSError, ValueError):
                if attempt == 2:
                    break
            time.sleep(2**attempt)
        return 0, None


def comment(settings: Settings, text: str, is_wanted: bool, api: Api | None = None) -> str:
    """Write the comment, or the one that is there anew; why there is none, or "".

    Args:
        settings: What was asked for.
        text: What it says, its marker first.
        is_wanted: Whether one is made where there is none yet.
        api: GitHub's API.
    """
    if not settings.token:
        return "there is no token"
    api = api or Api(settings.api, settings.token)
    of_pull = f"/repos/{settings.repository}/issues/{settings.number}/comments"
    own = 0
    for page in range(1, 101):
        status, found = api.ask("GET", f"{of_pull}?per_page=100&page={page}")
        if status != 200 or not isinstance(found, list):
            return _why(settings, status)
        for each in found:
            # Anybody can write the marker; only what a program wrote is written anew.
            if (
                str(each.get("body") or "").startswith(settings.marker)
                and (each.get("user") or {}).get("type") == "Bot"
            ):
                own = own or int(each["id"])
        if own or len(found) < 100:
            break
    if own:
        status, _ = api.ask("PATCH", f"/repos/{settings.repository}/issues/comments/{own}", {"body": text})
        return "" if status == 200 else _why(settings, status)
    if not is_wanted:
        return ""
    status, _ = api.ask("POST", of_pull, {"body": text})
    return "" if status == 201 else _why(settings, status)


def _why(settings: Settings, status: int) -> str:
    if status in (401, 403, 404):
        if settings.is_fork:
            return "a pull request from a fork has no right to write"
        return "the token has no right to write; give the job `permissions: pull-requests: write`"
    return f"GitHub answered {status}" if status else "GitHub did not answer"
