// What a page fetches of ads, and when; and so when each event of an ad was due.

// Of each ad, as a part of its whole.
const positions = {
  impression: 0,
  start: 0,
  firstQuartile: 0.25,
  midpoint: 0.5,
  thirdQuartile: 0.75,
  complete: 1,
};
// .../s/<session>/ad/<break>/<item>/c/<creative>/<track>/<number>.<extension>
const shape = /\/s\/([^/]+)\/ad\/([^/]+)\/(\d+)\/c\/([^/]+\/[^/]+)\/(\d+)\.\w+$/;

function read(url) {
  const found = new URL(url).pathname.match(shape);
  if (!found) return null;
  const [, session, id, item, track, number] = found;
  return { session, id, item: Number(item), track, number: Number(number) };
}

export class AdSegments {
  #names = new Map(); // of sessions, by what stands in their URLs
  #asked = new Map(); // by session, break and item: tracks: segments: when first
  #lengths = new Map(); // by track: segments: seconds

  // Takes down what `page` does from now on.
  constructor(page) {
    for (const end of ['requestfinished', 'requestfailed'])
      page.on(end, (request) => this.#ask(request.url(), request.timing().startTime));
    page.on('response', (response) => this.#answer(response).catch(() => {})); // it went away
  }

  #ask(url, at) {
    const s = read(url);
    if (!s || !(at > 0)) return;
    const tracks = this.#of(this.#asked, [s.session, s.id, s.item].join(' '));
    const segments = this.#of(tracks, s.track);
    segments.set(s.number, Math.min(at, segments.get(s.number) ?? Infinity));
  }

  async #answer(response) {
    const url = response.url();
    const session = new URL(url).pathname.match(/\/s\/([^/]+)\//)?.[1];
    const name = response.headers()['x-session-id'];
    if (session && name) this.#names.set(name, session);
    if (!new URL(url).pathname.endsWith('.m3u8')) return;
    let length = 0;
    for (const line of (await response.text()).split('\n')) {
      if (line.startsWith('#EXTINF:')) length = parseFloat(line.slice(8));
      if (line.startsWith('#') || !line.trim()) continue;
      const s = read(new URL(line.trim(), url));
      if (s) this.#of(this.#lengths, s.track).set(s.number, length);
    }
  }

  #of(map, key) {
    if (!map.has(key)) map.set(key, new Map());
    return map.get(key);
  }

  // When a position was asked for of one track; never: Infinity.
  #covered(track, segments, position) {
    const lengths = this.#lengths.get(track) ?? new Map();
    const numbers = [...lengths.keys()].toSorted((a, b) => a - b);
    const total = numbers.reduce((sum, n) => sum + lengths.get(n), 0);
    let from = 0;
    for (const n of numbers) {
      const to = from + lengths.get(n) / total;
      const last = n === numbers.at(-1);
      if (last || position < to - 1e-6) return segments.get(n) ?? Infinity;
      from = to;
    }
    return Infinity;
  }

  knows(name) {
    return this.#names.has(name);
  }

  // By event: milliseconds since 1970. An event is not due before those that come before it.
  due(name, id, item) {
    const tracks = this.#asked.get([this.#names.get(name), id, item].join(' ')) ?? new Map();
    const out = {};
    let before = 0;
    for (const [event, position] of Object.entries(positions)) {
      const times = [...tracks].map(([t, segments]) => this.#covered(t, segments, position));
      before = Math.max(before, Math.min(...times, Infinity));
      out[event] = before;
    }
    return out;
  }
}
