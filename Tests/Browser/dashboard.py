"""The dashboard in a browser: every page at two widths and in both themes, by keyboard alone, with axe-core's rules.

    pip install playwright axe-playwright-python        # Chromium itself: apt-get install chromium
    python3 Tests/Browser/dashboard.py PROGRAM RUNS [PICTURES]

PROGRAM is the built `subterfuge`, RUNS a folder of runs that may be labelled (it is copied first), PICTURES a folder for
screenshots. Prints a line for each failure; the exit status is 1 if there is any.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

WIDTHS = (390, 1280)
THEMES = ("light", "dark")
failures = []


def expect(condition, text):
    if not condition:
        failures.append(text)
        print("FAIL", text, flush=True)


class Served:
    """A dashboard over a folder of runs."""

    def __init__(self, program, runs, rater=None):
        arguments = [program, "serve", "--runs", runs] + (["--label-as", rater] if rater else [])
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.entrance = self.process.stdout.readline().strip()
        self.root = self.entrance.split("/?")[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)


def open_page(browser, served, width, theme="light", script=True):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=theme, java_script_enabled=script)
    page = context.new_page()
    page.console = []
    page.on("console", lambda message: page.console.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.console.append(str(error)))
    page.goto(served.entrance)
    return page


def addresses(page, served, run):
    """The pages of a run, by name; links are followed as a reader would."""
    page.goto(f"{served.root}/runs/{run}/")
    page.wait_for_selector(".matrix", timeout=30_000)
    page.goto(f"{served.root}/runs/{run}/episodes")
    first = page.locator("ol.episodes a").first.get_attribute("href")
    base = f"{served.root}/runs/{run}/"
    return {
        "runs": served.root + "/", "run": base, "episodes": base + "episodes",
        "facets": base + "episodes?holding=gamed", "search": base + "episodes?q=look",
        "episode": base + first, "tokens": base + first.replace("episode?", "tokens?", 1),
        "gap": base + first.replace("episode?", "tokens?", 1) + "&trainer=yes",
        "choose": served.root + "/compare", "compare": f"{served.root}/compare?runs={run},{run}-again",
        "pair": base + first.replace("episode?", "pair?", 1), "missing": base + "nothing",
    }


def check_rules(page, where):
    """axe-core's rules."""
    for violation in Axe().run(page).response["violations"]:
        nodes = [node["html"][:120] for node in violation["nodes"][:2]]
        expect(False, f"{where}: axe {violation['id']} ({len(violation['nodes'])}): {nodes}")


def check_curves(browser, served, run):
    """By keys alone: a box that is cleared hides its lines, also after the page has been made anew."""
    page = open_page(browser, served, 1280)
    page.goto(f"{served.root}/compare?runs={run},{run}-again")
    page.wait_for_selector(".curveset", timeout=30_000)
    lines = page.locator(".curveset .charts g.c0")
    expect(lines.count() > 0 and lines.first.is_visible(), "the first condition has no curves")
    page.locator("#curve-c0").focus()
    page.keyboard.press("Space")
    expect(not lines.first.is_visible(), "a cleared box does not hide its lines")
    expect(page.locator(".curveset .charts g.c1").first.is_visible(), "a cleared box hides other lines")
    page.evaluate("""async () => {
        const text = await (await fetch(location.href)).text();
        document.querySelector('#comparison').append(' ');
        replaceLive('comparison', new DOMParser().parseFromString(text, 'text/html'));
    }""")
    expect(not page.locator("#curve-c0").is_checked(), "a new page forgets which box was cleared")
    expect(page.evaluate("document.activeElement.id") == "curve-c0", "a new page loses the focus")
    page.keyboard.press("Space")
    expect(lines.first.is_visible(), "a box that is checked again does not show its lines")
    page.context.close()


