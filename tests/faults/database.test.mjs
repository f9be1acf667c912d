// SPDX-License-Identifier: Apache-2.0
// A PostgreSQL of our own that stops in its tracks (SIGSTOP: the kernel goes on acknowledging) or takes nothing any more.
// Waits end on what is waited for; the limits are for a machine that is busy with other things.
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { startWorld } from '../kit/world.mjs';
import { partner, send } from './kit.mjs';

const run = promisify(execFile);
const script = new URL('../ci/postgres.sh', import.meta.url).pathname;
const drainDeadline = 3;
const patience = 30_000;

let folder;
let url;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tongxing-database-'));
  await chmod(folder, 0o755);
  url = (await run(script, ['start', join(folder, 'pg')])).stdout.trim();
});
after(async () => {
  await run(script, ['stop', join(folder, 'pg')]);
  await rm(folder, { recursive: true, force: true });
});

const psql = (sql) => run('psql', [url, '-qc', sql]);

/** The server and all that it has started. */
async function processes() {
  const [main] = (await readFile(join(folder, 'pg/data/postmaster.pid'), 'utf8')).split('\n');
  const found = [Number(main)];
  for (const pid of await readdir('/proc')) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    if (stat.slice(stat.lastIndexOf(')')).split(' ')[2] === main) found.push(Number(pid));
  }
  return found;
}

const signalAll = async (signal) => {
  for (const pid of await processes()) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error; // a backend that has ended meanwhile
    }
  }
};

async function inWorld(database, extraConfig, work) {
  await psql(`CREATE DATABASE ${database}`);
  const storeUrl = url.replace(/postgres$/, database);
  const world = await startWorld({ partners: [partner], storeUrl, extraConfig });
  try {
    await work(world);
  } finally {
    await signalAll('SIGCONT');
    await world.stop();
  }
}

const ready = async (world) => {
  const answer = await send(`${world.issuer}/readyz`);
  return [answer.status, answer.headers.get('retry-after'), await answer.text()];
};

const wrongSecret = (world) =>
  send(`${world.issuer}/oauth2/token`, {
    method: 'POST', headers: { authorization: 'Basic aGFsbDp3cm9uZw==' }, body: 'grant_type=refresh_token&refresh_token=x',
  }).then((answer) => answer.status, () => 0);

/** Requests that hang in the database; resolves once they are inside. */
async function hang(world, count) {
  await signalAll('SIGSTOP');
  const answers = Array.from({ length: count }, () => wrongSecret(world));
  for (let inside = 0; inside < count;) {
    const metrics = await (await fetch(`http://127.0.0.1:${world.adminPort}/metrics`)).text();
    inside = Number(/^tongxing_http_in_flight (\d+)/m.exec(metrics)[1]);
  }
  return answers;
}

/** The exit status after these signals, or a failure when it does not come. */
async function exitAfter(world, signals) {
  const child = world.server;
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
  for (const signal of signals) {
    child.kill(signal);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error('it does not end')), patience)));
  try {
    return await Promise.race([ended, late]);
  } finally {
    clearTimeout(timer);
  }
}

const slowly = (deadline) => `\n[server]\ntrusted_proxies = 127.0.0.1 ::1\ndrain_deadline_s = ${deadline}\nrequest_deadline_s = 300\n`;
const patient = '\n[store]\nstatement_timeout_s = 300\n';

test('Z12: SIGTERM ends within drain_deadline_s while the database hangs', () =>
  inWorld('hangs', slowly(drainDeadline) + patient, async (world) => {
    const answers = await hang(world, 20);
    assert.equal(await exitAfter(world, ['SIGTERM']), 0);
    for (const status of await Promise.all(answers)) assert.ok(status === 503 || status === 0, `${status}`);
  }));

test('Z12: a second signal ends at once, SIGHUP and SIGUSR2 do not', () =>
  inWorld('hurries', slowly(600) + patient, async (world) => {
    await hang(world, 5);
    assert.equal(await exitAfter(world, ['SIGHUP', 'SIGUSR2', 'SIGTERM', 'SIGHUP', 'SIGTERM']), 0);
  }));

test('Z12: requests are answered 503 after the time of a statement, and served again once the database goes on', () =>
  inWorld('returns', slowly(drainDeadline) + '\n[store]\nstatement_timeout_s = 1\n', async (world) => {
    const answers = await hang(world, 3);
    for (const status of await Promise.all(answers)) assert.equal(status, 503);
    await signalAll('SIGCONT');
    assert.equal(await wrongSecret(world), 401);
  }));

test('S18: a node whose database takes no changes is not ready until it does', () =>
  inWorld('standby', '', async (world) => {
    const until = async (wanted) => {
      for (const end = Date.now() + patience; Date.now() < end;) if ((await ready(world))[0] === wanted) return ready(world);
      throw new Error(`never ${wanted}`);
    };
    assert.deepEqual(await ready(world), [200, null, 'ready\n']);
    await psql('ALTER DATABASE standby SET default_transaction_read_only = on');
    await psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'standby'");
    assert.deepEqual(await until(503), [503, '2', 'no store\n']);
    await psql('ALTER DATABASE standby RESET default_transaction_read_only');
    assert.equal((await until(200))[0], 200);
  }));
