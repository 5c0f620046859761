"""What is wrong with a page as it stands: what overflows, what is too small to press, what axe-core finds."""

from __future__ import annotations

from pathlib import Path

from audit import overflows

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
# What a checker finds that keeps somebody out.
GRAVE = ("serious", "critical")


def findings(desk) -> list[str]:
    """Return what axe-core finds serious or critical on the page as it stands now."""
    desk.page.evaluate(f"{AXE}; 0")
    found = desk.page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


def small_targets(desk) -> list[str]:
    """Return what can be pressed and is smaller than 44 pixels."""
    script = r"""() => [...document.querySelectorAll('button, select, summary, a[href], input:not([type=checkbox]), textarea, [role=tab]')]
      .filter((e) => e.checkVisibility({visibilityProperty: true}) && !e.matches('.skip') && e.getBoundingClientRect().width > 1)
      .filter((e) => { const box = e.getBoundingClientRect(); return box.width < 43.5 || box.height < 43.5; })
      .map((e) => `${e.tagName} ${e.id} ${e.className} ${e.textContent.trim().slice(0, 20)} ${Math.round(e.getBoundingClientRect().width)}x${Math.round(e.getBoundingClientRect().height)}`)"""
    return list(desk.value(script))


def look(desk) -> list[str]:
    return [*overflows(desk.page), *small_targets(desk), *findings(desk)]
