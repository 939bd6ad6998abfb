// Reads a served media playlist for the timeline, and tints it for the eye.

export function readPlaylist(text) {
  const segments = [];
  let date = 0;
  let length = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith('#EXT-X-PROGRAM-DATE-TIME:')) date = Date.parse(line.slice(25));
    else if (line.startsWith('#EXTINF:')) length = Number.parseFloat(line.slice(8)) * 1000;
    else if (line && !line.startsWith('#')) {
      const ad = line.startsWith('ad/');
      segments.push({ start: date, end: date + length, ad, uri: line });
      date += length;
    }
  }
  return { segments };
}

const escaped = (text) => text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]);

export function tint(text) {
  return text
    .split('\n')
    .map((line) => {
      const safe = escaped(line);
      if (line.startsWith('ad/')) return `<span class="ad">${safe}</span>`;
      if (line.startsWith('#EXT-X-DISCONTINUITY') || line.includes('com.apple.hls.interstitial')) return `<span class="mark">${safe}</span>`;
      return safe;
    })
    .join('\n');
}
