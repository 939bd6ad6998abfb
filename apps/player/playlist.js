// A served media playlist: read for the timeline, and laid out for the eye.
import { colourOf } from './timeline.js';

// Segment URIs of ads are relative to the session: ad/{break}/{item}/...; all others are absolute.
function adOf(uri, breaks) {
  const [root, breakId, item] = uri.split('/');
  if (root !== 'ad') return null;
  return breaks.find((b) => b.id === breakId)?.ads[Number(item)] ?? { name: '', kind: 'ad' };
}

// Where the window begins and ends on the programme's clock (ms); null without a date in it.
export function readWindow(text) {
  let from = 0;
  let end = 0;
  let length = 0;
  let count = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith('#EXT-X-PROGRAM-DATE-TIME:')) end = Date.parse(line.slice(25));
    else if (line.startsWith('#EXTINF:')) length = Number.parseFloat(line.slice(8)) * 1000;
    else if (line && !line.startsWith('#')) {
      from ||= end;
      end += length;
      count += 1;
    }
  }
  return from ? { from, edge: end, count } : null;
}

function dress(row, line, breaks) {
  if (line === '#EXT-X-DISCONTINUITY' || line.includes('com.apple.hls.interstitial'))
    row.className = 'mark';
  else if (line && !line.startsWith('#')) {
    const ad = adOf(line, breaks);
    row.className = ad?.kind ?? 'content';
    if (ad?.kind === 'ad') row.style.setProperty('--hue', colourOf(ad.name));
    if (ad) row.title = ad.name;
  }
}

export function show(box, text, breaks) {
  box.replaceChildren(
    ...text
      .trimEnd()
      .split('\n')
      .map((line) => {
        const row = document.createElement('span');
        row.textContent = line || ' ';
        dress(row, line, breaks);
        return row;
      }),
  );
}
