// What the pages of releases share: states, times, publishing and going back.

import { ask, failed, isolated, make, page, post, t, toast } from "./kit.js";

const LOOKS = { waiting: "calm", building: "soon", refused: "alarm", failed: "alarm", ready: "good", live: "good", kept: "calm" };

export const stateBadge = (state) => make("span", { class: `badge ${LOOKS[state] ?? "calm"}` }, t(`releases_state_${state}`));

const times = new Intl.DateTimeFormat(`${page.language}-u-nu-latn`, { dateStyle: "medium", timeStyle: "short" });

export const when = (iso) => make("time", { datetime: iso }, times.format(new Date(iso)));

export const isUnfinished = (release) => ["waiting", "building"].includes(release.state);

// `after`: what is done when it went well; edited: files that were edited by hand since the release that is live.
export const serve = (act, name, after, edited = []) => ask(t(`releases_${act}`), {
  text: [t(`releases_${act}_text`, { name: isolated(name) }), edited.length && act === "back" ? t("releases_edited", { files: edited.join(", ") }) : ""].filter(Boolean).join(" "),
  go: t(`releases_${act}`),
  danger: act === "back",
  run: async () => {
    const done = await post(`releases/${name}/${act}`, {}, { patience: SERVED_WITHIN_MS });
    toast(t("releases_done", { name: isolated(done.name), seconds: done.seconds }));
    if (!done.answers) toast(t("releases_not_yet"));
    if (done.edited.length) toast(t("releases_edited_kept", { files: isolated(done.edited.join(", ")), name: isolated(done.kept_as) }));
    await after().catch(failed);
    return true;
  },
});

const LOOK_MS = 1500;
// The call answers when the assistant does with the new model: on a busy machine that takes a while.
const SERVED_WITHIN_MS = 60000;

// Ask again until it is finished. `show(release)` is called with each answer.
export async function follow(look, show) {
  for (;;) {
    const release = await look();
    show(release);
    if (!release || !isUnfinished(release)) return;
    await new Promise((resolve) => { setTimeout(resolve, LOOK_MS); });
  }
}
