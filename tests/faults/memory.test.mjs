// SPDX-License-Identifier: Apache-2.0
// The server without memory: an allocator that fails by chance (failing_malloc.c), and an address space that has no room.
// It may refuse, close, or say 503, but it lives, what it acknowledged holds, and it serves again when there is memory.
// TONGXING_MEMORY_ROUNDS and TONGXING_MEMORY_SEED; TONGXING_TEST_POSTGRES adds the second store. Not for sanitizer builds,
// which have an allocator of their own: TONGXING_PLAIN_BUILD, default the release build.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'node:test';
import assert from 'node:assert/strict';

const build = process.env.TONGXING_PLAIN_BUILD ?? new URL('../../build/release', import.meta.url).pathname;
process.env.TONGXING_BUILD = build; // before what follows looks at it
const { startWorld } = await import('../kit/world.mjs');
const { extraConfig, partner } = await import('./kit.mjs');
const { Ledger, chance, checkAll, household, sleep, strangers, workAll } = await import('./load.mjs');

const run = promisify(execFile);
const rounds = Number(process.env.TONGXING_MEMORY_ROUNDS ?? 8);
const seed = Number(process.env.TONGXING_MEMORY_SEED ?? 20260101);
const library = join(build, 'tests/libfailing_malloc.so');

/** One allocation in so many fails: from now and then to nearly all that is tried. */
const rates = [20000, 3000, 1000, 300, 100, 30, 10];

/** The allocator that fails by chance. */
class FailingMalloc {
  name = 'failing allocator';

  constructor() {
    this.dir = mkdtempSync(join(tmpdir(), 'tongxing-malloc-'));
    this.path = join(this.dir, 'control');
    this.file = openSync(this.path, 'w+');
    this.write(0);
    this.launcher = ['env', `LD_PRELOAD=${library}`, `FAILING_MALLOC=${this.path}`];
  }

  write(oneIn) {
    const numbers = Buffer.alloc(8);
    numbers.writeUInt32LE(oneIn, 0);
    numbers.writeUInt32LE(seed >>> 0, 4);
    writeSync(this.file, numbers, 0, 8, 0);
    if (this.wide) return;
    writeSync(this.file, Buffer.alloc(8), 0, 8, 8);
    this.wide = true;
  }

  begin(world, next) {
    this.write(rates[next(rates.length)]);
  }

  end() {
    this.write(0);
  }

  figures() {
    const count = Buffer.alloc(8);
    readSync(this.file, count, 0, 8, 8);
    return `${count.readBigUInt64LE()} allocations failed`;
  }

  remove() {
    closeSync(this.file);
    rmSync(this.dir, { recursive: true });
  }
}

/** As under `ulimit -v`, but so that the room comes back: as much as is taken now, and a little. */
class NoRoom {
  name = 'ulimit -v';
  launcher = [];
  least = Infinity;

  async begin(world, next) {
    const status = await readFile(`/proc/${world.server.pid}/status`, 'utf8');
    const taken = Number(/VmSize:\s+(\d+) kB/.exec(status)[1]);
    const room = next(4) * 4096; // kB
    this.least = Math.min(this.least, room);
    await run('prlimit', ['--pid', `${world.server.pid}`, `--as=${(taken + room) * 1024}:`]);
  }

  end(world) {
    return run('prlimit', ['--pid', `${world.server.pid}`, '--as=unlimited:']);
  }

  figures() {
    return `as little as ${this.least} kB of room`;
  }

  remove() {}
}

const isDead = (world) => world.server.exitCode !== null || world.server.signalCode !== null;

/** For whoever looks into a violation. */
const errorsOf = (world) =>
  world.serverLog().split('\n').filter((line) => /"level":"(error|warn)"/.test(line)).slice(-10).join('\n');

/** What it said at its end. */
const lastWords = (world) => world.serverLog().trim().split('\n').slice(-3).join('\n');

/** Again and again, whatever the answer is: nothing is acknowledged but by a good one. */
async function despite(stopped, turn, ledger) {
  while (!stopped.yes) {
    try {
      await turn();
    } catch {
      ledger.acknowledge('refusals');
      await sleep(1);
    }
  }
}

/** Load without memory for a while, and then with it again. */
async function round(world, lack, house, newcomers, ledger, next) {
  const stopped = { yes: false };
  ledger.mayRefuse = true;
  const work = workAll(world, house, newcomers, ledger, (turn) => despite(stopped, turn, ledger));
  await sleep(50);
  await lack.begin(world, next);
  await sleep(300 + next(500));
  if (!isDead(world)) await lack.end(world);
  stopped.yes = true;
  await work;
  ledger.mayRefuse = false;
  if (isDead(world)) {
    ledger.deaths.push(lastWords(world));
    lack.end(world)?.catch?.(() => {});
    await world.startServer();
  }
  await checkAll(world, house.families, ledger);
  if (ledger.violations.length > 0 && !ledger.told) console.log(errorsOf(world));
  ledger.told = ledger.violations.length > 0;
}

async function starved(lack, storeName, options) {
  const next = chance(seed);
  const ledger = Object.assign(new Ledger(), { deaths: [] });
  const world = await startWorld({ partners: [partner], extraConfig, launcher: lack.launcher, ...options });
  try {
    const house = await household(world);
    const every = Math.ceil(rounds / strangers.length);
    for (let i = 0; i < rounds; i++) {
      const newcomers = i % every === 0 ? [strangers[i / every]] : [];
      await round(world, lack, house, newcomers, ledger, next);
    }
  } finally {
    await world.stop();
    const counts = Object.entries(ledger.counts).map(([what, count]) => `${count} ${what}`).join(', ');
    console.log(`${lack.name}, ${storeName}: seed ${seed}, ${rounds} rounds, ${lack.figures()}; acknowledged: ${counts}; ` +
      `${ledger.deaths.length} deaths, ${ledger.violations.length} violations`);
    lack.remove();
  }
  assert.deepEqual(ledger.deaths, []);
  assert.deepEqual(ledger.violations, []);
  assert.ok(ledger.counts.refreshes > 0 && ledger.counts.revocations > 0 && ledger.counts.codes > 0);
}

const server = process.env.TONGXING_TEST_POSTGRES;
const psql = (sql) => run('psql', [server, '-qc', sql]);

async function starvedOnPostgres(lack) {
  const schema = `memory_${randomBytes(6).toString('hex')}`;
  await psql(`CREATE SCHEMA ${schema}`);
  try {
    await starved(lack, 'PostgreSQL', { storeUrl: `${server}?options=-csearch_path%3D${schema}` });
  } finally {
    await psql(`DROP SCHEMA ${schema} CASCADE`);
  }
}

const skip = !existsSync(library);

test('an allocator that fails by chance ends requests, not the server (SQLite)', { skip }, () =>
  starved(new FailingMalloc(), 'SQLite'));
test('no room under ulimit -v ends requests, not the server (SQLite)', { skip }, () => starved(new NoRoom(), 'SQLite'));
test('an allocator that fails by chance ends requests, not the server (PostgreSQL)', { skip: skip || !server }, () =>
  starvedOnPostgres(new FailingMalloc()));
test('no room under ulimit -v ends requests, not the server (PostgreSQL)', { skip: skip || !server }, () =>
  starvedOnPostgres(new NoRoom()));
