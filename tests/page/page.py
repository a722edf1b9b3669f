"""page.py FOLDER - the pages of `trapeze trace -f html` in a real browser, as a person uses them. Speaks TAP. FOLDER holds
lecture.html, many.html (a long trace), beside.html (a right run beside a wrong one), same.html (a trace beside itself),
hostile.html (a program whose name is markup) and empty.html."""
import io
import os
import sys

from PIL import Image
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.wheel_input import ScrollOrigin
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

FOLDER = os.path.abspath(sys.argv[1])
GRID = (32, 18)  # the screenshot's squares whose brightness is compared
count = 0


def point(name, good, *told):
    global count
    count += 1
    print(f"{'ok' if good else 'not ok'} {count} - {name}")
    if not good:
        for text in told:
            print(f"# {text!r}")


def equal(name, expected, got):
    point(name, expected == got, f"expected: {expected}", f"got: {got}")


def browser():
    options = Options()
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                 "--force-device-scale-factor=1", "--lang=en", "--window-size=1280,900"):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    made = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    made.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                         {"width": 1280, "height": 720, "deviceScaleFactor": 1, "mobile": False})
    return made


d = browser()


def js(text, *words):
    return d.execute_script(text, *words)


def find(name):
    return d.find_element(By.ID, name)


def open_page(name, event=None):
    d.get("about:blank")  # an address that differs in its # alone loads nothing
    d.get(f"file://{FOLDER}/{name}.html" + (f"#e{event}" if event else ""))
    WebDriverWait(d, 30).until(lambda _: find("sentence").text)


def number():
    """The event that is shown, as the page says in four places."""
    shown = {find("goto").get_attribute("value"), find("link").get_attribute("href").split("#e")[1],
             js("return location.hash").lstrip("#e"), find("sentence").text.split()[0].lstrip("#")}
    return int(shown.pop()) if len(shown) == 1 else sorted(shown)


def press(*keys):
    for key in keys:
        ActionChains(d).send_keys(key).perform()


def shifted(key):
    ActionChains(d).key_down(Keys.SHIFT).send_keys(key).key_up(Keys.SHIFT).perform()


def numbers(which):
    return js(f"return {which}.map((i) => player.trace.events[i].n)")


def quiet(name):
    messages = [m["message"] for m in d.get_log("browser") if m["level"] in ("SEVERE", "WARNING")]
    equal(f"{name}: no error on the console", [], messages)


def squares():
    picture = Image.open(io.BytesIO(d.get_screenshot_as_png())).convert("L").resize(GRID, Image.BOX)
    return [[picture.getpixel((x, y)) for x in range(GRID[0])] for y in range(GRID[1])]


# ---- going through a trace ----
open_page("lecture")
steps, transfers, every = numbers("player.trace.stepped"), numbers("player.transfers"), numbers("player.everyEvent")
equal("the page begins at the first step of a list", steps[0], number())
point("a step is told in the lecture's words", "“Trap to the host OS.”" in find("sentence").text, find("sentence").text)
at = transfers.index(steps[0])
find("next").click()
equal("the button for the next event", transfers[at + 1], number())
find("back").click()
equal("the button for the event before", transfers[at], number())
press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
equal("the right arrow, twice", transfers[at + 2], number())
press(Keys.ARROW_LEFT)
equal("the left arrow", transfers[at + 1], number())
press(Keys.PAGE_DOWN)
equal("PageDown: ten on", transfers[at + 11], number())
press(Keys.PAGE_UP)
equal("PageUp: ten back", transfers[at + 1], number())
press(Keys.HOME)
equal("Home", transfers[0], number())
press(Keys.ARROW_LEFT)
equal("there is nothing before the beginning", transfers[0], number())
press(Keys.END)
equal("End", transfers[-1], number())
find("first").click()
equal("the button for the first event", transfers[0], number())
find("last").click()
equal("the button for the last event", transfers[-1], number())
find("first").click()
find("step").click()
equal("the button for the lecture's next step", steps[0], number())
find("step").click()
equal("and the one after it", steps[1], number())
find("step-back").click()
equal("the button for the step before", steps[0], number())
shifted(Keys.ARROW_RIGHT)
equal("Shift and the right arrow: a step", steps[1], number())
shifted(Keys.ARROW_LEFT)
equal("Shift and the left arrow", steps[0], number())
ActionChains(d).scroll_from_origin(ScrollOrigin.from_element(find("diagram-0")), 0, 120).perform()
WebDriverWait(d, 5).until(lambda _: number() != steps[0])
point("the wheel goes on", number() > steps[0], number())

