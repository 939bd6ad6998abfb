// A browser that plays several pages side by side, and a page that remembers what it showed.
import { chromium } from 'playwright-core';
import { AdSegments } from './ad_segments.mjs';
import { sampler } from './sampler.mjs';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
  // Four pages play side by side; those that are not in front must not be slowed down.
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

export const launch = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });

export async function watch(browser, url, { channel, mode }) {
  // Large enough for the 360-line level and no more: all decoding is done by the CPU.
  const page = await browser.newPage({ viewport: { width: 700, height: 700 } });
  const player = { page, channel, mode, complaints: [], fetched: new AdSegments(page) };
  page.on('pageerror', (e) => player.complaints.push(String(e)));
  page.on('crash', () => player.complaints.push('the page crashed'));
  await page.addInitScript(sampler);
  await page.goto(`${url}/?channel=${channel}&mode=${mode}&autoplay=1`);
  return player;
}
