"""page.py PAGE.html - how long a page of `trapeze trace -f html` takes in Chromium: until it is there, and from a key to
the next picture. Prints lines: name, and the CPU time of the page's thread for one of its turns, in ms. (The time on the
clock would be that of a busy host.)"""
import os
import sys

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

KEYS = [("one event on", "ArrowRight", False, 40), ("one event back", "ArrowLeft", False, 40),
        ("one step of a list on", "ArrowRight", True, 20), ("one step of a list back", "ArrowLeft", True, 20),
        ("ten events on", "PageDown", False, 20), ("to the end", "End", False, 1), ("at the end: one back", "ArrowLeft", False, 20),
        ("to the beginning", "Home", False, 1), ("to the end again", "End", False, 1)]
PRESS = """
const [key, shiftKey, turns, done] = arguments;
let left = turns;
function press() {
  if (left-- === 0) return done();
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, bubbles: true }));
  requestAnimationFrame(() => { const channel = new MessageChannel(); // behind the picture
    channel.port1.onmessage = press; channel.port2.postMessage(0); });
}
press();
"""

options = Options()
for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1920,1080"):
    options.add_argument(word)
d = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
d.set_script_timeout(300)
d.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})


def spent():
    """What the page's thread has worked so far, in ms."""
    metrics = {m["name"]: m["value"] for m in d.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]}
    return 1000 * metrics["TaskDuration"]


begun = spent()
d.get("file://" + os.path.abspath(sys.argv[1]))
WebDriverWait(d, 120, 0.01).until(lambda _: d.execute_script("return window.player !== undefined"))
print(f"events\t{d.execute_script('return player.trace.events.length')}")
print(f"open\t{spent() - begun:.0f}")
middle = "player.go(player.trace.events.length >> 1)"
for panel in ("registers", "low", "tlb", "tree"):
    d.execute_script(f"{middle}; player.choosePanel('{panel}')")
    for name, key, shift, turns in KEYS:
        begun = spent()
        d.execute_async_script(PRESS, key, shift, turns)
        print(f"{panel}: {name}\t{(spent() - begun) / turns:.1f}", flush=True)
d.quit()
