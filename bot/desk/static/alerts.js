// What has to be heard: an urgent case, or one that nobody takes. A sound, a line on the page, and where it is allowed a
// notification. None of them says anything of a patient.

import { button, find, make } from "./dom.js";
import { t } from "./texts.js";

const TONES_HZ = { urgent: [880, 660, 880], raised: [880, 660, 880], unclaimed: [660, 660] };
const TONE_S = 0.18;
const MOST_LINES = 3;

export class Alerts {
  // `on`: open(id), muted(is muted)
  constructor(isMuted, on) {
    this.isMuted = isMuted;
    this.on = on;
    this.showSound();
    find("sound").addEventListener("click", () => this.setMuted(!this.isMuted));
    // Browsers let a page make a sound only after somebody has touched it.
    const wake = () => this.context?.state === "suspended" && this.context.resume();
    for (const what of ["pointerdown", "keydown"]) document.addEventListener(what, wake, { passive: true });
    this.setUpNotifications();
  }

  setMuted(isMuted) {
    this.isMuted = isMuted;
    this.showSound();
    this.on.muted(isMuted);
    if (!isMuted) this.beep("unclaimed");
  }

  showSound() {
    const label = t(this.isMuted ? "sound_off" : "sound_on");
    find("sound").setAttribute("aria-pressed", String(!this.isMuted));
    find("sound").setAttribute("aria-label", label);
    find("sound").title = label;
  }

  setUpNotifications() {
    const can = "Notification" in window && Notification.permission === "default";
    find("notify").hidden = !can;
    find("notify").addEventListener("click", async () => {
      await Notification.requestPermission();
      find("notify").hidden = true;
    });
  }

  page({ id, number, what }) {
    if (!this.isMuted) this.beep(what);
    this.line(id, number, what);
    if (document.hidden && "Notification" in window && Notification.permission === "granted") {
      new Notification(t("title"), { body: t(`notify_${what}`), tag: "daozhen" });
    }
  }

  line(id, number, what) {
    find(`page-${id}`)?.remove();
    const line = make("div", { class: `page ${what}`, id: `page-${id}` }, make("strong", {}, t(`page_${what}`, { number })));
    const open = button(t("open_it"), () => (line.remove(), this.on.open(id)), { class: "quiet" });
    line.append(open, button(t("dismiss"), () => line.remove(), { class: "quiet" }));
    find("pages").append(line);
    while (find("pages").children.length > MOST_LINES) find("pages").firstChild.remove();
  }

  // Somebody has it: nobody else has to be told any more. That a case of mine has become urgent stands until I have seen to it.
  settled(row) {
    const line = find(`page-${row.id}`);
    if (line?.classList.contains("raised") ? !row.mine || row.state === "closed" : row.state !== "waiting") line?.remove();
  }

  beep(what) {
    this.context ??= new AudioContext();
    if (this.context.state === "suspended") this.context.resume();
    TONES_HZ[what].forEach((tone, index) => this.tone(tone, this.context.currentTime + index * TONE_S * 1.3));
  }

  tone(hertz, at) {
    const [sound, volume] = [this.context.createOscillator(), this.context.createGain()];
    sound.frequency.value = hertz;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.25, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + TONE_S);
    sound.connect(volume).connect(this.context.destination);
    sound.start(at);
    sound.stop(at + TONE_S);
  }
}
