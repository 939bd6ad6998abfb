// Starts a node on a port the system chooses, in a folder of its own, and stops it.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export async function startNode(binary, args = []) {
  const data = await mkdtemp(join(tmpdir(), 'interlude-e2e-'));
  const child = spawn(binary, ['--data', data, '--listen', '127.0.0.1:0', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let log = '';
  const node = { crashed: false, stopping: false, log: () => log.slice(-4000) };
  child.stderr.on('data', (d) => (log += d));
  const ended = new Promise((resolve) => {
    child.on('exit', (code, signal) => {
      node.crashed = !node.stopping;
      resolve({ code, signal });
    });
  });
  node.url = await new Promise((resolve, reject) => {
    child.on('error', reject);
    ended.then(() => reject(new Error(`the node did not start:\n${log}`)));
    child.stdout.on('data', (d) => {
      out += d;
      const at = out.match(/listening on (http:\S+)/);
      if (at) resolve(at[1]);
    });
  });
  // Every house ad and the slate, in the ladder of both channels.
  node.creativesReady = async () => {
    for (const until = Date.now() + 120_000; Date.now() < until; ) {
      if ((log.match(/ conditioned, /g) ?? []).length >= 8) return;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    throw new Error(`the creatives were not conditioned in time:\n${log}`);
  };
  node.stop = async () => {
    node.stopping = true;
    const began = Date.now();
    child.kill('SIGTERM');
    const how = await ended;
    node.stoppedIn = Date.now() - began;
    await rm(data, { recursive: true, force: true });
    if (how.code !== 0) throw new Error(`the node ended with ${how.code ?? how.signal}:\n${log.slice(-4000)}`);
    if (node.stoppedIn > 5000) throw new Error(`the node took ${node.stoppedIn} ms to stop`);
  };
  return node;
}
