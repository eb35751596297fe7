"""The command line. Results go to stdout, diagnostics to stderr."""

from __future__ import annotations

import difflib
import gc
import os
import sys
from collections.abc import Sequence

from bigrules.cli.commands import COMMANDS
from bigrules.cli.helpers import CONFORMS, UNUSABLE, complain, print_json, print_text, unusable
from bigrules.cli.words import Refused, help_text, parsed


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        argv: The words after `bigrules`; those of the process if None.

    Returns:
        The exit status.
    """
    if argv is None:
        # A process of its own ends soon: little of what it makes is garbage, and looking for it takes longer.
        gc.set_threshold(50_000)
    words = list(sys.argv[1:] if argv is None else argv)
    # Python has no stream where the caller has closed it; the exit status still tells what was found.
    if sys.stdout is None or sys.stderr is None:
        nowhere = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 (until the process ends)
        sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    try:
        status = _run(words)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # Whoever read the output has gone; nothing more can be said, and Python must not try at exit.
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        return 141
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130


def _run(words: list[str]) -> int:
    from bigrules.diagnostics import DataPath, Diagnostic, InputError

    args = None

    def refuse(diagnostics: Sequence[Diagnostic]) -> None:
        complain(diagnostics)
        if args is not None and args.command in ("check", "explain", "review") and args.format == "json":
            from bigrules.render.as_json import FORMAT

            many = "reviews" if args.command == "review" else "reports"
            print_json({"format": FORMAT, many: [unusable("", diagnostics)]})

    try:
        if words and not words[0].startswith("-") and words[0] not in COMMANDS:
            near = difflib.get_close_matches(words[0], COMMANDS, 1, 0.5)
            help_ = f"did you mean `{near[0]}`?" if near else f"the commands are {', '.join(COMMANDS)}"
            raise Refused(
                Diagnostic(
                    "BR501",
                    "no-such-command",
                    f"there is no command `{words[0]}`",
                    DataPath("command line"),
                    help_,
                )
            )
        args = parsed(words)
        if args.version:
            from bigrules import __version__

            print_text(f"bigrules {__version__}\n")
            return CONFORMS
        if args.help or not args.command:
            print_text(help_text())
            return CONFORMS if args.help else UNUSABLE
        return COMMANDS[args.command](args)
    except Refused as refused:
        if refused.usage:
            sys.stderr.write(refused.usage)
        refuse([refused.diagnostic])
    except InputError as error:
        refuse(error.diagnostics)
    except (RecursionError, MemoryError):
        complain(
            [
                Diagnostic(
                    "BR504",
                    "too-much",
                    "the input is too large or too deeply nested to be worked on",
                    DataPath("command line"),
                    "take a part of it, such as one register at a time",
                )
            ]
        )
    except BrokenPipeError:
        raise
    except OSError as error:
        name = os.fspath(error.filename) if isinstance(error.filename, (str, os.PathLike)) else ""
        complain(
            [
                Diagnostic(
                    "BR505",
                    "cannot-use",
                    (error.strerror or str(error)).lower(),
                    DataPath(name or "command line"),
                    "the system refused this: look whether the disk is full, the folder is there, and the file yours",
                )
            ]
        )
    except SystemExit as stop:  # argparse after --help of a command
        return int(stop.code or 0)
    except Exception as error:
        # A fault of bigrules; what somebody was working on must not be answered with a traceback.
        if os.environ.get("BIGRULES_TRACEBACK"):
            raise
        message = f"something went wrong inside bigrules: {type(error).__name__}"
        help_ = "please report it, with what BIGRULES_TRACEBACK=1 prints; nothing that was printed can be relied on"
        complain([Diagnostic("BR599", "fault-of-bigrules", message, DataPath("command line"), help_)])
    return UNUSABLE
