"""A headless Chromium driven through its DevTools pipe: nothing needs to be installed but the browser."""

import base64
import json
import os
import select
import shutil
import subprocess
import time

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find_chromium():
    """The browser's path, from $HEAPY_CHROMIUM or PATH; None where there is none."""
    given = os.environ.get("HEAPY_CHROMIUM")
    return given or next((path for path in map(shutil.which, NAMES) if path), None)


class Chromium:
    """One browser with one page.  Commands are those of the DevTools protocol."""

    def __init__(self, profile_folder, width=1400, height=860):
        read_ours, write_theirs = os.pipe()
        read_theirs, write_ours = os.pipe()
        self.read, self.write = read_ours, write_ours

        def place_pipes():
            # The browser reads commands from descriptor 3 and writes answers to 4.
            spare_read, spare_write = os.dup2(read_theirs, 40), os.dup2(write_theirs, 41)
            os.dup2(spare_read, 3)
            os.dup2(spare_write, 4)

        self.process = subprocess.Popen(
            [
                find_chromium(), "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage",
                "--remote-debugging-pipe", "--user-data-dir=%s" % profile_folder, "--window-size=%d,%d" % (width, height),
                "--force-color-profile=srgb", "about:blank",
            ],
            close_fds=False, preexec_fn=place_pipes, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(read_theirs)
        os.close(write_theirs)
        self.number, self.buffer, self.session, self.events = 0, b"", None, []
        target = next(t for t in self.wait_for_targets() if t["type"] == "page")
        self.session = self.command("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.command(domain + ".enable")
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def wait_for_targets(self):
        while True:
            targets = self.command("Target.getTargets")["targetInfos"]
            if any(t["type"] == "page" for t in targets):
                return targets
            time.sleep(0.05)

    def receive(self, deadline):
        while b"\0" not in self.buffer:
            if not select.select([self.read], [], [], max(0, deadline - time.monotonic()))[0]:
                raise TimeoutError("the browser does not answer")
            data = os.read(self.read, 1 << 20)
            if not data:
                raise EOFError("the browser has ended")
            self.buffer += data
        message, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(message)

    def command(self, method, timeout=60, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.write, data) :]
        deadline = time.monotonic() + timeout
        while True:
            answer = self.receive(deadline)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError("%s: %s" % (method, answer["error"]))
                return answer["result"]
            self.events.append(answer)

    def evaluate(self, expression):
        """The value of a JavaScript expression; a promise is waited for."""
        result = self.command("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(json.dumps(result["exceptionDetails"])[:2000])
        return result["result"].get("value")

    def open(self, path):
        self.events.clear()
        self.command("Page.navigate", url="file://" + str(path))
        self.wait("document.readyState === 'complete' && (document.body.dataset.state === 'drawn' || samples.textContent)")

    def wait(self, expression, timeout=60):
        deadline = time.monotonic() + timeout
        while not self.evaluate("Boolean(document.body && (%s))" % expression):
            if time.monotonic() > deadline:
                raise TimeoutError(expression)
            time.sleep(0.02)

    def frame(self):
        """Let what was changed be drawn."""
        self.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def click(self, x, y, kind="click", **more):
        for event in ("mousePressed", "mouseReleased"):
            self.command("Input.dispatchMouseEvent", type=event, x=x, y=y, button="left", clickCount=1, **more)
        self.frame()

    def click_element(self, selector):
        box = self.box(selector)
        self.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def click_label(self, text):
        """Click the control that a label names, as a person finds it."""
        self.evaluate("[...document.querySelectorAll('label')].find(l => l.textContent.trim() === %s).id = 'wanted'" % json.dumps(text))
        self.click_element("#wanted")
        self.evaluate("document.getElementById('wanted').removeAttribute('id')")

    def move(self, x, y, **more):
        self.command("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y, **more)
        self.frame()

    def box(self, selector):
        return self.evaluate("document.querySelector(%s).getBoundingClientRect().toJSON()" % json.dumps(selector))

    def key(self, key, text=None, modifiers=0):
        """Press and release a key: 'ArrowLeft', 'x'; modifiers: 8 is Shift."""
        codes = {"ArrowLeft": 37, "ArrowRight": 39, "Home": 36, "End": 35, "Tab": 9, "Enter": 13, "Backspace": 8}
        code = codes.get(key, ord(key.upper()) if len(key) == 1 else 0)
        if len(key) == 1:
            text = text or key
        options = {"text": text} if text else {}
        self.command("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, modifiers=modifiers, **options)
        self.command("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code, modifiers=modifiers)
        self.frame()

    def type_into(self, selector, text):
        """Replace what a field holds, typed."""
        self.evaluate("(f => { f.focus(); f.select(); })(document.querySelector(%s))" % json.dumps(selector))
        self.command("Input.insertText", text=text)
        self.frame()

    def screenshot(self):
        """PNG bytes."""
        return base64.b64decode(self.command("Page.captureScreenshot", format="png")["data"])

    def requests(self):
        """The addresses that anything was asked of since open()."""
        return [e["params"]["request"]["url"] for e in self.events if e.get("method") == "Network.requestWillBeSent"]

    def complaints(self):
        """What the page or the browser complained about since open()."""
        logged = [e["params"]["entry"]["text"] for e in self.events if e.get("method") == "Log.entryAdded"]
        return logged + [str(e["params"]) for e in self.events if e.get("method") == "Runtime.exceptionThrown"]

    def close(self):
        try:
            self.session = None
            self.command("Browser.close", timeout=10)
        except (OSError, EOFError, TimeoutError, RuntimeError):
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.read)
        os.close(self.write)
