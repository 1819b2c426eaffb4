"""The checks behind script/test."""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from script import stack

# The shell is the same Chromium without windows: it walks a page for half the computing time.
SHELL = "chromium-headless-shell"
BROWSERS = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPS = ("accounts", "factories", "complaints", "assessments", "config")


def find_browser() -> str:
    """Give the path of a Chromium, or nothing."""
    named = os.environ.get("CHROMIUM", "")
    if named:
        return shutil.which(named) or ""
    return next((path for name in BROWSERS if (path := shutil.which(name))), "")


def ensure_browser() -> str:
    """Find Chromium, installing it where we may; otherwise say what to do."""
    path = find_browser()
    if not path and not os.environ.get("CHROMIUM") and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium ...", flush=True)
        _apt("update")
        for package in (SHELL, "chromium"):
            _apt("install", "-y", "--no-install-recommends", package)
            path = find_browser()
            if path:
                break
    if not path:
        sys.exit(
            "No Chromium was found, and the browser tests need one. "
            "Install it (Debian: apt-get install chromium), name it in the variable CHROMIUM, "
            "or run script/test --without-browser."
        )
    return path


def _apt(*arguments: str) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", *arguments], env=environment, stdout=subprocess.DEVNULL, check=False)


def step(name: str, *command: str) -> bool:
    """Run one check and say how it went."""
    begun = time.monotonic()
    done = subprocess.run(command, cwd=stack.ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        sys.stdout.write(done.stdout.decode(errors="replace"))
    word = "failed" if done.returncode else "ok"
    print(f"{name}: {word} ({time.monotonic() - begun:.1f} s)", flush=True)
    return done.returncode == 0


def pytest(*arguments: str) -> int:
    """Run pytest with the servers of this run; its closing line is the last thing printed."""
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=stack.ROOT, check=False).returncode


def _checks() -> list[tuple[str, ...]]:
    """Give what is checked beside the tests, the longest first."""
    python = sys.executable
    return [
        ("types", python, "-m", "mypy"),
        ("import contracts", str(stack.ROOT / ".venv" / "bin" / "lint-imports"), "--no-cache"),
        ("django", python, "manage.py", "check"),
        ("migrations", python, "manage.py", "makemigrations", "--check", "--dry-run"),
        ("templates", python, "-m", "djlint", "--lint", "--quiet", "templates"),
        ("ruff check", python, "-m", "ruff", "check", "."),
        ("ruff format", python, "-m", "ruff", "format", "--check", "."),
    ]


def main(arguments: list[str]) -> int:
    """Run what was asked for; anything but 0 means something failed."""
    browser = "--without-browser" not in arguments
    arguments = [argument for argument in arguments if argument != "--without-browser"]
    narrow = bool(arguments) and arguments[0] in {"--", "--only"}
    if arguments and not narrow:
        sys.exit(f"script/test does not know {arguments[0]}; pytest's own arguments come after --.")
    if not browser:
        os.environ["SAMLENG_WITHOUT_BROWSER"] = "1"
    elif not narrow:
        os.environ["CHROMIUM"] = ensure_browser()
    servers = stack.TestServers()
    os.environ.update(servers.acquire())
    try:
        if narrow:
            return pytest(*arguments[1:])
        # Two at a time, as there are cores: none of them waits for another.
        with ThreadPoolExecutor(max_workers=2) as pool:
            checks = list(pool.map(lambda one: step(*one), _checks()))
        tests = pytest("-n", "2", "-q", *([] if browser else ["-m", "not browser"]))
        return tests or int(not all(checks))
    finally:
        servers.release()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
