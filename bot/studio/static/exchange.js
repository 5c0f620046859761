// Import and bulk edits: what would change is shown first, then kept as a draft, which can be taken back at once.

import { failed, fill, find, languageName, make, post, query, ready, said, send, t, table, toast, values } from "./kit.js";

// What was looked at last, and how it is kept: only what was seen is kept.
let keep = null;

function show(plan, keeping) {
  keep = keeping;
  find("preview").hidden = false;
  find("kept").hidden = true;
  find("preview-counts").textContent = plan.possible || plan.lines.length ? t("exchange_counts", plan.counts) : t("exchange_nothing");
  fill(find("preview-lines"), plan.lines.length ? lines(plan.lines) : null);
  find("preview-more").hidden = !plan.more;
  find("preview-more").textContent = t("exchange_more", { n: plan.more });
  find("keep").hidden = !plan.possible;
  find("preview").focus();
}

function lines(rows) {
  const kinds = { added: "good", changed: "calm", removed: "soon", problem: "alarm" };
  const words = (text, language) => text && make("span", { dir: "auto", lang: language }, text);
  return table(t("exchange_preview"), [
    { name: t("exchange_line_kind"), cell: (line) => [make("span", { class: `badge ${kinds[line.kind]}` }, t(`exchange_kind_${line.kind}`)), line.why && make("small", { class: "why" }, t(line.why.startsWith("check_") ? `shared_${line.why}` : `exchange_why_${line.why}`, line.values))].filter(Boolean) },
    { name: t("exchange_line_name"), cell: (line) => [make("code", { dir: "ltr" }, line.name), line.language && make("small", {}, ` ${languageName(line.language)}`)].filter(Boolean) },
    { name: t("exchange_line_before"), cell: (line) => words(line.before, line.language) || "–" },
    { name: t("exchange_line_after"), cell: (line) => words(line.after, line.language) || "–" },
  ], rows);
}

async function looking(form, run) {
  const go = form.querySelector("button");
  go.disabled = true;
  await run().catch(failed);
  go.disabled = false;
}

find("import-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const [file, wanted] = [form.file.files[0], query({ language: form.language.value, whole: form.whole.checked ? "yes" : "" })];
  looking(form, async () => show(await send(`exchange/preview?${wanted}`, file), () => send(`exchange/keep?${wanted}`, file)));
});

find("bulk-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const wanted = values(event.target);
  looking(event.target, async () => show(await post("exchange/bulk", wanted), () => post("exchange/bulk/keep", wanted)));
});

// A file that is chosen anew was not looked at.
for (const form of [find("import-form"), find("bulk-form")]) form.addEventListener("input", () => { find("preview").hidden = true; });

find("keep").addEventListener("click", async () => {
  find("keep").disabled = true;
  try {
    const { changes } = await keep();
    find("preview").hidden = true;
    fill(find("kept"), said("p", "exchange_kept"), make("div", { class: "row" }, ...changes.map((one) => make("a", { class: "button", href: one.address }, `${t("exchange_open_change")} ${one.id}`))));
    find("kept").hidden = false;
    toast(t("exchange_kept"), { undo: () => undo(changes) });
  } catch (failure) {
    failed(failure);
  } finally {
    find("keep").disabled = false;
  }
});

async function undo(changes) {
  try {
    await post("exchange/undo", { changes: changes.map((one) => one.id) });
    find("kept").hidden = true;
    toast(t("exchange_undone"));
  } catch (failure) {
    failed(failure);
  }
}

ready([{ id: "import", keys: ["i"], text: "exchange_import", run: () => find("file").focus() }, { id: "bulk", keys: ["b"], text: "exchange_bulk", run: () => find("find").focus() }]);
