// Records what a stitched viewer is given across one whole break: every segment of every rendition,
// as files, with the playlist that put them in order.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const pollEvery = 1000; // ms
const programmeAfter = 2; // segments after the break
const giveUp = 240_000; // ms

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// A playlist. As players do, a 503 is asked again when it says so, a few times; told, since none is
// expected of a node whose origin is well.
async function text(url) {
  for (let tries = 4; ; tries -= 1) {
    const answer = await fetch(url);
    const body = await answer.text();
    if (answer.ok) return body;
    console.error(`${url} answers ${answer.status}: ${body}`);
    const wait = answer.headers.get('Retry-After');
    if (answer.status !== 503 || !wait || tries === 0) throw new Error('a playlist was refused');
    await pause(Number(wait) * 1000);
  }
}

// [{ number, uri, length, discontinuity, map, ad }]
function segmentsOf(playlist) {
  const segments = [];
  let number = Number(playlist.match(/#EXT-X-MEDIA-SEQUENCE:(\d+)/)[1]);
  let next = { discontinuity: false };
  let map = '';
  for (const line of playlist.split('\n')) {
    if (line === '#EXT-X-DISCONTINUITY') next.discontinuity = true;
    else if (line.startsWith('#EXT-X-MAP:')) map = line.match(/URI="([^"]*)"/)[1];
    else if (line.startsWith('#EXTINF:')) next.length = line.slice(8).split(',')[0];
    else if (line && !line.startsWith('#')) {
      segments.push({ ...next, number: number++, uri: line, map, ad: line.startsWith('ad/') });
      next = { discontinuity: false };
    }
  }
  return segments;
}

async function fetchTo(file, url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  await writeFile(file, Buffer.from(await answer.arrayBuffer()));
}

async function record(url, folder) {
  await mkdir(folder, { recursive: true });
  const maps = new Map();
  const kept = [];
  for (const end = Date.now() + giveUp; Date.now() < end; await pause(pollEvery)) {
    for (const s of segmentsOf(await text(url))) {
      if (kept.length && s.number <= kept.at(-1).number) continue;
      // Only what is seen from its beginning counts: the programme comes first.
      if (!kept.length && s.ad) continue;
      s.file = join(folder, `${s.number}${s.uri.match(/\.\w+(?=$|\?)/)?.[0] ?? ''}`);
      await fetchTo(s.file, new URL(s.uri, url));
      if (s.map && !maps.has(s.map)) {
        maps.set(s.map, join(folder, `map${maps.size}.mp4`));
        await fetchTo(maps.get(s.map), new URL(s.map, url));
      }
      s.mapFile = maps.get(s.map);
      kept.push(s);
    }
    const lastAd = kept.findLastIndex((s) => s.ad);
    if (lastAd >= 0 && kept.length > lastAd + programmeAfter) return kept;
  }
  throw new Error(`${url}: no whole break`);
}

// Resolves to [{ name, folder, segments }], one for each rendition of the channels.
export async function recordBreak(node, channels, folder) {
  const jobs = [];
  for (const channel of channels) {
    const master = `${node}/v1/${channel}/master.m3u8?mode=ssai`;
    const renditions = new Set((await text(master)).match(/s\/[^"\n]*\.m3u8/g));
    for (const path of renditions) {
      const name = `${channel.replace('/', '-')}-${path.match(/(\w+)\.m3u8$/)[1]}`;
      jobs.push(
        record(new URL(path, master), join(folder, name)).then((segments) => ({
          name,
          folder: join(folder, name),
          segments,
        })),
      );
    }
  }
  return Promise.all(jobs);
}