def check_choice(browser, served, run):
    """Two runs are chosen and compared by keys alone, without a script."""
    page = open_page(browser, served, 1280, script=False)
    page.goto(served.root + "/")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Compare runs":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/compare")
    for _ in range(40):
        page.keyboard.press("Tab")
        kind = page.evaluate("document.activeElement.type || ''")
        if kind == "checkbox" and page.evaluate("document.activeElement.value") in (run, run + "-again"):
            page.keyboard.press("Space")
        if page.evaluate("document.activeElement.tagName") == "BUTTON":
            break
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for _ in range(50):
        if page.locator(".compared").count():
            break
        page.wait_for_timeout(200)
        page.reload()
    expect(page.locator(".compared tbody tr").count() > 5, "the chosen runs are not compared")
    page.context.close()


def check_looks(browser, served, run, pictures):
    """Nothing sticks out at the side, axe finds nothing, no script fails."""
    for theme in THEMES:
        for width in WIDTHS:
            page = open_page(browser, served, width, theme)
            for name, address in addresses(page, served, run).items():
                where = f"{name} {width} {theme}"
                page.goto(address)
                page.wait_for_timeout(700 if name == "search" else 200)
                if name == "compare":
                    page.wait_for_selector(".compared", timeout=30_000)
                overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                expect(overflow <= 0, f"{where}: {overflow} pixels stick out")
                check_rules(page, where)
                if pictures:
                    page.screenshot(path=f"{pictures}/{name}-{width}-{theme}.png", full_page=name not in ("run",))
            errors = [text for text in page.console if "404" not in text]
            expect(not errors, f"{width} {theme}: the console says {errors[:3]}")
            page.context.close()


def check_keys(browser, served, run):
    """A reader gets from the list of runs to an episode, its neighbours and back without a mouse."""
    page = open_page(browser, served, 1280)
    page.keyboard.press("j")
    expect(page.evaluate("document.activeElement.className") == "run", "j does not reach the first run")
    page.goto(f"{served.root}/runs/{run}/episodes?holding=gamed")
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.evaluate("document.activeElement.getAttribute('href')")
    expect(second == page.locator("ol.episodes a").nth(1).get_attribute("href"), "j j is not the second episode")
    page.keyboard.press("Enter")
    page.wait_for_url("**/episode?**")
    title = page.title()
    for key, isSame in (("j", False), ("k", True)):
        with page.expect_navigation():
            page.keyboard.press(key)
        expect((page.title() == title) == isSame, f"{key} leads to {page.title()} from {title}")
    with page.expect_navigation():
        page.keyboard.press("t")
    expect(page.locator(".token.sampled").count() > 0, "t shows no sampled tokens")
    page.go_back()
    with page.expect_navigation():
        page.keyboard.press("p")
    expect(page.locator(".two section").count() == 2, "p shows no pair")
    page.keyboard.press("?")
    expect(page.locator("dialog[open]").count() == 1, "? shows no help")
    page.keyboard.press("Escape")
    # The page removes the dialog when the browser says that it is closed, a moment later.
    page.wait_for_timeout(500)
    expect(page.locator("dialog").count() == 0, "Escape leaves the help open")
    page.goto(f"{served.root}/runs/{run}/episodes")
    page.keyboard.press("/")
    page.keyboard.type("folder")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect("q=folder" in page.url, "/ does not search")
    page.goto(f"{served.root}/runs/{run}/")
    page.keyboard.press("Tab")
    expect(page.evaluate("document.activeElement.className") == "skip", "Tab does not reach the skip link first")
    page.context.close()


def check_endless(browser, served, run):
    """A list grows as it is scrolled, and rows that are far away leave the document."""
    page = open_page(browser, served, 1280)
    page.goto(f"{served.root}/runs/{run}/episodes")
    for _ in range(60):
        page.mouse.wheel(0, 4000)
        page.wait_for_timeout(60)
    lists = page.locator("ol.episodes").count()
    rows = page.locator("ol.episodes>li").count()
    expect(lists > 8, f"only {lists} pages were loaded")
    expect(rows < 50 * lists - 100, f"{rows} rows of {lists} pages stay in the document")
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(300)
    expect(page.locator("ol.episodes").first.locator("li").count() == 50, "the first page does not come back")
    page.context.close()


