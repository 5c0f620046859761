// A sentence as words that can be clicked, also in languages that write without blanks. Browsers know their words; where one does not,
// Chinese is cut into characters.

const CHINESE = /[\u3400-\u9fff]/;

// [{ start, end, text, isWord }], without gaps. Blanks and points are no words.
export function words(text, language) {
  if (globalThis.Intl?.Segmenter) {
    const cut = new Intl.Segmenter(language, { granularity: "word" });
    return [...cut.segment(text)].map((one) => ({ start: one.index, end: one.index + one.segment.length, text: one.segment, isWord: Boolean(one.isWordLike) }));
  }
  const parts = text.match(/[\u3400-\u9fff]|[^\s\u3400-\u9fff]+|\s+/g) ?? [];
  let start = 0;
  return parts.map((part) => {
    const one = { start, end: start + part.length, text: part, isWord: CHINESE.test(part) || /[\p{L}\p{N}]/u.test(part) };
    start = one.end;
    return one;
  });
}

// Words that belong together become one: those that overlap the same known place.
export function joined(parts, places) {
  const found = [];
  for (const part of parts) {
    const place = places.find((one) => part.start < one.end && one.start < part.end) ?? null;
    const last = found.at(-1);
    if (last && place && last.place === place) Object.assign(last, { end: part.end, text: last.text + part.text });
    else found.push({ ...part, place });
  }
  return found;
}
