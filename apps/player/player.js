// The player page: picks a channel, plays it with hls.js, and shows what the node makes of its breaks.
//
// For tests and for the curious, `window.interlude` holds { hls, video, stats, now() }:
//   stats.stalls  [{ at, seconds }]               waits after start-up
//   stats.errors  [{ at, fatal, type, details }]
//   stats.started  performance time of the first frame, 0 before
//   now()         { kind: 'content'|'ad'|'slate'|'interstitial', name, date, breakId }
import Hls from './hls.min.mjs';
import { readPlaylist, tint } from './playlist.js';
import { draw } from './timeline.js';

const $ = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
const stats = { stalls: [], errors: [], started: 0 };
const state = { hls: null, breaks: [], playlist: null, session: '', waitingSince: 0 };
const video = $('video');

async function json(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: HTTP ${answer.status}`);
  return answer.json();
}

function note(text) {
  const line = document.createElement('li');
  line.textContent = `${new Date().toISOString().slice(11, 19)} ${text}`;
  $('log').prepend(line);
  while ($('log').children.length > 100) $('log').lastChild.remove();
}

function guided() {
  const item = state.hls?.interstitialsManager?.playingItem;
  return item?.event ? item : null;
}

// The asset of a guided break that is on now.
function assetOnAir(item) {
  const manager = state.hls.interstitialsManager;
  const index = manager.playingIndex === undefined ? 0 : Math.max(0, item.event.assetList.indexOf(manager.playerQueue?.[0]?.interstitial));
  const asset = manager.bufferingPlayer?.assetItem || item.event.assetList[Math.max(index, 0)];
  return { asset, count: item.event.assetList.length };
}

function adAt(date) {
  for (const b of state.breaks) {
    for (const ad of b.ads) {
      const start = Date.parse(ad.start);
      if (date >= start && date < start + ad.duration * 1000) return { b, ad, left: (start + ad.duration * 1000 - date) / 1000 };
    }
  }
  return null;
}

function now() {
  const date = state.hls?.playingDate?.getTime() ?? 0;
  const item = guided();
  if (item) return { kind: 'interstitial', name: item.event.identifier, date, breakId: item.event.identifier };
  const on = adAt(date);
  if (!on || state.guidedMode) return { kind: 'content', name: '', date, breakId: '' };
  return { kind: on.ad.kind, name: on.ad.name, date, breakId: on.b.id };
}

function showNow() {
  const date = state.hls?.playingDate?.getTime() ?? 0;
  const item = guided();
  if (item) {
    const { asset, count } = assetOnAir(item);
    const b = state.breaks.find((x) => x.id === item.event.identifier);
    const index = asset ? item.event.assetList.indexOf(asset) : 0;
    const name = b?.ads[index]?.name ?? '';
    $('now').textContent = `Guided break: ${name} (${index + 1} of ${count})`;
    return;
  }
  const on = state.guidedMode ? null : adAt(date);
  if (on) {
    const index = on.b.ads.indexOf(on.ad) + 1;
    const what = on.ad.kind === 'slate' ? 'Slate' : `Ad “${on.ad.name}”`;
    $('now').textContent = `${what}, ${index} of ${on.b.ads.length} in this break, ${Math.ceil(on.left)} s left`;
    return;
  }
  const next = state.breaks.map((b) => Date.parse(b.start)).filter((t) => t > date).sort((a, b) => a - b)[0];
  $('now').textContent = date ? `Programme${next ? `, break in ${Math.ceil((next - date) / 1000)} s` : ''}` : 'Starting …';
}

function showFacts() {
  const { hls } = state;
  if (!hls) return;
  const level = hls.levels[hls.currentLevel];
  $('latency').textContent = Number.isFinite(hls.latency) && hls.latency > 0 ? `${hls.latency.toFixed(1)} s` : '–';
  const ranges = video.buffered;
  let ahead = 0;
  for (let i = 0; i < ranges.length; i += 1)
    if (ranges.start(i) <= video.currentTime + 0.1 && ranges.end(i) > video.currentTime) ahead = ranges.end(i) - video.currentTime;
  $('buffer').textContent = `${ahead.toFixed(1)} s`;
  $('level').textContent = level ? `${level.height || '?'}p` : '–';
  const lost = stats.stalls.reduce((sum, s) => sum + s.seconds, 0);
  $('stalls').textContent = stats.stalls.length ? `${stats.stalls.length} (${lost.toFixed(1)} s)` : '0';
  $('errors').textContent = String(stats.errors.length);
  draw($('timeline'), { playlist: state.playlist, breaks: state.breaks, date: hls.playingDate?.getTime() ?? 0, guided: state.guidedMode });
}

function watchStalls() {
  video.addEventListener('waiting', () => {
    if (stats.started && !video.seeking) state.waitingSince = performance.now();
  });
  video.addEventListener('playing', () => {
    if (!stats.started) stats.started = performance.now();
    if (!state.waitingSince) return;
    const seconds = (performance.now() - state.waitingSince) / 1000;
    state.waitingSince = 0;
    stats.stalls.push({ at: Date.now(), seconds });
    note(`stall of ${seconds.toFixed(2)} s`);
  });
}

function listen(hls) {
  hls.on(Hls.Events.ERROR, (_, data) => {
    stats.errors.push({ at: Date.now(), fatal: data.fatal, type: data.type, details: data.details });
    note(`${data.fatal ? 'fatal ' : ''}${data.type}: ${data.details}`);
    if (!data.fatal) return;
    if (data.type === Hls.ErrorTypes.NETWORK_ERROR) setTimeout(() => hls.startLoad(), 1000);
    else if (data.type === Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
  });
  hls.on(Hls.Events.LEVEL_LOADED, (_, data) => {
    const text = data.networkDetails?.responseText;
    const url = data.networkDetails?.responseURL || data.details.url;
    state.session = url.slice(0, url.lastIndexOf('/') + 1);
    if (typeof text !== 'string') return;
    state.playlist = readPlaylist(text);
    $('playlist-url').textContent = url.length > 120 ? `${url.slice(0, 60)}…${url.slice(-30)}` : url;
    if ($('playlist-box').open) $('playlist').innerHTML = tint(text);
  });
}

async function followBreaks() {
  try {
    if (state.session) state.breaks = (await json(`${state.session}tracking.json`)).breaks;
  } catch (e) {
    note(String(e.message ?? e));
  }
  setTimeout(followBreaks, 2000);
}

function play() {
  const [org, channel] = $('channel').value.split('/');
  const mode = $('mode').value;
  const chosen = state.channels.find((c) => c.org === org && c.channel === channel);
  state.hls?.destroy();
  Object.assign(state, { breaks: [], playlist: null, session: '', waitingSince: 0 });
  stats.stalls.length = stats.errors.length = 0;
  stats.started = 0;
  state.guidedMode = mode === 'sgai' || (mode === 'auto' && chosen.default_mode === 'sgai');
  const hls = new Hls({ liveSyncDurationCount: 3, enableWorker: true, maxLiveSyncPlaybackRate: 1, ...(window.interludeConfig ?? {}) });
  state.hls = hls;
  window.interlude = { hls, video, stats, now, state };
  listen(hls);
  hls.loadSource(`${chosen.master}?mode=${mode}`);
  hls.attachMedia(video);
  hls.on(Hls.Events.MANIFEST_PARSED, () => video.play().catch((e) => note(e.message)));
}

async function start() {
  watchStalls();
  state.channels = (await json('/v1/channels')).channels;
  for (const c of state.channels) $('channel').add(new Option(`${c.org}/${c.channel}`));
  if (query.has('channel')) $('channel').value = query.get('channel');
  if (query.has('mode')) $('mode').value = query.get('mode');
  $('choice').addEventListener('submit', (e) => {
    e.preventDefault();
    play();
  });
  setInterval(() => {
    showNow();
    showFacts();
  }, 250);
  followBreaks();
  if (query.get('autoplay') !== '0') play();
}

if (Hls.isSupported()) start().catch((e) => note(String(e.message ?? e)));
else $('now').textContent = 'This browser has no Media Source Extensions: open the master playlist in its own player instead.';
