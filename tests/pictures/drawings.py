"""drawings.py FILE.svg... - can drawings hang on a wall? Chromium draws each, and says where it has put what. Speaks TAP.

Texts are 16 px high or more; no text touches another text, a box, or the edge; in a sequence diagram none touches a
lifeline or an arrow. Fills are told apart in grey, and by people who see no red, no green or no blue: each pair's
lightness (CIE 1976 L*), and its distance (CIE 1976 L*a*b*) as these people see the two (matrices of Machado, Oliveira and
Fernandes, IEEE Transactions on Visualization and Computer Graphics 15(6), 2009, table 1, severity 1)."""
import itertools
import math
import os
import sys

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

LIGHTNESS, DISTANCE = 10, 15  # of 100, at least
SEEN = {
    "no red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "no green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "no blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
LOOK = """
const box = (e) => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; };
const all = (words) => [...document.querySelectorAll(words)];
return { size: box(document.documentElement), title: all("title").map((e) => e.textContent),
  texts: all("text").map((e) => [e.textContent, parseFloat(getComputedStyle(e).fontSize), box(e)]),
  boxes: all("rect[stroke]").map(box), fills: [...new Set(all("rect[stroke]").map((e) => e.getAttribute("fill")))],
  sequence: all(".arrow").length > 0, lines: all("line, path").map(box) };
"""
count = 0


def point(name, wrong):
    global count
    count += 1
    print(f"{'not ok' if wrong else 'ok'} {count} - {name}")
    for line in wrong[:5]:
        print(f"# {line}")


def lab(rgb):
    x, y, z = (sum(a * b for a, b in zip(row, rgb)) for row in
               ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505)))
    f = [t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x / 0.9505, y, z / 1.089)]
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


def linear(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]


def colours(fills):
    wrong = []
    for a, b in itertools.combinations(fills, 2):
        if abs(lab(linear(a))[0] - lab(linear(b))[0]) < LIGHTNESS:
            wrong.append(f"{a} and {b} in grey")
        for who, matrix in SEEN.items():
            def see(colour):
                return [min(1, max(0, sum(m * c for m, c in zip(row, linear(colour))))) for row in matrix]
            if math.dist(lab(see(a)), lab(see(b))) < DISTANCE:
                wrong.append(f"{a} and {b}, {who}")
    return wrong


def touch(a, b):
    return a[0] < b[2] - 0.1 and b[0] < a[2] - 0.1 and a[1] < b[3] - 0.1 and b[1] < a[3] - 0.1


options = Options()
for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-device-scale-factor=1"):
    options.add_argument(word)
browser = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
for path in sys.argv[1:]:
    name = os.path.basename(path)
    browser.get("file://" + os.path.abspath(path))
    seen = browser.execute_script(LOOK)
    texts = [text for text in seen["texts"] if text[0]]
    point(f"{name}: has texts and a title", [] if texts and seen["title"][0] else [str(seen)[:200]])
    point(f"{name}: texts are 16 px high or more", [t for t in texts if t[1] < 16])
    point(f"{name}: no text touches another", [(a[0], b[0]) for a, b in itertools.combinations(texts, 2) if touch(a[2], b[2])])
    point(f"{name}: no text touches a box", [(t[0], b) for t in texts for b in seen["boxes"] if touch(t[2], b)])
    edge = seen["size"]
    point(f"{name}: all texts are within the drawing",
          [t for t in texts if t[2][0] < 0 or t[2][1] < 0 or t[2][2] > edge[2] or t[2][3] > edge[3]])
    if seen["sequence"]:
        point(f"{name}: no text touches a lifeline or an arrow",
              [(t[0], line) for t in texts for line in seen["lines"]
               if touch(t[2], [line[0] - 0.5, line[1] - 0.5, line[2] + 0.5, line[3] + 0.5])])
    point(f"{name}: colours are told apart in grey and by all people", colours(seen["fills"]))
browser.quit()
