// The player page: picks a channel, plays it with hls.js, and shows what becomes of its ad breaks.
//
// The URL chooses: ?channel=demo/ts&mode=ssai|sgai|auto; autoplay=0 waits for the button.
//
// For tests and for the curious, `window.interlude` is
//   hls, video       the player and its element
//   stats.started    performance.now() of the first frame shown, 0 before
//   stats.stalls     [{ at, seconds }]: waits after start-up; the last one grows while it lasts
//   stats.errors     [{ at, fatal, type, details }] as hls.js tells them
//   session          URL of the session's folder, '' before its first playlist came
//   breaks           what tracking.json said last
//   now()            what is on: { kind: 'content'|'ad'|'slate', name, index, count, left, breakId,
//                    guided, date }: the index-th (from 0) of count in its break, for another
//                    `left` seconds; date (ms) on the programme's clock
import Hls from './hls.min.mjs';
import { readWindow, show } from './playlist.js';
import { draw, guidedEvent, onAir } from './timeline.js';

const $ = (id) => document.getElementById(id);
const video = $('video');
const query = new URLSearchParams(location.search);
const stats = { started: 0, stalls: [], errors: [] };
// Of the channel that is played. `text` is its media playlist, `live` what is in it.
const state = {
  hls: null,
  master: '',
  session: '',
  target: 2,
  breaks: [],
  text: '',
  url: '',
  live: null,
  guided: false,
  restarted: 0,
};
const longestWait = 10; // s
let channels = [];

window.interlude = {
  video,
  stats,
  now,
  get hls() {
    return state.hls;
  },
  get session() {
    return state.session;
  },
  get breaks() {
    return state.breaks;
  },
};

async function json(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return answer.json();
}

function note(text, bad = false) {
  const line = document.createElement('li');
  line.textContent = `${new Date().toLocaleTimeString('en-GB')} ${text}`;
  line.classList.toggle('bad', bad);
  $('log').prepend(line);
  while ($('log').children.length > 200) $('log').lastChild.remove();
}

function now() {
  return onAir(state.hls, video, state, stats.started > 0);
}

// ---- The page

const inSeconds = (s) => `${Math.max(0, Math.ceil(s))} s`;

function titleOf(on) {
  if (!on.date) return 'Starting …';
  if (on.kind === 'content') return 'Programme';
  const what = on.kind === 'slate' ? 'Slate' : on.name ? `Ad “${on.name}”` : 'Ad';
  return `${what}, ${on.index + 1} of ${on.count}`;
}

// Said aloud once for each item; the countdown is only for the eye.
function tell(on) {
  const title = titleOf(on);
  if ($('said').textContent !== title) {
    $('said').textContent = title;
    if (on.date && (on.name || on.kind === 'content')) note(title);
  }
  const next = Math.min(...state.breaks.map((b) => Date.parse(b.start)).filter((t) => t > on.date));
  const rest =
    on.kind !== 'content'
      ? `, ${inSeconds(on.left)} left`
      : on.date && Number.isFinite(next)
        ? `, break in ${inSeconds((next - on.date) / 1000)}`
        : '';
  $('now').textContent = title + rest;
}

function bufferAhead() {
  for (let i = 0; i < video.buffered.length; i += 1) {
    const [from, until] = [video.buffered.start(i), video.buffered.end(i)];
    if (from <= video.currentTime + 0.1 && until > video.currentTime)
      return until - video.currentTime;
  }
  return 0;
}

function showFacts() {
  const { hls } = state;
  const level = hls.levels[hls.currentLevel];
  const lost = stats.stalls.reduce((sum, s) => sum + s.seconds, 0);
  $('how').textContent = state.guided ? 'guided' : 'stitched';
  if (hls.latency > 0 && guidedEvent(state.hls)?.appendInPlace !== false)
    $('latency').textContent = `${hls.latency.toFixed(1)} s`;
  $('buffer').textContent = `${bufferAhead().toFixed(1)} s`;
  $('level').textContent = video.videoHeight
    ? `${video.videoHeight}p${level ? `, ${(level.bitrate / 1e6).toFixed(1)} Mb/s` : ''}`
    : '–';
  $('stalls').textContent = stats.stalls.length
    ? `${stats.stalls.length} (${lost.toFixed(1)} s)`
    : '0';
  const fatal = stats.errors.filter((e) => e.fatal).length;
  $('errors').textContent = fatal
    ? `${stats.errors.length} (${fatal} fatal)`
    : String(stats.errors.length);
}

function showPlaylist() {
  if (!$('playlist-box').open || !state.text) return;
  show($('playlist'), state.text, state.breaks);
  $('playlist-url').href = state.url;
  $('playlist-age').textContent =
    `${state.live?.count ?? 0} segments, as of ${new Date().toLocaleTimeString('en-GB')}`;
}

function take(text, url) {
  state.text = text;
  state.url = url;
  state.session = new URL('.', url).href;
  state.live = readWindow(text) ?? state.live;
  state.guided ||= text.includes('com.apple.hls.interstitial');
}

async function refresh() {
  if (!state.url) return;
  const answer = await fetch(state.url, { cache: 'no-store' });
  if (answer.ok) take(await answer.text(), state.url);
  showPlaylist();
}

async function askBreaks() {
  const { session } = state;
  if (!session) return;
  try {
    const { breaks } = await json(`${session}tracking.json`);
    if (session === state.session) state.breaks = breaks;
  } catch (e) {
    note(`tracking: ${e.message}`, true);
  }
}

