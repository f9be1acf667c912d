// SPDX-License-Identifier: Apache-2.0
// The server is killed (SIGKILL) at random moments under load, and started again on the same store: whatever it had
// acknowledged must be there (RT-16). TONGXING_KILL_ROUNDS and TONGXING_KILL_SEED; TONGXING_TEST_POSTGRES adds the
// second store.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import test from 'node:test';
import assert from 'node:assert/strict';
import { people, startWorld } from '../kit/world.mjs';
import {
  FreshBrowser, Unanswered, code, extraConfig, isActive, logIn, partner, redeem, refresh, registerAt, revoke,
} from './kit.mjs';

const rounds = Number(process.env.TONGXING_KILL_ROUNDS ?? 25);
const seed = Number(process.env.TONGXING_KILL_SEED ?? 20260101);
const refreshers = 4;

/** Whole numbers below `limit`, the same for the same seed (mulberry32). */
function chance(state) {
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  };
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What the server has acknowledged, and what of it turned out not to be so. */
class Ledger {
  counts = {};
  violations = [];
  registered = [];
  sessions = []; // browsers
  spentCodes = [];
  looseCodes = []; // redeemed without an answer: they may work, but once
  revoked = []; // access and refresh tokens
  looseTokens = []; // revoked without an answer

  acknowledge(what) {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  expect(condition, sentence) {
    if (!condition) this.violations.push(sentence);
  }
}

/** One person's browser and her grants at the partner. */
class Family {
  constructor(world, browser) {
    Object.assign(this, { world, browser, live: null, older: null, asking: false });
  }

  async begin() {
    const answer = await redeem(this.world, await code(this.world, this.browser));
    assert.equal(answer.status, 200);
    this.live = answer.json.refresh_token;
    this.older = null;
  }

  async turn(ledger) {
    this.asking = true;
    const answer = await refresh(this.world, this.live);
    this.asking = false;
    ledger.expect(answer.status === 200, `a live refresh token was refused: ${JSON.stringify(answer.json)}`);
    if (answer.status !== 200) return this.begin();
    [this.older, this.live] = [this.live, answer.json.refresh_token];
    ledger.acknowledge('refreshes');
  }

  /** After a restart. A request without an answer may have rotated the family: it is repeated, as a partner would. */
  async check(ledger) {
    const unsure = this.asking;
    const answer = await refresh(this.world, this.live);
    this.asking = false;
    if (answer.status !== 200) {
      ledger.expect(unsure, 'the acknowledged generation of a family is not the live one');
      return this.begin();
    }
    const dead = this.older;
    [this.older, this.live] = [this.live, answer.json.refresh_token];
    if (dead === null) return undefined;
    ledger.expect((await refresh(this.world, dead)).status === 400, 'a generation before the last was taken');
    return this.begin();
  }
}

/** Works until the server is gone. */
async function until(stopped, work) {
  try {
    while (!stopped.yes) await work();
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
  }
}

async function spend(world, browser, ledger) {
  const value = await code(world, browser);
  ledger.looseCodes.push(value);
  const answer = await redeem(world, value);
  ledger.expect(answer.status === 200, 'a fresh code was refused');
  ledger.looseCodes.pop();
  ledger.spentCodes.push(value);
  ledger.acknowledge('codes');
}

async function end(world, browser, ledger) {
  const tokens = (await redeem(world, await code(world, browser))).json;
  ledger.looseTokens.push(tokens.refresh_token);
  const answer = await revoke(world, tokens.refresh_token);
  ledger.expect(answer.status === 200, 'a revocation was refused');
  ledger.looseTokens.pop();
  ledger.revoked.push(tokens.access_token, tokens.refresh_token);
  ledger.acknowledge('revocations');
}

async function enter(world, person, ledger) {
  const browser = new FreshBrowser();
  ledger.expect(await logIn(world, browser, person), 'a registered person could not log in');
  ledger.sessions.push(browser);
  ledger.acknowledge('logins');
}

/** One registration a round. Who is cut off is not tried again: her next code would have to wait for a minute. */
async function join(world, newcomers, ledger) {
  const person = newcomers.pop();
  if (!person) return sleep(20);
  const browser = new FreshBrowser();
  await registerAt(world, browser, person);
  ledger.expect(browser.isLoggedIn(world), 'a registration ended without a session');
  ledger.registered.push(person);
  ledger.acknowledge('registrations');
  return undefined;
}

async function checkAll(world, families, ledger) {
  for (const family of families) await family.check(ledger);
  for (const value of ledger.spentCodes.splice(0))
    ledger.expect((await redeem(world, value)).status === 400, 'a redeemed code was redeemed again');
  for (const value of ledger.looseCodes.splice(0)) {
    const first = await redeem(world, value);
    const second = await redeem(world, value);
    ledger.expect(second.status === 400, `a code was redeemed again (${first.status}, ${second.status})`);
  }
  for (const token of ledger.revoked.splice(0))
    ledger.expect(!(await isActive(world, token)), 'a revoked token is active again');
  ledger.looseTokens.length = 0;
  for (const browser of ledger.sessions.splice(0)) {
    const home = await browser.go(`${world.issuer}/`);
    ledger.expect(home.text.includes('id="greeting"'), 'a session that was begun is gone');
  }
  for (const person of ledger.registered.splice(0))
    ledger.expect(await logIn(world, new FreshBrowser(), person), 'a registered person is not there');
}

/** Load for a while, death, and life again. */
async function round(world, families, newcomers, ledger, lifeMs) {
  const stopped = { yes: false };
  const [first] = families;
  const work = Promise.all([
    ...families.map((family) => until(stopped, () => family.turn(ledger))),
    until(stopped, () => spend(world, first.browser, ledger)),
    until(stopped, () => end(world, first.browser, ledger)),
    until(stopped, () => enter(world, people[0], ledger)),
    until(stopped, () => join(world, newcomers, ledger)),
  ]);
  work.catch(() => {}); // told below, once the server is gone
  await sleep(lifeMs);
  await world.stopServer('SIGKILL');
  stopped.yes = true;
  await work;
  await world.startServer();
  await checkAll(world, families, ledger);
}

/** Not registered at the start; the bank simulator knows them. */
const strangers = [
  people[1], people[2],
  { name: '张𠮷', identity_number: '440604198506070011', bank_card: '6216260000100340018', phone: '13800138003' },
  { name: '阿卜杜拉·买买提', identity_number: '650102197803030010', bank_card: '6216260000100420018', phone: '13800138004' },
  { name: '尤福生', identity_number: '44050719310909001X', bank_card: '6216260000100670018', phone: '13800138006' },
  { name: '林晓燕', identity_number: '441900200002290020', bank_card: '6216260000100750018', phone: '13800138007' },
];

async function killed(storeName, options) {
  const next = chance(seed);
  const ledger = new Ledger();
  const world = await startWorld({ partners: [partner], extraConfig, ...options });
  try {
    const browser = new FreshBrowser();
    await registerAt(world, browser, people[0]);
    const families = Array.from({ length: refreshers }, () => new Family(world, browser));
    for (const family of families) await family.begin();
    const every = Math.ceil(rounds / strangers.length);
    for (let i = 0; i < rounds; i++) {
      const newcomers = i % every === 0 ? [strangers[i / every]] : [];
      await round(world, families, newcomers, ledger, 50 + next(700));
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
