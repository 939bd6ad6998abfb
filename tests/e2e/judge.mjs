// Compares what was seen with what the node says should have been on, ad by ad, and that with what
// the ad server had to offer. Pure.
const tolerance = 500; // ms
const longestStall = 0.5; // s
const longestGap = 1500; // ms that were skipped, or in which the picture stood still
const margin = 4000; // ms of programme that must have been seen around a whole break

const text = (ms) => `${(ms / 1000).toFixed(2)} s`;

// What should be on, and from when until when on the programme's clock: the ads, then the programme
// again.
function expected(b, mode) {
  const items = b.ads.map((ad) => {
    const from = Date.parse(ad.start);
    return {
      name: ad.kind === 'slate' ? 'slate' : ad.name,
      from,
      until: from + ad.duration * 1000,
    };
  });
  // A guided break ends where the programme is resumed, a stitched one with its last ad.
  const planned =
    mode === 'sgai' && b.duration ? Date.parse(b.start) + b.duration * 1000 : items.at(-1).until;
  const end = b.end ? Math.min(Date.parse(b.end), planned) : planned;
  return [...items, { name: 'content', from: end, until: end + margin }];
}

function judgeBreak(samples, b, mode) {
  const items = expected(b, mode);
  const from = items[0].from - margin;
  const { until } = items.at(-1);
  const seen = samples.filter((s) => s.date >= from && s.date <= until);
  // A viewer who came late, or has not seen its end yet, tells nothing about this break.
  if (!seen.length || seen[0].date > from + 1500 || seen.at(-1).date < until - 1000)
    return { id: b.id, whole: false, offsets: [], wrong: [] };
  const offsets = [];
  const wrong = judgePace(seen, b);
  for (const item of items) {
    const first = seen.find((s) => s.colour === item.name && s.date > item.from - 2500);
    const offset = first ? first.date - item.from : Infinity;
    offsets.push(offset / 1000);
    if (Math.abs(offset) > tolerance)
      wrong.push(`${b.id} ${item.name}: begins ${text(offset)} off`);
    const inside = seen.filter(
      (s) => s.date > item.from + tolerance && s.date < item.until - tolerance,
    );
    const other = inside.find((s) => s.colour !== item.name);
    if (!inside.length) wrong.push(`${b.id} ${item.name}: was not seen`);
    if (other)
      wrong.push(`${b.id} ${item.name}: ${other.colour} ${text(other.date - item.from)} into it`);
  }
  return { id: b.id, whole: true, offsets, wrong };
}

// The programme's clock has to go on as the wall's does.
function judgePace(seen, b) {
  const wrong = [];
  for (let i = 1; i < seen.length; i += 1) {
    const skipped = seen[i].date - seen[i - 1].date;
    if (skipped > longestGap || skipped < -longestGap)
      wrong.push(`${b.id}: the clock jumped by ${text(skipped)}`);
  }
  const behind = seen.at(-1).t - seen[0].t - (seen.at(-1).date - seen[0].date);
  if (Math.abs(behind) > longestGap)
    wrong.push(`${b.id}: took ${text(behind)} longer than it should`);
  return wrong;
}

const adsOf = (b) => b.ads.filter((ad) => ad.kind === 'ad').map((ad) => ad.name);

// Whole breaks show the ads of an answer, in its order, and each break those of the answer after.
function judgeOffers(seen, whole, offers) {
  const wrong = [];
  const all = seen.breaks.toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start));
  let known;
  for (const [place, b] of all.entries()) {
    if (!whole.has(b.id)) continue;
    const ads = adsOf(b).join(' ');
    const turn = offers.findIndex((offer) => offer.join(' ') === ads);
    if (turn < 0) wrong.push(`${b.id}: the ad server never offers "${ads}"`);
    else if (known && (known.turn + place - known.place) % offers.length !== turn)
      wrong.push(`${b.id}: "${ads}" is not what the ad server offers for this break`);
    if (turn >= 0) known ??= { place, turn };
  }
  return wrong;
}

// `offers`: names of ads as the ad server offers them for one break after the other, over and over.
// { breaks: whole ones, ads: shown in them, worst: the largest offset in seconds, wrong: in words }
export function judge(seen, mode, offers) {
  const breaks = seen.breaks.map((b) => judgeBreak(seen.samples, b, mode)).filter((b) => b.whole);
  const wrong = breaks.flatMap((b) => b.wrong);
  wrong.push(...judgeOffers(seen, new Set(breaks.map((b) => b.id)), offers));
  for (const s of seen.stalls)
    if (s.seconds > longestStall) wrong.push(`a stall of ${text(s.seconds * 1000)}`);
  for (const e of seen.errors) if (e.fatal) wrong.push(`a fatal error: ${e.type} ${e.details}`);
  const offsets = breaks.flatMap((b) => b.offsets);
  return {
    breaks: breaks.length,
    ads: breaks.reduce((n, b) => n + b.offsets.length - 1, 0),
    worst: Math.max(0, ...offsets.map(Math.abs)),
    wrong,
  };
}