# ---- what to show ----
for mode, expected in (("all", every), ("transfers", transfers), ("steps", steps)):
    Select(find("mode")).select_by_value(mode)
    equal(f"show {mode}: so many", expected, numbers("player.shown()"))
    find("first").click()
    find("next").click()
    equal(f"show {mode}: the second of them", expected[1], number())
Select(find("mode")).select_by_value("transfers")
press(Keys.ESCAPE)

# ---- a moment by its number, by a link, by search, on the time line, in the diagram ----
goto = find("goto")
goto.clear()
goto.send_keys(str(steps[3]), Keys.TAB)
equal("an event by its number", steps[3], number())
goto.clear()
goto.send_keys("99999999", Keys.TAB)
point("an event that is not there is said", "no event 99999999" in find("found").text, find("found").text)
js("location.hash = arguments[0]", f"#e{steps[6]}")
WebDriverWait(d, 5).until(lambda _: number() == steps[6])
equal("a link inside the page", steps[6], number())
open_page("lecture", steps[5])
equal("a link that somebody sends", steps[5], number())
search = find("search")
press("/")
search.send_keys("store_miss", Keys.ENTER)
point("searching for a cause, in small letters", "STORE_MISS" in js("return player.trace.words(player.index)"), number())
first_found = number()
press(Keys.ESCAPE, "n")
point("n: the next match", number() != first_found and "STORE_MISS" in js("return player.trace.words(player.index)"), number())
press("N")
equal("N: the match before", first_found, number())
search.clear()
search.send_keys(f"#{steps[2]}")
find("find").click()
equal("searching for a number", steps[2], number())
search.clear()
search.send_keys("no such words", Keys.ENTER)
point("what is not found is said", "is not in the trace" in find("found").text, find("found").text)
press(Keys.ESCAPE)
line = find("timeline")
ActionChains(d).move_to_element_with_offset(line, line.size["width"] // 2 - 2, 0).click().perform()
point("the end of the time line is the end of the trace", number() > every[-1] * 0.9, number())
open_page("lecture", steps[4])
rows = d.find_elements(By.CSS_SELECTOR, "#diagram-0 rect.row[data-event]")
point("the diagram has rows", len(rows) > 6, len(rows))
wanted = int(rows[1].get_attribute("data-event"))
ActionChains(d).move_to_element_with_offset(rows[1], -300, 0).click().perform()
equal("a click chooses an event", wanted, number())
equal("one row is the current one", 1, len(d.find_elements(By.CSS_SELECTOR, "#diagram-0 rect.now")))
names = [t.text for t in d.find_elements(By.CSS_SELECTOR, "#diagram-0 text.name")]
equal("lanes in the order of the layers", ["vm1/lecture", "vm1 kernel", "host/vmm", "host kernel"], [n.split("\n")[0] for n in names])
open_page("many")
equal("behind the words of every event a box as wide as they are: no lifeline runs through a letter", [], js(
    "const wrong = []; let seen = 0;"
    "for (const t of document.querySelectorAll('#diagram-0 text:not(.name)')) {"
    "  const words = t.getBBox(), box = t.previousElementSibling.getBBox(); seen++;"
    "  if (t.previousElementSibling.tagName !== 'rect' || box.x > words.x || box.x + box.width < words.x + words.width ||"
    "      words.width < 20) wrong.push(t.textContent); }"
    "return seen > 5 ? wrong : ['no words'];"))

# ---- the lecture's list ----
open_page("lecture", steps[0])
items = d.find_elements(By.CSS_SELECTOR, ".list li")
equal("the list of a TLB fault has seven steps", 7, len(items))
equal("one of them is now", 1, len(d.find_elements(By.CSS_SELECTOR, ".list li[aria-current=step]")))
items[3].find_element(By.TAG_NAME, "a").click()
point("a click on step 4 goes there", "step 4" in find("sentence").text, find("sentence").text)
equal("which is step 5, too, of the same list, shown once", [1, 2], [len(d.find_elements(By.CSS_SELECTOR, ".list")),
      len(d.find_elements(By.CSS_SELECTOR, ".list li[aria-current=step]"))])

# ---- the machine's state ----
state = "const s = player.trace.stateAt(player.trace.byNumber.get(arguments[0])); return "
trap, address = js("const t = player.trace, of = (e) => e.k === 'T' && e.w.startsWith('LOAD_MISS') && t.lanes[e.f].name === 'vm1/lecture';"
                   "const e = t.events.filter(of).pop(); return [e.n, Number(e.w.split(' ')[1])]")
equal("the low core of a TLB fault: CAUSE and BADVA", [14, address], js(state + "[s.cells[38], s.cells[39]]", trap))
frames = js("const t = player.trace; const all = []; for (let i = 0; i < t.events.length; i += 97) {"
            "const cells = t.cellNames.map((_, k) => k < t.data.vm ? 0 : null), tlb = new Map();"
            "for (let k = 0; k <= i; k++) applyChanges(t.events[k], cells, tlb);"
            "const s = t.stateAt(i); all.push(JSON.stringify(s.cells) === JSON.stringify(cells) && s.tlb.size === tlb.size); }"
            "return all.every((x) => x) && all.length > 5")
point("the state anywhere is that of all changes up to there", frames)
open_page("lecture", steps[-1])
equal("guests' own TLBs: at each event as by all operations before, one by one", True, js(
    "const t = player.trace; let same = t.operations.size > 0;"
    "for (const [lane, all] of t.operations) { const tlb = new Map(); let done = 0;"
    "  for (let i = 0; i < t.events.length; i++) {"
    "    while (done < all.length && all[done].index <= i) t.operate(tlb, all[done++]);"
    "    if (i % 61 === 0 || i === t.events.length - 1) same = same && JSON.stringify([...t.guestTlb(lane, i)]) === JSON.stringify([...tlb]); } }"
    "return same;"))
for tab, words in (("registers", "sp"), ("low", "The VM of level 1"), ("tlb", "The TLB that vm1 kernel has made"), ("tree", f"#{steps[-1]}")):
    find(f"tab-{tab}").click()
    panel = find(f"panel-{tab}")
    point(f"{tab}: is shown, alone", panel.is_displayed() and len([p for p in d.find_elements(By.CSS_SELECTOR, "[role=tabpanel]") if p.is_displayed()]) == 1)
    point(f"{tab}: has what belongs there", words in panel.text, panel.text[:300])
for key, tab in zip("1234", ("registers", "low", "tlb", "tree")):
    press(key)
    equal(f"key {key}", "true", find(f"tab-{tab}").get_attribute("aria-selected"))
press("1")
find("tab-registers").send_keys(Keys.ARROW_RIGHT)
equal("the right arrow on a tab: the next tab", "true", find("tab-low").get_attribute("aria-selected"))
press("4")
item = d.find_element(By.CSS_SELECTOR, "[role=treeitem][aria-expanded=true]")
folded = item.get_attribute("data-index")
d.execute_script("arguments[0].focus()", item)
press(Keys.ARROW_LEFT)
equal("the left arrow folds", "false", d.find_element(By.CSS_SELECTOR, f"[data-index='{folded}']").get_attribute("aria-expanded"))
press(Keys.ARROW_RIGHT)
equal("the right arrow unfolds", "true", d.find_element(By.CSS_SELECTOR, f"[data-index='{folded}']").get_attribute("aria-expanded"))
press(Keys.ARROW_DOWN)
point("the down arrow goes to the next item", js("return document.activeElement.dataset.index") != folded)
chosen = js("return document.activeElement.dataset.index")
press(Keys.ENTER)
equal("Enter goes to the event", int(chosen), js("return player.index"))

# ---- looks ----
open_page("lecture", steps[3])
papers = [js("return getComputedStyle(document.body).backgroundColor")]
find("theme").click()
papers.append(js("return getComputedStyle(document.body).backgroundColor"))
press("t")
papers.append(js("return getComputedStyle(document.body).backgroundColor"))
point("light, dark, light", papers[0] == papers[2] != papers[1], papers)
size = js("return parseFloat(getComputedStyle(document.body).fontSize)")
find("projector").click()
point("the projector's type is large", js("return parseFloat(getComputedStyle(document.body).fontSize)") >= 1.5 * size)
press("b")
equal("b: as before", size, js("return parseFloat(getComputedStyle(document.body).fontSize)"))
find("help").click()
point("the keys are shown", find("keys").is_displayed() and "the lecture's next step" in find("keys").text)
find("close-keys").click()
press("?")
point("? shows them, too", find("keys").is_displayed())
press(Keys.ESCAPE)
point("Escape closes them", not find("keys").is_displayed())
js("window.print = () => { window.printed = true; }")
find("print").click()
point("the button prints", js("return window.printed === true"))
before = number()
find("play").click()
WebDriverWait(d, 5).until(lambda _: number() != before)
press(" ") if js("return document.activeElement.id") != "play" else find("play").click()
stopped = number()
point("playing goes on by itself, and stops", stopped != before and js("return !player.timer"))
pages = d.print_page()
point("the page prints", len(pages) > 1000)
unnamed = js("return [...document.querySelectorAll('button, input, select, canvas, [role=tree]')].filter((e) => !(e.getAttribute('aria-label')"
             " || e.labels && e.labels.length || e.textContent.trim())).map((e) => e.outerHTML)")
equal("every control has a name for a screen reader", [], unnamed)
equal("the sentence is read aloud when it changes", "polite", find("sentence").get_attribute("aria-live"))
point("nothing is larger than the window", js("return document.documentElement.scrollWidth <= 1280 && document.documentElement.scrollHeight <= 720"))
quiet("lecture")
open_page("lecture", steps[3])
grid = squares()
shown = "\n".join(" ".join(f"{n:3d}" for n in row) for row in grid) + "\n"
golden = "tests/page/1280x720.txt"
if os.environ.get("SCREENS"):
    os.makedirs(os.path.join(os.environ["SCREENS"], "tests/page"), exist_ok=True)
    open(os.path.join(os.environ["SCREENS"], golden), "w").write(shown)
else:
    wanted = [[int(n) for n in text.split()] for text in open(golden)]
    off = sum(abs(a - b) > 24 for x, y in zip(wanted, grid) for a, b in zip(x, y))
    point("the screen looks as it did (at most 6 of 100 squares differ)", off <= 0.06 * GRID[0] * GRID[1], f"{off} squares", shown)

# ---- a long trace ----
open_page("many")
events = js("return player.trace.events.length")
point("a long trace has many events", events > 25000, events)
press(Keys.END, Keys.ARROW_LEFT)
equal("going through it", numbers("player.transfers")[-2], number())
quiet("many")

# ---- two traces ----
open_page("beside")
point("two diagrams", find("diagram-0").is_displayed() and find("diagram-1").is_displayed())
point("the first difference is told", "First difference: #" in find("difference").text, find("difference").text)
find("to-difference").click()
found = number()
point("the button goes there", f"#{found} " in find("difference").text, found, find("difference").text)
equal("it is marked in both", [1, 1], [len(d.find_elements(By.CSS_SELECTOR, f"#diagram-{i} rect.apart")) for i in (0, 1)])
press(Keys.HOME, "d")
equal("d goes there, too", found, number())
quiet("beside")
open_page("same")
point("a trace beside itself: no difference", "There is no difference." in find("difference").text, find("difference").text)

# ---- text of a guest is text ----
open_page("hostile")
equal("markup in a name is shown", True, "<img src=x" in js("return document.body.innerText"))
equal("and makes no element", 0, js("return document.querySelectorAll('img').length"))
quiet("hostile")
open_page("empty")
point("a trace without events says so", "no events" in find("sentence").text, find("sentence").text)
d.quit()
print(f"1..{count}")
