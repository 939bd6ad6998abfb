// Plays channels in a real browser whose origin does what origins do in the night: IN cues that are
// early or never come, discontinuities in the middle of breaks, ten seconds of errors. A player must
// come through all of it without a fatal error, show ads, and the programme after them. One channel
// is without a fault: who joins it is shown a pre-roll first.
//
//   node tests/e2e/faults.mjs build/release/bin/interlude   after a build, and npm ci in this folder
//
// The origin is the interlude-origin beside that binary. INTERLUDE_E2E_ONLY plays only what holds
// this in its name, as in "errors ssai". When it fails, build/e2e/ holds what was seen.
import { execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, watch } from './browser.mjs';
import { startNode } from './node.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const binary = process.argv[2] ?? join(root, 'build/release/bin/interlude');
const evidence = join(root, 'build/e2e');
const only = process.env.INTERLUDE_E2E_ONLY ?? '';
const seconds = 150; // two breaks
const least = 3000; // ms of programme at the end, after an ad

// One channel for each fault, as interlude-origin and its control URL take them.
const every = 'segment=3;every=60;length=24';
const faults = {
  early: { channel: `${every};cues=cue-out`, control: { in_shift: -9 } },
  missing: { channel: `${every};cues=cue-out-bare`, control: { in_missing: true } },
  torn: { channel: `${every};cues=cue-out`, control: { discontinuity_every: 7 } },
  errors: { channel: `${every};cues=daterange`, inBreak: { errors: 10 } },
  // Who joins in the middle of a break gets no pre-roll: it has none.
  joining: { channel: 'segment=3;every=3600;length=24;cues=cue-out', settings: { preroll: 10 } },
};
const longest = 40; // s of a break whose IN cue never comes

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const colours = { red: '0xC81E1E', green: '0x1EA03C', slate: '0x5A5A5A' };
function makeAd(folder, name) {
  const file = join(folder, `${name}.mp4`);
  execFileSync('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `color=c=${colours[name]}:s=640x360:r=25`],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-t', '10'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', file],
  ]);
  return file;
}

async function startOrigin(folder) {
  const channels = Object.entries(faults).flatMap(([name, f]) => [
    '--channel',
    `name=${name};${f.channel}`,
  ]);
  const child = spawn(
    join(dirname(binary), 'interlude-origin'),
    ['--listen', '127.0.0.1:0', '--dir', join(folder, 'origin'), ...channels],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const url = await new Promise((resolve, reject) => {
    let out = '';
    child.on('exit', (code) => reject(new Error(`the origin ended with ${code}`)));
    child.stdout.on('data', (d) => {
      out += d;
      const at = out.match(/listening on (http:\S+)/);
      if (at) resolve(at[1]);
    });
  });
  const control = async (name, what) => {
    const answer = await fetch(`${url}/control/${name}`, {
      method: 'POST',
      body: JSON.stringify(what),
    });
    if (!answer.ok) throw new Error(await answer.text());
  };
  return { url, control, stop: () => child.kill('SIGTERM') };
}

async function writeConfig(folder, origin) {
  const [red, green, slate] = ['red', 'green', 'slate'].map((name) => makeAd(folder, name));
  const channels = Object.entries(faults).map(([name, { settings }]) => ({
    org: 'faults',
    name,
    origin: `${origin}/${name}/master.m3u8`,
    house_ads: [
      { name: 'red', source: red },
      { name: 'green', source: green },
    ],
    slate,
    breaks: { max: longest },
    ...settings,
  }));
  const file = join(folder, 'node.json');
  await writeFile(file, JSON.stringify({ channels }));
  return file;
}

// Faults that are meant for the middle of a break, once.
async function strike(origin, players) {
  for (const p of players) {
    const fault = faults[p.name].inBreak;
    if (!fault || p.struck) continue;
    const now = Date.now();
    const inside = p.seen.breaks.some((b) => {
      const into = now - Date.parse(b.start);
      return into > 6000 && into < 14_000;
    });
    if (!inside) continue;
    p.struck = true;
    await origin.control(p.name, fault);
  }
}

function judge(p) {
  const { samples, errors } = p.seen;
  const wrong = [...p.complaints];
  for (const e of errors) if (e.fatal) wrong.push(`a fatal error: ${e.type} ${e.details}`);
  const lastAd = samples.findLastIndex((s) => s.colour !== 'content');
  if (lastAd < 0) wrong.push('no ad was seen');
  const after = samples.slice(lastAd + 1);
  const ads = new Set(samples.map((s) => s.colour));
  if (!ads.has('red') && !ads.has('green')) wrong.push('only slate was seen');
  // The last break may be on the air when it ends: the programme was seen after the first, then.
  const returned = samples.some(
    (s, i) => i > 0 && s.colour === 'content' && samples[i - 1].colour !== 'content',
  );
  const programme = after.length ? after.at(-1).t - after[0].t : 0;
  if (!returned && programme < least) wrong.push('the programme did not come back');
  const last = samples.at(-1);
  if (!last || Date.now() - last.date > 60_000) wrong.push('it does not play any more');
  if (faults[p.name].settings?.preroll && samples[0]?.colour === 'content')
    wrong.push('it did not begin with an ad');
  if (faults[p.name].inBreak && !p.struck) wrong.push('the fault was never made');
  return wrong;
}

async function keepEvidence(p) {
  await mkdir(evidence, { recursive: true });
  const file = join(evidence, `${p.name}-${p.mode}`);
  await writeFile(`${file}.json`, JSON.stringify(p.seen));
  await p.page.screenshot({ path: `${file}.png` }).catch((e) => console.error(e.message));
}

async function play(origin, node) {
  const browser = await launch();
  const players = [];
  for (const name of Object.keys(faults))
    for (const mode of ['ssai', 'sgai'])
      if (`${name} ${mode}`.includes(only))
        players.push({
          name,
          ...(await watch(browser, node.url, { channel: `faults/${name}`, mode })),
        });
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(2000)) {
    for (const p of players) p.seen = await p.page.evaluate(() => window.collected());
    await strike(origin, players);
  }
  for (const p of players) {
    p.wrong = judge(p);
    for (const w of p.wrong) console.error(`${p.name} ${p.mode}: ${w}`);
    if (p.wrong.length) await keepEvidence(p);
  }
  console.table(
    players.map((p) => ({
      fault: p.name,
      mode: p.mode,
      breaks: p.seen.breaks.length,
      stalls: p.seen.stalls.length,
      'longest (s)': Number(Math.max(0, ...p.seen.stalls.map((s) => s.seconds)).toFixed(2)),
      errors: p.seen.errors.length,
      fatal: p.seen.errors.filter((e) => e.fatal).length,
      verdict: p.wrong.length ? 'FAILED' : 'ok',
    })),
  );
  await browser.close();
  return players.every((p) => p.wrong.length === 0);
}

const folder = await mkdtemp(join(tmpdir(), 'interlude-faults-'));
let origin;
let node;
let well = false;
try {
  origin = await startOrigin(folder);
  for (const [name, f] of Object.entries(faults))
    if (f.control) await origin.control(name, f.control);
  const config = await writeConfig(folder, origin.url);
  node = await startNode(binary, { config, creatives: 3 });
  await node.ready();
  well = await play(origin, node);
} finally {
  await node?.stop();
  origin?.stop();
  await rm(folder, { recursive: true, force: true });
}
if (node?.crashed) {
  console.error(`the node ended by itself:\n${node.log()}`);
  well = false;
}
process.exit(well ? 0 : 1);
