"""A small client of a language server, as an editor is one: it opens files and asks what is offered."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any


class Server:
    """yaml-language-server, with a folder opened in it and the settings of that folder.

    Args:
        program: The server.
        folder: The folder; `.vscode/settings.json` in it is taken as VS Code takes it.
    """

    def __init__(self, program: str, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [program, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.number = self.version = 0
        self.diagnostics: dict[str, list[Any]] = {}
        settings = json.loads((folder / ".vscode" / "settings.json").read_text(encoding="utf-8"))
        self.settings = {
            "schemas": settings["yaml.schemas"], "completion": True, "hover": True, "validate": True,
            "schemaStore": {"enable": False},
        }  # fmt: skip
        capabilities = {
            "textDocument": {"completion": {"completionItem": {"snippetSupport": True}}, "hover": {}},
            "workspace": {"configuration": True, "workspaceFolders": True, "didChangeConfiguration": {}},
        }
        root = folder.as_uri()
        workspace = [{"uri": root, "name": folder.name}]
        self.ask(
            "initialize",
            {"processId": None, "rootUri": root, "workspaceFolders": workspace, "capabilities": capabilities},
        )
        self.tell("initialized", {})
        self.tell("workspace/didChangeConfiguration", {"settings": {"yaml": self.settings}})

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()

    def send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def tell(self, method: str, params: Any) -> None:
        self.send({"method": method, "params": params})

    def ask(self, method: str, params: Any) -> Any:
        self.number += 1
        self.send({"id": self.number, "method": method, "params": params})
        while True:
            message = self.receive()
            if message.get("id") == self.number and "method" not in message:
                return message.get("result")

    def receive(self) -> dict[str, Any]:
        """The next message; what the server asks is answered."""
        assert self.process.stdout is not None
        length = 0
        while line := self.process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        message: dict[str, Any] = json.loads(self.process.stdout.read(length))
        if message.get("method") == "workspace/configuration":
            known = {"yaml": self.settings, "[yaml]": {}, "editor": {"detectIndentation": True}, "files": {}}
            answer = [known.get(each.get("section")) for each in message["params"]["items"]]
            self.send({"id": message["id"], "result": answer})
        elif message.get("method") == "textDocument/publishDiagnostics":
            self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "method" in message and "id" in message:
            self.send({"id": message["id"], "result": None})
        return message

    def open(self, file: str, text: str) -> list[Any]:
        """Open a file of the folder with a text, and wait for what is said of it."""
        uri = (self.folder / file).as_uri()
        self.diagnostics.pop(uri, None)
        # The server remembers what it read of a version.
        self.version += 1
        document = {"uri": uri, "languageId": "yaml", "version": self.version, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})
        until = time.monotonic() + 60
        while uri not in self.diagnostics and time.monotonic() < until:
            self.receive()
        return self.diagnostics[uri]

    def close(self, file: str) -> None:
        uri = (self.folder / file).as_uri()
        self.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
        # What it says of a file that is closed must not be taken for what it says of the next.
        self.diagnostics.pop(uri, None)
        while uri not in self.diagnostics:
            self.receive()

    def offered(self, file: str, text: str) -> list[str]:
        """What is offered where `|` stands in a text."""
        before, _, after = text.partition("|")
        self.open(file, before + after)
        place = {"line": before.count("\n"), "character": len(before.rpartition("\n")[2])}
        at = {"textDocument": {"uri": (self.folder / file).as_uri()}, "position": place}
        found = self.ask("textDocument/completion", at)
        self.close(file)
        items = found["items"] if isinstance(found, dict) else found or []
        return [each["label"] for each in items]

    def told(self, file: str, text: str) -> str:
        """What is said of the word in which `|` stands."""
        before, _, after = text.partition("|")
        self.open(file, before + after)
        place = {"line": before.count("\n"), "character": len(before.rpartition("\n")[2])}
        at = {"textDocument": {"uri": (self.folder / file).as_uri()}, "position": place}
        found = self.ask("textDocument/hover", at)
        self.close(file)
        return found["contents"]["value"] if found else ""
