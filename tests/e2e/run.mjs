// Plays the demo in a real browser, every channel in every mode at once, and says whether viewers saw what they should.
//
//   node tests/e2e/run.mjs build/release/bin/interlude
//
// INTERLUDE_E2E_BREAKS  whole breaks to see per player (1)
// INTERLUDE_E2E_SECONDS at least as long (0)
// CHROMIUM              the browser (/usr/bin/chromium)
import { chromium } from 'playwright-core';
import { judge } from './judge.mjs';
import { startNode } from './node.mjs';
import { sampler } from './sampler.mjs';

const wantedBreaks = Number(process.env.INTERLUDE_E2E_BREAKS ?? 1);
const atLeast = Number(process.env.INTERLUDE_E2E_SECONDS ?? 0) * 1000;
const giveUp = Math.max(atLeast, wantedBreaks * 90_000) + 150_000;
const combinations = [
  { channel: 'demo/ts', mode: 'ssai' },
  { channel: 'demo/ts', mode: 'sgai' },
  { channel: 'demo/cmaf', mode: 'ssai' },
  { channel: 'demo/cmaf', mode: 'sgai' },
];
const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required',
  '--disable-background-timer-throttling', '--disable-backgrounding-occluded-windows', '--disable-renderer-backgrounding',
];

async function watch(browser, url, { channel, mode }) {
  const page = await browser.newPage({ viewport: { width: 900, height: 700 } });
  const complaints = [];
  page.on('pageerror', (e) => complaints.push(String(e)));
  await page.addInitScript(sampler);
  await page.goto(`${url}/?channel=${channel}&mode=${mode}`);
  return { page, complaints, channel, mode };
}

async function collect(player) {
  return player.page.evaluate(() => window.collected());
}

const node = await startNode(process.argv[2] ?? 'build/release/bin/interlude');
let failed = false;
try {
  await node.creativesReady();
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });
  const players = [];
  for (const c of combinations) players.push(await watch(browser, node.url, c));
  const begun = Date.now();
  const done = new Set();
  while (done.size < players.length || Date.now() - begun < atLeast) {
    await new Promise((resolve) => setTimeout(resolve, 2000));
    for (const p of players) {
      p.seen = await collect(p);
      if (judge(p.seen, p.mode).breaks.filter((b) => b.whole).length >= wantedBreaks) done.add(p);
    }
    if (Date.now() - begun > giveUp) break;
  }
  const rows = [];
  for (const p of players) {
    p.seen = await collect(p);
    const verdict = judge(p.seen, p.mode);
    const wrong = [...verdict.wrong, ...p.complaints];
    if (verdict.breaks.filter((b) => b.whole).length < wantedBreaks) wrong.push(`fewer than ${wantedBreaks} whole breaks were seen`);
    rows.push({
      channel: p.channel, mode: p.mode, seconds: Math.round((Date.now() - begun) / 1000),
      breaks: verdict.breaks.filter((b) => b.whole).length, ads: verdict.ads, worstOffset: verdict.worst.toFixed(2),
      stalls: p.seen.stalls.length, longestStall: Math.max(0, ...p.seen.stalls.map((s) => s.seconds)).toFixed(2),
      errors: p.seen.errors.length, fatal: p.seen.errors.filter((e) => e.fatal).length, verdict: wrong.length ? 'FAILED' : 'ok',
    });
    for (const w of wrong) console.error(`${p.channel} ${p.mode}: ${w}`);
    for (const e of p.seen.errors) console.error(`${p.channel} ${p.mode}: ${e.fatal ? 'fatal ' : ''}${e.type} ${e.details}`);
    failed ||= wrong.length > 0;
  }
  console.table(rows);
  await browser.close();
} finally {
  await node.stop();
}
if (node.crashed) {
  console.error('the node ended by itself:\n' + node.log());
  failed = true;
}
process.exit(failed ? 1 : 0);
