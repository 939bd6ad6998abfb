// What the sink of the demo's ad server was told: each event of each ad once for every viewer, and in
// order.
const events = ['impression', 'start', 'firstQuartile', 'midpoint', 'thirdQuartile', 'complete'];

// By viewer, break and ad: the times at which each event came. Wrappers stand above several ads.
function byAd(pixels) {
  const ads = new Map();
  for (const { url, time } of pixels) {
    const query = new URL(url, 'http://sink').searchParams;
    const [event, ad, session] = ['event', 'ad', 'session'].map((name) => query.get(name));
    if (!session || event === 'error' || ad.startsWith('wrapper')) continue;
    const key = [session, query.get('n'), ad].join(' ');
    if (!ads.has(key)) ads.set(key, { session, came: new Map() });
    const { came } = ads.get(key);
    came.set(event, [...(came.get(event) ?? []), Date.parse(time)]);
  }
  return ads;
}

// What is wrong with one ad, in words; whether it was played to its end.
function judgeAd(key, came) {
  const wrong = [];
  for (const [event, times] of came)
    if (times.length > 1) wrong.push(`${key}: ${event} came ${times.length} times`);
  const there = events.filter((event) => came.has(event));
  const order = there.map((event) => came.get(event)[0]);
  // Those of one segment are made at the same time, over several connections.
  if (order.some((t, i) => i > 0 && t < order[i - 1] - 200)) wrong.push(`${key}: out of order`);
  const whole = came.has('complete');
  const last = events.indexOf(there.at(-1));
  if (there.length !== last + 1) wrong.push(`${key}: only ${there.join(', ')} came`);
  return { wrong, whole };
}

// At least so many viewers have seen a whole ad, and nothing is wrong with any.
export async function judgePixels(adServer, viewers) {
  const { pixels } = await (await fetch(new URL('/pixels', adServer))).json();
  const wrong = [];
  const sessions = new Set();
  let ads = 0;
  for (const [key, { session, came }] of byAd(pixels)) {
    const verdict = judgeAd(key, came);
    wrong.push(...verdict.wrong);
    if (!verdict.whole) continue;
    ads += 1;
    sessions.add(session);
  }
  if (sessions.size < viewers)
    wrong.push(`whole ads of ${sessions.size} viewers were told, and there were ${viewers}`);
  return { viewers: sessions.size, ads, pixels: pixels.length, wrong };
}
