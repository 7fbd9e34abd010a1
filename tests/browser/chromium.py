"""A headless Chromium, driven through its DevTools protocol: clicks, keys, pictures, and every request made."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pytest
from websockets.sync.client import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from websockets.sync.client import ClientConnection

WAIT_SECONDS = 60.0
# What the protocol says when a page goes away while it is asked.
LEFT = -32000
MODIFIERS = {"Control": 2, "Shift": 8}
NAMES = ("chromium", "chromium-browser", "google-chrome")


def executable() -> str | None:
    """Where a Chromium is on this machine, if there is one."""
    return next((found for found in map(shutil.which, NAMES) if found), None)


AXE = Path(sys.prefix) / "npm" / "node_modules" / "axe-core" / "axe.min.js"
NEEDS_CHROMIUM = pytest.mark.skipif(
    executable() is None, reason="no Chromium here, and the set-up could not install it"
)
NEEDS_AXE = pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm is missing")


class LeftError(Exception):
    """The page was left before it could answer."""


@dataclass
class Page:
    """A tab: what it asked for over the network, what it complained about, and what can be done in it."""

    connection: ClientConnection
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    _next: int = 0
    _last: str = ""

    def lacks(self, *rules: str) -> list[str]:
        """What axe finds wrong with the page as it is, by all its rules or those of these tags: rule and element."""
        if not self.evaluate("'axe' in window"):
            self.evaluate(AXE.read_text(encoding="utf-8") + "\n;0")
        options = {"runOnly": list(rules)} if rules else {}
        found = self.evaluate(f"axe.run(document, {json.dumps(options)})")
        return [f"{each['id']}: {node['html'][:120]}" for each in found["violations"] for node in each["nodes"]]

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """Calls a method of the protocol and gives its result; events that come in between are noted."""
        self._next += 1
        self.connection.send(json.dumps({"id": self._next, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.connection.recv(timeout=WAIT_SECONDS))
            if message.get("id") == self._next:
                if message.get("error", {}).get("code") == LEFT:
                    raise LeftError(message["error"]["message"])
                assert "error" not in message, message
                result: dict[str, Any] = message["result"]
                return result
            self._note(message)

    def _note(self, event: dict[str, Any]) -> None:
        method, values = event.get("method"), event.get("params", {})
        self._last = method or ""
        if method == "Network.requestWillBeSent":
            self.requests.append(values["request"]["url"])
        elif method == "Log.entryAdded" and values["entry"]["level"] == "error":
            self.complaints.append(f"{values['entry']['text']} {values['entry'].get('url', '')}")
        elif method == "Runtime.exceptionThrown":
            details = values["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description", details["text"]))

    def evaluate(self, script: str) -> Any:  # noqa: ANN401
        """The value of an expression in the page; promises are awaited."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def wait_for(self, condition: str) -> Any:  # noqa: ANN401
        """The value of an expression as soon as it is true."""
        end = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < end:
            waiting = f"""new Promise((done) => {{
              const look = (left) => {{
                const found = {condition};
                if (found || left === 0) done(found instanceof Node || found); else setTimeout(look, 25, left - 1);
              }};
              look(40);
            }})"""
            # The page may be left while it is asked; the next one is asked then.
            with contextlib.suppress(LeftError):
                if found := self.evaluate(waiting):
                    return found
        text = self.evaluate("document.body.innerText.slice(-1200)")
        raise AssertionError(f"{condition} never came true; {self.complaints}; the page says: {text}")

    def open(self, url: str) -> None:
        """Goes to an address and waits until the page is loaded."""
        self.call("Page.navigate", url="about:blank")
        self.wait_for("location.href === 'about:blank' && document.readyState === 'complete'")
        self.call("Page.navigate", url=url)
        self.wait_for("location.href !== 'about:blank' && document.readyState === 'complete'")

    def open_without_scripts(self, url: str) -> None:
        """Goes to an address where scripts are off, so that the page cannot be asked whether it is loaded."""
        self.call("Page.navigate", url=url)
        while self._last != "Page.loadEventFired":
            self._note(json.loads(self.connection.recv(timeout=WAIT_SECONDS)))

    def choose_file(self, selector: str, path: Path) -> None:
        """Chooses a file in a field for files."""
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", files=[str(path)], nodeId=node)

    def click(self, selector: str) -> None:
        """Clicks with the mouse in the middle of an element, after scrolling it into view."""
        place = self.evaluate(
            f"""(() => {{
              const element = document.querySelector({json.dumps(selector)});
              element.scrollIntoView({{block: "center", behavior: "instant"}});
              const box = element.getClientRects()[0];
              return [box.x + box.width / 2, box.y + box.height / 2];
            }})()"""
        )
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)

    def type(self, text: str) -> None:
        """Types text where the focus is."""
        for character in text:
            self.call("Input.dispatchKeyEvent", type="char", text=character)

    def press(self, key: str, *held: str, code: int = 0) -> None:
        """Presses a key, with others held."""
        modifiers = sum(MODIFIERS[each] for each in held)
        for kind in ("rawKeyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code="Space" if key == " " else key,
                windowsVirtualKeyCode=code,
                modifiers=modifiers,
            )

    def look_like(self, *, width: int, height: int = 900, scheme: str = "light") -> None:
        """Gives the window a size and the system a colour scheme."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", features=features)

    def screenshot(self, file: Path) -> None:
        """Writes a picture of the whole page as PNG."""
        made = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        file.write_bytes(base64.b64decode(made["data"]))

    def __enter__(self) -> Self:
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.call(f"{domain}.enable")
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()


class Chromium:
    """A running browser with a profile of its own."""

    def __init__(self, address: str) -> None:
        self._address = address

    @contextlib.contextmanager
    def page(self) -> Iterator[Page]:
        """A new tab in a context of its own, so that nothing is kept from one to the next."""
        with connect(self._address, max_size=None) as browser:
            top = Page(browser)
            context = top.call("Target.createBrowserContext")["browserContextId"]
            target = top.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
            base = self._address.partition("/devtools/")[0]
            with connect(f"{base}/devtools/page/{target}", max_size=None) as connection, Page(connection) as page:
                yield page
            top.call("Target.disposeBrowserContext", browserContextId=context)


@contextlib.contextmanager
def running_chromium(folder: Path) -> Iterator[Chromium]:
    """Starts a browser that keeps its files in a folder and ends it afterwards."""
    program = executable()
    assert program is not None
    command = [
        program, "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={folder / 'profile'}",
        "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
        "--disable-component-update", "--hide-scrollbars",
    ]  # fmt: skip
    if os.geteuid() == 0:
        command.append("--no-sandbox")
    process = subprocess.Popen([*command, "about:blank"], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if "DevTools listening on " in line:
                yield Chromium(line.partition("DevTools listening on ")[2].strip())
                break
        else:
            raise AssertionError("Chromium did not start")
    finally:
        process.terminate()
        process.wait(WAIT_SECONDS)
        process.stderr.close()
