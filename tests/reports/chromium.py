"""A real browser, without a window: measures a page at a width, and can take its picture.

The page is put into a frame, because a browser's own window cannot be as narrow as a telephone.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")

MEASURE = """
const frame = document.querySelector("iframe");
function luminance(c) {
  const part = c.map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
}
function colour(text) { return (text.match(/[0-9.]+/g) || []).map(Number); }
function ground(element) {
  for (let e = element; e; e = e.parentElement) {
    const c = colour(frame.contentWindow.getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] > 0) return c.slice(0, 3);
  }
  return [255, 255, 255];
}
function measure() {
  const doc = frame.contentDocument, found = [];
  const told = [...doc.images].map(image => [image, image.alt]);
  const walker = doc.createTreeWalker(doc.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) told.push([walker.currentNode.parentElement, walker.currentNode.textContent]);
  for (const [element, text] of told) {
    const box = element.getBoundingClientRect(), words = text.replace(/\\u00a0/g, " ").trim();
    const style = frame.contentWindow.getComputedStyle(element);
    if (!words || !box.width || !box.height || style.opacity === "0" || parseFloat(style.fontSize) < 2) continue;
    const a = luminance(colour(style.color).slice(0, 3)), b = luminance(ground(element));
    found.push([(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), words.slice(0, 60)]);
  }
  found.sort((x, y) => x[0] - y[0]);
  const wide = [...doc.querySelectorAll("body *")].filter(
    e => e.getBoundingClientRect().right > frame.clientWidth + 1 && e.getBoundingClientRect().height);
  const said = {
    width: frame.clientWidth, needs: doc.documentElement.scrollWidth, height: doc.body.offsetHeight,
    texts: found.length, pictures: doc.images.length, contrast: found.slice(0, 3), wide: wide.slice(0, 3).map(e => e.outerHTML.slice(0, 200)),
    dark: frame.contentWindow.matchMedia("(prefers-color-scheme: dark)").matches,
  };
  document.querySelector("pre").textContent = JSON.stringify(said);
}
frame.addEventListener("load", measure);
frame.srcdoc = PAGE;
"""  # noqa: E501


def measured(page: str, folder: Path, *, width: int, dark: bool = False) -> dict[str, Any]:
    """Return what the browser says of a page: its width, and the poorest contrasts of texts."""
    dom = _run(["--dump-dom"], _framed(page, folder, width, 30_000), dark=dark)
    found = re.search(r"<pre[^>]*>(.+?)</pre>", dom, re.DOTALL)
    assert found is not None, dom[-500:]
    told: dict[str, Any] = json.loads(html.unescape(found.group(1)))
    return told


def picture(
    page: str, folder: Path, target: Path, *, width: int, height: int, dark: bool = False
) -> None:
    """Take a picture of the upper part of a page."""
    size = [f"--window-size={max(width, 500)},{height}", f"--screenshot={target}"]
    _run(size, _framed(page, folder, width, height), dark=dark)


def _framed(page: str, folder: Path, width: int, height: int) -> Path:
    source = json.dumps(page).replace("</", "<\\/")
    framed = folder / f"framed-{width}.html"
    framed.write_text(
        "<!doctype html><meta charset=utf-8><body style='margin:0'>"
        f'<iframe style="border:0;width:{width}px;height:{height}px"></iframe><pre hidden></pre>'
        f"<script>{MEASURE.replace('PAGE', source)}</script>"
    )
    return framed


def _run(options: list[str], page: Path, *, dark: bool) -> str:
    assert CHROMIUM is not None
    scheme = ["--blink-settings=preferredColorScheme=0"] if dark else []
    made = subprocess.run(
        [
            CHROMIUM,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--disable-background-networking",
            f"--user-data-dir={page.parent / 'profile'}",
            "--virtual-time-budget=3000",
            *scheme,
            *options,
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return made.stdout
