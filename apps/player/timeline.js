// What is on, on the programme's clock, and the live window as a band that moves under the viewer's
// position: programme, ads by name, slate, what is announced.

const behind = 40_000;
const ahead = 60_000;
const tick = 20_000;

// All of them carry white text. An ad named after one of them gets it, as the demo's are.
const palette = {
  red: '#c81e1e',
  green: '#1b8236',
  blue: '#2846d2',
  violet: '#8a2fb0',
  teal: '#0e737c',
  brown: '#96530a',
};
const hues = Object.values(palette);

export function colourOf(name) {
  if (Object.hasOwn(palette, name)) return palette[name];
  let sum = 0;
  for (const c of name) sum = (sum * 31 + c.codePointAt(0)) % 9973;
  return hues[sum % hues.length];
}

// The breaks of tracking.json as spans of time (ms). What was planned after a break's end is left
// out.
function spansOf(breaks) {
  return breaks.flatMap((b) => {
    const end = b.end ? Date.parse(b.end) : Infinity;
    const start = Date.parse(b.start);
    if (!b.ads.length)
      return [
        {
          b,
          kind: 'announced',
          name: 'break',
          index: -1,
          from: start,
          until: Math.min(end, start + (b.duration ?? 30) * 1000),
        },
      ];
    return b.ads.map((ad, index) => {
      const from = Date.parse(ad.start);
      return {
        b,
        kind: ad.kind,
        name: ad.name,
        index,
        from,
        until: Math.min(end, from + ad.duration * 1000),
      };
    });
  });
}

// The guided break that is on, as hls.js has it.
export function guidedEvent(hls) {
  return hls?.interstitialsManager?.playingItem?.event ?? null;
}

// Seconds into it. Its media is appended to the programme's, or plays in a buffer of its own.
function guidedOffset(hls, video, event) {
  if (event.appendInPlace) return video.currentTime - event.startTime;
  return (hls.interstitialsManager.playingAsset?.startOffset ?? 0) + video.currentTime;
}

// The programme's clock where the viewer is (ms). hls.playingDate stands still around a guided
// break, where the programme's own fragments are not what is appended; the playlist's go on.
function programmeDate(hls, video) {
  const event = guidedEvent(hls);
  if (event) return event.startDate.getTime() + guidedOffset(hls, video, event) * 1000;
  const dated = (hls?.latestLevelDetails?.fragments ?? []).filter((f) => f.programDateTime);
  const fragment = dated.findLast((f) => f.start <= video.currentTime) ?? dated[0];
  return fragment ? fragment.programDateTime + (video.currentTime - fragment.start) * 1000 : 0;
}

function guidedAd(hls, video, event, breaks) {
  const asset = hls.interstitialsManager.playingAsset;
  const index = Math.max(0, asset ? event.findAssetIndex(asset) : 0);
  const ad = breaks.find((b) => b.id === event.identifier)?.ads[index];
  const end = asset?.duration ? asset.startOffset + asset.duration : 0;
  return {
    kind: ad?.kind ?? 'ad',
    name: ad?.name ?? '',
    index,
    count: event.assetList.length,
    left: Math.max(0, end - guidedOffset(hls, video, event)),
    breakId: event.identifier,
  };
}

function stitchedAd(date, breaks) {
  const span = spansOf(breaks).find((s) => s.index >= 0 && date >= s.from && date < s.until);
  if (!span) return null;
  const { kind, name, index, b } = span;
  const left = (span.until - date) / 1000;
  return { kind, name, index, count: b.ads.length, left, breakId: b.id };
}

// What is on: see now() of player.js. A guided break that is not played is programme, whatever had
// been decided for it.
export function onAir(hls, video, { breaks, guided }, started) {
  const date = started ? programmeDate(hls, video) : 0;
  const event = guidedEvent(hls);
  const programme = { kind: 'content', name: '', index: 0, count: 0, left: 0, breakId: '' };
  const ad = event ? guidedAd(hls, video, event, breaks) : guided ? null : stitchedAd(date, breaks);
  return { ...(ad ?? programme), guided: event !== null, date };
}

function mark(kind, position, text = '') {
  const e = document.createElement('i');
  e.className = kind;
  e.style.left = `${position * 100}%`;
  e.textContent = text;
  return e;
}

// `width` is the band's, in CSS pixels: a name that does not fit is left to the tooltip.
function bar(kind, from, until, { date, width }, name = '') {
  const place = (t) => Math.min(1, Math.max(0, (t - date + behind) / (behind + ahead)));
  const part = place(until) - place(from);
  if (!(part > 0)) return [];
  const e = mark(kind, place(from), part * width > name.length * 9 + 6 ? name : '');
  e.style.width = `${part * 100}%`;
  e.title = name;
  return [e];
}

function bars(span, edge, view) {
  const shown = bar(span.kind, span.from, Math.min(span.until, edge), view, span.name);
  const toCome = bar('announced', Math.max(span.from, edge), span.until, view, span.name);
  for (const e of [...shown, ...toCome]) {
    if (span.kind === 'ad') e.style.setProperty('--hue', colourOf(span.name));
    if (span.kind === 'slate') e.style.setProperty('--hue', 'var(--slate)');
  }
  return [...shown, ...toCome];
}

function ticks(date) {
  const all = [];
  for (let t = Math.ceil((date - behind) / tick) * tick; t <= date + ahead; t += tick) {
    const at = (t - date + behind) / (behind + ahead);
    // One that would be cut off by the band's ends is worse than none.
    if (at > 0.06 && at < 0.94) all.push(mark('tick', at, new Date(t).toLocaleTimeString('en-GB')));
  }
  return all;
}

// `live` is the window as served: { from, edge }; `date` where the viewer is.
export function draw(box, { live, breaks, date }) {
  if (!live || !date) return box.replaceChildren();
  const view = { date, width: box.clientWidth };
  return box.replaceChildren(
    ...bar('content', live.from, live.edge, view),
    ...spansOf(breaks).flatMap((s) => bars(s, live.edge, view)),
    ...ticks(date),
    mark('edge', Math.min(1, (live.edge - date + behind) / (behind + ahead))),
    mark('head', behind / (behind + ahead)),
  );
}
