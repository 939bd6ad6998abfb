// Plays the demo in a real browser, every channel in every mode at once, looks at the picture ten
// times a second, and says whether viewers saw the ads of the demo's ad server where they should, the
// programme again afterwards, and neither stalls nor fatal errors. Beside that, one break of every
// stitched rendition is recorded and read by ffmpeg.
//
//   ./test e2e                                       builds what is needed and runs this
//   node tests/e2e/run.mjs build/release/bin/interlude   after a build, and npm ci in this folder
//
// INTERLUDE_E2E_BREAKS   whole breaks each player has to see (1); the demo has one every 90 s
// INTERLUDE_E2E_SECONDS  goes on at least as long (0); 360 is the long form
// INTERLUDE_E2E_KILL     if set, the node is killed in the middle of a break and started again
// INTERLUDE_E2E_ONLY     plays only those whose name holds this, as in "cmaf sgai"
// CHROMIUM               the browser (/usr/bin/chromium)
//
// When it fails, build/e2e/ holds a picture of each page, all that was seen, and what the node logged.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readOffers, wentThroughWrappers } from './ad_server.mjs';
import { launch, watch } from './browser.mjs';
import { judge } from './judge.mjs';
import { inspect } from './media.mjs';
import { startNode } from './node.mjs';
import { judgePixels } from './pixels.mjs';
import { recordBreak } from './recorder.mjs';
import { ToldToPlayers } from './told_to_players.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const binary = process.argv[2] ?? join(root, 'build/release/bin/interlude');
const evidence = join(root, 'build/e2e');
const wantedBreaks = Number(process.env.INTERLUDE_E2E_BREAKS ?? 1);
const atLeast = Number(process.env.INTERLUDE_E2E_SECONDS ?? 0) * 1000;
const kill = Boolean(process.env.INTERLUDE_E2E_KILL);
// The break in which the node is killed is one more, and may be the second one that players see.
const giveUp = Math.max(atLeast, wantedBreaks * 90_000) + (kill ? 210_000 : 120_000);
const only = process.env.INTERLUDE_E2E_ONLY ?? '';
const channels = ['demo/ts', 'demo/cmaf'];
const combinations = channels
  .flatMap((channel) => ['ssai', 'sgai'].map((mode) => ({ channel, mode })))
  .filter(({ channel, mode }) => `${channel} ${mode}`.includes(only));

// Who has a picture since a while. Before that, a player whose first segments fail gives up at once:
// what a restart is to viewers is not to be seen there.
function plays({ seen: { samples } }) {
  return samples.length > 0 && samples.at(-1).t - samples[0].t > 5000;
}

// Whether all players play, a third of a break is over, and there is a third to come.
function inTheMiddle(players) {
  const now = Date.now();
  return players.every(
    (p) =>
      plays(p) &&
      p.seen.breaks.some((b) => {
        const into = (now - Date.parse(b.start)) / (b.duration * 1000);
        return into > 0.33 && into < 0.66;
      }),
  );
}

// Whole breaks of a player, after the kill if there is one: the break it fell in may be the first.
const wanted = ({ before = 0 }) => before + wantedBreaks;

async function watchAll(players, offers, told) {
  const begun = Date.now();
  const elapsed = () => Date.now() - begun;
  let killed = !kill;
  for (let enough = false; elapsed() < atLeast || (!enough && elapsed() < giveUp);) {
    await new Promise((resolve) => setTimeout(resolve, 3000));
    for (const p of players) {
      p.seen = await p.page.evaluate(() => window.collected());
      p.verdict = judge(p.seen, p.mode, offers);
    }
    await told?.look();
    if (!killed && inTheMiddle(players)) {
      await node.killAndStart();
      killed = true;
      // What they had seen before says nothing about the node that was started.
      for (const p of players) p.before = p.verdict.breaks;
      console.error('killed in the middle of a break, and started again');
    }
    enough = killed && players.every((p) => p.verdict.breaks >= wanted(p));
  }
  return Math.round(elapsed() / 1000);
}

function conclude(p, seconds) {
  const { seen, verdict } = p;
  p.wrong = [...verdict.wrong, ...p.complaints];
  if (verdict.breaks < wanted(p))
    p.wrong.push(`${verdict.breaks} of ${wanted(p)} whole breaks were seen`);
  for (const w of p.wrong) console.error(`${p.channel} ${p.mode}: ${w}`);
  return {
    channel: p.channel,
    mode: p.mode,
    seconds,
    breaks: verdict.breaks,
    ads: verdict.ads,
    'worst offset (s)': Number(verdict.worst.toFixed(2)),
    stalls: seen.stalls.length,
    'longest (s)': Number(Math.max(0, ...seen.stalls.map((s) => s.seconds)).toFixed(2)),
    errors: seen.errors.length,
    fatal: seen.errors.filter((e) => e.fatal).length,
    verdict: p.wrong.length ? 'FAILED' : 'ok',
  };
}

async function readRecordings(recordings) {
  const found = [];
  for (const r of recordings) found.push(await inspect(r));
  for (const { rendition, wrong } of found)
    for (const w of wrong.slice(0, 10)) console.error(`${rendition}: ${w}`);
  console.table(found.map(({ wrong, ...r }) => ({ ...r, verdict: wrong.length ? 'FAILED' : 'ok' })));
  return found.every(({ wrong }) => !wrong.length);
}

async function keepEvidence(players) {
  await mkdir(evidence, { recursive: true });
  for (const p of players) {
    const name = join(evidence, `${p.channel.replace('/', '-')}-${p.mode}`);
    await writeFile(`${name}.json`, JSON.stringify(p.seen));
    await p.page.screenshot({ path: `${name}.png` }).catch((e) => console.error(e.message));
  }
  await writeFile(join(evidence, 'node.log'), node.log(Infinity));
  console.error(`see ${evidence}`);
}

await rm(evidence, { recursive: true, force: true });
const node = await startNode(binary);
let failed = false;
try {
  await node.ready();
  const offers = await readOffers(node.adServer());
  const browser = await launch();
  // A recorder is no player: it does not outlast a restart.
  const recorded = kill || recordBreak(node.url, channels, join(node.data, 'recorded'));
  if (!kill) recorded.catch(() => {}); // told when it is waited for
  const players = [];
  for (const c of combinations) players.push(await watch(browser, node.url, c));
  const told = kill ? null : await ToldToPlayers.open(node.url, combinations);
  const seconds = await watchAll(players, offers, told);
  console.table(players.map((p) => conclude(p, seconds)));
  failed = players.some((p) => p.wrong.length > 0);
  if (!(await wentThroughWrappers(node.adServer()))) {
    console.error('ads were asked for without their wrappers');
    failed = true;
  }
  // The sink is in the node: what it was told before a kill, it does not know.
  if (!kill) {
    const { wrong, ...came } = await judgePixels(node.adServer(), players, told);
    for (const w of wrong.slice(0, 20)) console.error(`pixels: ${w}`);
    console.table([{ ...came, verdict: wrong.length ? 'FAILED' : 'ok' }]);
    failed ||= wrong.length > 0;
  }
  if (failed) await keepEvidence(players);
  await browser.close();
  if (!kill) failed = !(await readRecordings(await recorded)) || failed;
} finally {
  await node.stop();
}
if (node.crashed) {
  console.error(`the node ended by itself:\n${node.log()}`);
  failed = true;
}
process.exit(failed ? 1 : 0);
