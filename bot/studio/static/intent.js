// One intent: what it is called and means; or a new one. What is wrong stands below its field.

import { dropTyped, failed, find, keepTyped, page, post, ready, sayTyped, t, toast, typedBefore } from "./kit.js";
import { showDraft } from "./changing.js";

const form = find("describing");
const boxes = () => [...form.querySelectorAll("input, textarea, select")];
const what = page.intent || "new";
const shown = Object.fromEntries(boxes().map((box) => [box.id, box.value]));
const before = typedBefore(what);
for (const [id, text] of Object.entries(before ?? {})) if (id in shown) find(id).value = text;
if (before) sayTyped(what, () => { for (const box of boxes()) box.value = shown[box.id]; });
form.addEventListener("input", () => keepTyped(what, Object.fromEntries(boxes().filter((box) => box.value !== shown[box.id]).map((box) => [box.id, box.value]))));

function typed() {
  const found = {};
  for (const box of boxes()) (found[box.name] ??= {})[box.closest("fieldset").dataset.language] = box.value;
  return found;
}

function say(findings) {
  for (const box of boxes()) {
    const some = findings[box.closest("fieldset").dataset.language]?.[box.name] ?? [];
    const problem = find(`${box.id}-problem`);
    problem.textContent = [...new Set(some.map((one) => t(`shared_check_${one.key}`, one.values)))].join(" ");
    problem.dataset.kind = some.length ? "wrong" : "";
    if (some.length) box.setAttribute("aria-invalid", "true");
    else box.removeAttribute("aria-invalid");
  }
  form.querySelector("[aria-invalid]")?.focus();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const go = form.querySelector("button.strong");
  go.disabled = true;
  try {
    const done = await post(page.intent ? "training/describe" : "training/new", { ...typed(), intent: page.intent, seen: page.seen });
    say(done.findings ?? {});
    if (done.kept) {
      dropTyped(what);
      showDraft(done.draft);
      toast(t("training_done_describe"));
      if (!page.intent) location.assign(`/studio/training?intent=${done.intent}`);
    }
  } catch (failure) {
    failed(failure);
  } finally {
    go.disabled = false;
  }
});

ready([]);