async function followBreaks() {
  await askBreaks();
  setTimeout(followBreaks, state.target * 1000);
}

// ---- Playing

// Gives a function that says for how many seconds it has been waiting, 0 if it is not.
function watchStalls() {
  let began = 0;
  const end = () => {
    if (!began) return;
    const stall = stats.stalls.at(-1);
    if (stall) {
      stall.seconds = (performance.now() - began) / 1000;
      note(`stall of ${stall.seconds.toFixed(2)} s`, true);
    }
    began = 0;
  };
  video.addEventListener('waiting', () => {
    if (!stats.started || video.seeking || video.paused || began) return;
    began = performance.now();
    stats.stalls.push({ at: Date.now(), seconds: 0 });
  });
  video.addEventListener('playing', () => {
    stats.started ||= performance.now();
    end();
  });
  video.addEventListener('pause', end);
  return () => {
    if (!began || !stats.stalls.length) return 0;
    return (stats.stalls.at(-1).seconds = (performance.now() - began) / 1000);
  };
}

function recover(hls, data) {
  const refused = data.response?.code >= 400 && data.response.code < 500;
  if (data.type === Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
  // Without a multivariant playlist, or with a session that the node no longer knows, only a new
  // start helps.
  else
    setTimeout(
      () =>
        hls === state.hls &&
        (refused || !hls.levels.length ? hls.loadSource(state.master) : hls.startLoad()),
      2000,
    );
}

// A wait that hls.js does not end by itself, as after a channel's numbers began anew.
function restartAfter(waited) {
  if (waited < longestWait || performance.now() - state.restarted < longestWait * 1000) return;
  state.restarted = performance.now();
  note('starting anew', true);
  state.hls.loadSource(state.master);
}

function listen(hls) {
  const keep = (data) => {
    stats.errors.push({
      at: Date.now(),
      fatal: data.fatal,
      type: data.type,
      details: data.details,
    });
    note(`${data.fatal ? 'fatal ' : ''}${data.type}: ${data.details}`, data.fatal);
  };
  hls.on(Hls.Events.ERROR, (_, data) => {
    keep(data);
    if (data.fatal) recover(hls, data);
  });
  // What an ad's own player cannot recover from ends that ad only.
  hls.on(Hls.Events.INTERSTITIAL_ASSET_ERROR, (_, data) => keep({ ...data, fatal: false }));
  hls.on(Hls.Events.LEVEL_LOADED, (_, { details }) => {
    state.target = details.targetduration || 2;
    const first = !state.session;
    take(details.m3u8, details.url);
    if (first) askBreaks();
    if ($('follow').checked) showPlaylist();
  });
  hls.on(Hls.Events.MANIFEST_PARSED, () => video.play().catch((e) => note(e.message)));
}

function play() {
  const chosen = channels.find((c) => `${c.org}/${c.channel}` === $('channel').value);
  if (!chosen) return;
  const mode = $('mode').value;
  state.hls?.destroy();
  Object.assign(state, {
    master: `${chosen.master}?mode=${mode}`,
    session: '',
    breaks: [],
    text: '',
    url: '',
    live: null,
  });
  state.guided = mode === 'sgai' || (mode === 'auto' && chosen.default_mode === 'sgai');
  Object.assign(stats, { started: 0 });
  stats.stalls.length = stats.errors.length = 0;
  $('master-url').href = state.master;
  history.replaceState(null, '', `?${new URLSearchParams({ channel: $('channel').value, mode })}`);
  note(`${$('channel').value}, ${mode}`);
  if (!Hls.isSupported()) {
    video.src = state.master;
    video.play().catch((e) => note(e.message));
    return;
  }
  state.hls = new Hls({ capLevelToPlayerSize: true, liveSyncDurationCount: 3 });
  listen(state.hls);
  state.hls.loadSource(state.master);
  state.hls.attachMedia(video);
}

function choose(select, value) {
  if ([...select.options].some((o) => o.value === value)) select.value = value;
}

async function start() {
  ({ channels } = await json('/v1/channels'));
  $('channel').replaceChildren(...channels.map((c) => new Option(`${c.org}/${c.channel}`)));
  choose($('channel'), query.get('channel'));
  choose($('mode'), query.get('mode'));
  $('choice').addEventListener('submit', (e) => {
    e.preventDefault();
    play();
  });
  $('refresh').addEventListener('click', () => refresh().catch((e) => note(e.message, true)));
  $('playlist-box').addEventListener('toggle', showPlaylist);
  if (!channels.length) $('now').textContent = 'This node has no channels.';
  else if (query.get('autoplay') === '0') $('now').textContent = 'Choose, and press Play.';
  else play();
  if (!Hls.isSupported()) {
    // Such a browser (an older iPhone) tells the page nothing about what it plays.
    $('now').textContent = 'This browser plays HLS by itself: no timeline, no figures.';
    return;
  }
  const waited = watchStalls();
  followBreaks();
  setInterval(() => {
    if (!state.hls) return;
    restartAfter(waited());
    const on = now();
    tell(on);
    showFacts();
    draw($('timeline'), { live: state.live, breaks: state.breaks, date: on.date });
  }, 250);
}

start().catch((e) => {
  $('now').textContent = `The node does not answer as it should: ${e.message}`;
});