def check_without_script(browser, served, run):
    page = open_page(browser, served, 1280, script=False)
    page.goto(f"{served.root}/runs/{run}/episodes?holding=gamed")
    first = page.locator("ol.episodes a").first.inner_text()
    page.locator("a[rel=next]").first.click()
    expect(page.locator("ol.episodes a").first.inner_text() != first, "without script the next page is the same")
    page.locator("ol.episodes a").first.click()
    expect(page.locator(".block").count() > 0, "without script an episode cannot be read")
    page.context.close()


def check_labels(browser, program, runs, run, pictures):
    """Two raters at once, by keys; a browser that is closed in the middle loses nothing."""
    address = f"/runs/{run}/label?predicate=gamed&sample=4&negatives=0.2"
    with Served(program, runs, "anna") as first, Served(program, runs, "berta") as second:
        pages = [open_page(browser, served, 1280) for served in (first, second)]
        for page, served in zip(pages, (first, second)):
            page.goto(served.root + address)
        total = int(re.search(r"of (\d+)", pages[0].locator("h1").inner_text()).group(1))
        for theme in THEMES:
            for width in WIDTHS:
                page = open_page(browser, second, width, theme)
                for name, target in (("label", address), ("label-start", f"/runs/{run}/label")):
                    page.goto(second.root + target)
                    check_rules(page, f"{name} {width} {theme}")
                    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                    expect(overflow <= 0, f"{name} {width} {theme}: {overflow} pixels stick out")
                    if pictures:
                        page.screenshot(path=f"{pictures}/{name}-{width}-{theme}.png")
                page.context.close()
        for page, keys in ((pages[0], "mh"), (pages[1], "cd"), (pages[0], "bd")):
            for key in keys[:-1]:
                page.keyboard.press(key)
            with page.expect_navigation():
                page.keyboard.press(keys[-1])
        expect("Episode 3" in pages[0].locator("h1").inner_text(), "two answers do not lead to the third episode")
        with pages[0].expect_navigation():
            pages[0].keyboard.press("u")
        expect("Episode 2" in pages[0].locator("h1").inner_text(), "undo does not lead back")
        pages[0].context.close()
        again = open_page(browser, first, 390)
        again.goto(first.root + address)
        expect("Episode 2" in again.locator("h1").inner_text(), "the closed browser lost its place")
        again.keyboard.press("n")
        again.keyboard.type("mbc")
        again.keyboard.press("Enter")
        expect(again.locator("#note").input_value() == "mbc", "keys in a note answer")
        for _ in range(total - 1):
            again.keyboard.press("m")
            with again.expect_navigation():
                again.keyboard.press("h")
        for theme in THEMES:
            again.emulate_media(color_scheme=theme)
            check_rules(again, f"labelled 390 {theme}")
        # What berta read first may be one of the negatives, which the agreement leaves out.
        end = again.content()
        expect("Agreement" in end and ("berta" in end or "No episode was read by two" in end), "the end shows no agreement")
        if pictures:
            again.screenshot(path=f"{pictures}/labelled-390-light.png", full_page=True)
        overflow = again.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        expect(overflow <= 0, f"labelled: {overflow} pixels stick out")


def main(program, runs, pictures=None):
    if pictures:
        pathlib.Path(pictures).mkdir(parents=True, exist_ok=True)
    copy = tempfile.mkdtemp()
    names = [folder.name for folder in sorted(pathlib.Path(runs).iterdir()) if (folder / "run.sqlite").exists()]
    for name in names:
        shutil.copytree(pathlib.Path(runs) / name, pathlib.Path(copy) / name)
    shutil.copytree(pathlib.Path(runs) / names[0], pathlib.Path(copy) / f"{names[0]}-again")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        with Served(program, copy) as served:
            check_looks(browser, served, names[0], pictures)
            check_keys(browser, served, names[0])
            check_curves(browser, served, names[0])
            check_choice(browser, served, names[0])
            check_endless(browser, served, names[0])
            check_without_script(browser, served, names[0])
        check_labels(browser, program, copy, names[0], pictures)
        browser.close()
    shutil.rmtree(copy)
    print(f"{len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
