// SPDX-License-Identifier: Apache-2.0
// The server is killed (SIGKILL) at random moments under load, and started again on the same store: whatever it had
// acknowledged must be there (RT-16), and the audit trail must be whole (OP-12). TONGXING_KILL_ROUNDS and TONGXING_KILL_SEED; TONGXING_TEST_POSTGRES adds the
// second store.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import test from 'node:test';
import assert from 'node:assert/strict';
import { startWorld } from '../kit/world.mjs';
import { extraConfig, partner } from './kit.mjs';
import { Ledger, chance, checkAll, household, sleep, strangers, until, workAll } from './load.mjs';

const rounds = Number(process.env.TONGXING_KILL_ROUNDS ?? 25);
const seed = Number(process.env.TONGXING_KILL_SEED ?? 20260101);

/** Load for a while, death, and life again. */
async function round(world, house, newcomers, ledger, lifeMs) {
  const stopped = { yes: false };
  const work = workAll(world, house, newcomers, ledger, (turn) => until(stopped, turn));
  work.catch(() => {}); // told below, once the server is gone
  await sleep(lifeMs);
  await world.stopServer('SIGKILL');
  stopped.yes = true;
  await work;
  await world.startServer();
  await checkAll(world, house.families, ledger);
  assert.match(await world.command('audit', 'verify'), /The audit trail is whole\./);
}

async function killed(storeName, options) {
  const next = chance(seed);
  const ledger = new Ledger();
  const world = await startWorld({ partners: [partner], extraConfig, ...options });
  try {
    const house = await household(world);
    const every = Math.ceil(rounds / strangers.length);
    for (let i = 0; i < rounds; i++) {
      const newcomers = i % every === 0 ? [strangers[i / every]] : [];
      await round(world, house, newcomers, ledger, 50 + next(700));
    }
  } finally {
    await world.stop();
  }
  const figures = Object.entries(ledger.counts).map(([what, count]) => `${count} ${what}`).join(', ');
  console.log(`${storeName}: seed ${seed}, ${rounds} rounds; acknowledged: ${figures}; ${ledger.violations.length} violations`);
  assert.deepEqual(ledger.violations, []);
  assert.ok(ledger.counts.refreshes > 0 && ledger.counts.revocations > 0 && ledger.counts.codes > 0);
}

test('what was acknowledged survives kill -9 (SQLite)', () => killed('SQLite'));

const server = process.env.TONGXING_TEST_POSTGRES;
const psql = (sql) => promisify(execFile)('psql', [server, '-qc', sql]);

test('what was acknowledged survives kill -9 (PostgreSQL)', { skip: !server }, async () => {
  const schema = `kill_${randomBytes(6).toString('hex')}`;
  await psql(`CREATE SCHEMA ${schema}`);
  try {
    await killed('PostgreSQL', { storeUrl: `${server}?options=-csearch_path%3D${schema}` });
  } finally {
    await psql(`DROP SCHEMA ${schema} CASCADE`);
  }
});
