// Compares what was seen with what the node says should have been on, ad by ad. Pure.
const tolerance = 0.5; // seconds
const longestStall = 0.5;

// When an item should begin: on the programme's clock when stitched; guided ads stop that clock, so there by the wall
// clock since the break began to play.
function expected(b) {
  let offset = 0;
  return b.ads.map((ad) => {
    const item = { name: ad.kind === 'slate' ? 'slate' : ad.name, date: Date.parse(ad.start), offset, duration: ad.duration };
    offset += ad.duration;
    return item;
  });
}

function judgeStitched(seen, b, report) {
  const items = expected(b);
  const from = items[0].date - 4000;
  const until = items.at(-1).date + items.at(-1).duration * 1000 + 4000;
  const window = seen.samples.filter((s) => s.date >= from && s.date <= until);
  const covered = window.length && window[0].date < from + 1500 && window.at(-1).date > until - 1500;
  if (!covered) return { id: b.id, whole: false };
  for (const item of items) {
    const first = window.find((s) => s.colour === item.name && s.date > item.date - 2500);
    report(`${b.id} ${item.name}`, first ? (first.date - item.date) / 1000 : Infinity);
  }
  const end = items.at(-1).date + items.at(-1).duration * 1000;
  const back = window.find((s) => s.colour === 'content' && s.date > end - 2500);
  report(`${b.id} return`, back ? (back.date - end) / 1000 : Infinity);
  return { id: b.id, whole: true, ads: items.length };
}

function judgeGuided(seen, b, report) {
  const items = expected(b);
  const start = Date.parse(b.start);
  const total = items.at(-1).offset + items.at(-1).duration;
  const { samples } = seen;
  const first = samples.findIndex((s) => s.colour !== 'content' && Math.abs(s.date - start) < 3000);
  if (first < 1 || samples[0].date > start - 3000) return { id: b.id, whole: false };
  const zero = samples[first].t;
  const last = samples.at(-1);
  if ((last.t - zero) / 1000 < total + 4) return { id: b.id, whole: false };
  report(`${b.id} begins`, (samples[first - 1].date - start) / 1000);
  for (const item of items) {
    const s = samples.slice(first).find((x) => x.colour === item.name && (x.t - zero) / 1000 > item.offset - 2.5);
    report(`${b.id} ${item.name}`, s ? (s.t - zero) / 1000 - item.offset : Infinity);
  }
  const back = samples.slice(first).find((s) => s.colour === 'content' && (s.t - zero) / 1000 > total - 2.5);
  report(`${b.id} return`, back ? (back.t - zero) / 1000 - total : Infinity);
  const resumed = start + (b.duration ?? total) * 1000;
  report(`${b.id} resumes at`, back ? (back.date - resumed) / 1000 : Infinity);
  return { id: b.id, whole: true, ads: items.length };
}

export function judge(seen, mode) {
  const wrong = [];
  let worst = 0;
  const report = (what, seconds) => {
    worst = Math.max(worst, Math.abs(seconds));
    if (!(Math.abs(seconds) <= tolerance)) wrong.push(`${what}: ${seconds.toFixed(2)} s off`);
  };
  const breaks = seen.breaks.map((b) => (mode === 'sgai' ? judgeGuided : judgeStitched)(seen, b, report));
  for (const s of seen.stalls) if (s.seconds > longestStall) wrong.push(`a stall of ${s.seconds.toFixed(2)} s`);
  for (const e of seen.errors) if (e.fatal) wrong.push(`a fatal error: ${e.type} ${e.details}`);
  return { wrong, worst, breaks, ads: breaks.reduce((n, b) => n + (b.ads ?? 0), 0) };
}
