// What the sink of the demo's ad server was told: each event of each ad once for every viewer, in
// order, and soon after it was due; and the same that players are handed which tell themselves.
const events = ['impression', 'start', 'firstQuartile', 'midpoint', 'thirdQuartile', 'complete'];
const latest = 1000; // ms after it was due

// By viewer, break and ad: the times at which each event came. Wrappers stand above several ads.
function byAd(pixels) {
  const ads = new Map();
  for (const { url, time } of pixels) {
    const query = new URL(url, 'http://sink').searchParams;
    const [event, ad, session] = ['event', 'ad', 'session'].map((name) => query.get(name));
    if (!session || event === 'error' || ad.startsWith('wrapper')) continue;
    const key = [session, query.get('n'), ad].join(' ');
    if (!ads.has(key)) ads.set(key, { session, n: query.get('n'), ad, came: new Map() });
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

// How long after it was due each event of a player's ad came, in ms, and what is wrong with that.
function judgeTimes(key, pixels, player, told) {
  const { session, n, ad, came } = pixels;
  const entry = told.find(player, n, ad);
  if (!entry) return { wrong: [`${key}: no tracking.json names it`], late: [] };
  const wrong = [];
  const named = [...entry.events].toSorted().join(' ');
  if (named !== [...came.keys()].toSorted().join(' '))
    wrong.push(`${key}: tracking.json names ${named}`);
  const shown = player.seen.breaks.find((b) => b.id === entry.id);
  const item = shown?.ads.findIndex((a) => a.kind === 'ad' && a.name === entry.name) ?? -1;
  if (item < 0) return { wrong: [...wrong, `${key}: ${entry.id} was not seen`], late: [] };
  const due = player.fetched.due(session, entry.id, item);
  const late = [];
  for (const [event, [time]] of came) {
    late.push(time - due[event]);
    // What a browser says of its requests' times is a little off.
    if (!(late.at(-1) <= latest && late.at(-1) >= -100))
      wrong.push(`${key}: ${event} came ${late.at(-1).toFixed(0)} ms after it was due`);
  }
  return { wrong, late };
}

// Each player has seen a whole ad at least, and nothing is wrong with any.
export async function judgePixels(adServer, players, told) {
  const { pixels } = await (await fetch(new URL('/pixels', adServer))).json();
  const wrong = [];
  const sessions = new Set();
  const late = [];
  let ads = 0;
  for (const [key, ad] of byAd(pixels)) {
    const verdict = judgeAd(key, ad.came);
    wrong.push(...verdict.wrong);
    if (!verdict.whole) continue;
    ads += 1;
    sessions.add(ad.session);
    const player = players.find((p) => p.fetched.knows(ad.session));
    if (!player) continue; // a recorder's
    const times = judgeTimes(key, ad, player, told);
    wrong.push(...times.wrong);
    late.push(...times.late);
  }
  for (const p of players)
    if (![...sessions].some((s) => p.fetched.knows(s)))
      wrong.push(`${p.channel} ${p.mode}: no whole ad was told`);
  const worst = Number((Math.max(...late) / 1000).toFixed(3));
  return { viewers: sessions.size, ads, pixels: pixels.length, 'latest (s)': worst, wrong };
}
