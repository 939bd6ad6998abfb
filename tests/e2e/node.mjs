// Starts a node on a port the system chooses, in a folder of its own, and stops it.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const startTimeout = 120_000; // the demo's media is made first
const stopTimeout = 5000;
const demoCreatives = 10; // three ads, the slate and its exact tail, for each of two ladders

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(what, holds, explain) {
  for (const end = Date.now() + startTimeout; Date.now() < end; await pause(250))
    if (await holds()) return;
  throw new Error(`${what}, not within ${startTimeout / 1000} s:\n${explain()}`);
}

// Without `config`, a file, the node plays its demo. It is ready with so many creatives.
export async function startNode(binary, { config, creatives = demoCreatives } = {}) {
  const data = await mkdtemp(join(tmpdir(), 'interlude-e2e-'));
  const options = config ? ['--config', config] : [];
  const node = { data, crashed: false, log: (most = 4000) => log.slice(-most) };
  let out = '';
  let log = '';
  let end = null;
  let child;
  let ended;

  // Of the demo; a node that was started again has it elsewhere.
  node.adServer = () => out.match(/ad server (http:\S+)/)?.[1];

  function start(listen) {
    end = null;
    out = '';
    child = spawn(binary, [...options, '--data', data, '--listen', listen], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (d) => (out += d));
    child.stderr.on('data', (d) => (log += d));
    ended = new Promise((resolve) => {
      child.on('error', (e) => resolve((end = String(e))));
      child.on('close', (code, signal) => resolve((end = code ?? signal)));
    });
  }
  start('127.0.0.1:0');

  // The process is gone without a word, and another takes its place.
  node.killAndStart = async () => {
    if (end !== null) throw new Error(`the node ended with ${end}:\n${log}`);
    child.kill('SIGKILL');
    await ended;
    start(new URL(node.url).host);
  };

  // It serves, and only the schedule decides when ads are shown: their creatives are conditioned.
  node.ready = async () => {
    await until(
      'the node listens',
      () => {
        if (end !== null) throw new Error(`the node ended with ${end}:\n${log}`);
        node.url = out.match(/listening on (http:\S+)/)?.[1];
        return node.url;
      },
      node.log,
    );
    await until(
      'the node is ready',
      async () => (await fetch(`${node.url}/health/ready`)).ok,
      node.log,
    );
    await until(
      'the creatives are conditioned',
      () => (log.match(/ conditioned, /g) ?? []).length >= creatives,
      node.log,
    );
  };

  node.stop = async () => {
    node.crashed = end !== null;
    const began = Date.now();
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), stopTimeout);
    await ended;
    clearTimeout(killer);
    await rm(data, { recursive: true, force: true });
    if (!node.crashed && end !== 0)
      throw new Error(`the node ended with ${end} after ${Date.now() - began} ms:\n${node.log()}`);
  };
  return node;
}
