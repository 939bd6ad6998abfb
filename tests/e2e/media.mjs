// Reads what was recorded as a decoder does: ffmpeg must go through the whole break without an
// error, and inside each discontinuity domain time stamps follow each other by one frame.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

async function writeVod({ folder, segments }) {
  const longest = Math.ceil(Math.max(...segments.map((s) => Number(s.length))));
  let out = `#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:${longest}\n#EXT-X-PLAYLIST-TYPE:VOD\n`;
  let map;
  for (const s of segments) {
    if (s.discontinuity) out += '#EXT-X-DISCONTINUITY\n';
    if (s.mapFile && (s.mapFile !== map || s.discontinuity))
      out += `#EXT-X-MAP:URI="${s.mapFile}"\n`;
    map = s.mapFile;
    out += `#EXTINF:${s.length},\n${s.file}\n`;
  }
  const file = join(folder, 'whole.m3u8');
  await writeFile(file, `${out}#EXT-X-ENDLIST\n`);
  return file;
}

async function decode(playlist) {
  const flags = ['-v', 'error', '-allowed_extensions', 'ALL', '-i', playlist, '-f', 'null', '-'];
  const { stderr } = await run('ffmpeg', ['-nostdin', ...flags], { maxBuffer: 1 << 24 });
  return stderr.split('\n').filter(Boolean);
}

function domainsOf(segments) {
  const domains = [];
  for (const s of segments) {
    if (!domains.length || s.discontinuity) domains.push([]);
    domains.at(-1).push(s);
  }
  return domains;
}

// The largest distance, in frames, of two neighbouring packets from being one frame apart.
async function unevenness(folder, domain, stream) {
  const file = join(folder, 'domain.bin');
  const parts = [domain[0].mapFile, ...domain.map((s) => s.file)].filter(Boolean);
  await writeFile(file, Buffer.concat(await Promise.all(parts.map((p) => readFile(p)))));
  const { stdout } = await run(
    'ffprobe',
    ['-v', 'error', '-select_streams', stream, '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', file],
    { maxBuffer: 1 << 24 },
  );
  const times = stdout.split('\n').map(parseFloat).filter(Number.isFinite);
  times.sort((a, b) => a - b);
  const steps = times.slice(1).map((t, i) => t - times[i]);
  const frame = [...steps].sort((a, b) => a - b)[steps.length >> 1];
  return { worst: Math.max(0, ...steps.map((s) => Math.abs(s - frame) / frame)), count: times.length };
}

// { rendition, segments, domains, 'worst step (frames)', wrong }
export async function inspect(recording) {
  const wrong = await decode(await writeVod(recording));
  const domains = domainsOf(recording.segments);
  let worst = 0;
  let streams = 0;
  for (const domain of domains)
    for (const stream of ['v', 'a']) {
      const found = await unevenness(recording.folder, domain, stream);
      if (!found.count) continue;
      streams += 1;
      worst = Math.max(worst, found.worst);
      if (found.worst > 1)
        wrong.push(`${stream} from ${domain[0].uri}: ${found.worst.toFixed(2)} frames off`);
    }
  if (streams < domains.length) wrong.push('a part without any stream');
  return {
    rendition: recording.name,
    segments: recording.segments.length,
    domains: domains.length,
    'uneven by (frames)': Number(worst.toFixed(3)),
    wrong,
  };
}
