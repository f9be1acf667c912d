// SPDX-License-Identifier: Apache-2.0
// Mixed load on a server that something happens to, a ledger of what it acknowledged, and the check afterwards that all of
// it still holds.
import assert from 'node:assert/strict';
import { people } from '../kit/world.mjs';
import { FreshBrowser, Unanswered, code, isActive, logIn, redeem, refresh, registerAt, revoke } from './kit.mjs';

const refreshers = 4;

/** Whole numbers below `limit`, the same for the same seed (mulberry32). */
export function chance(state) {
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  };
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The server said no, where that is one of its ways out. */
export class Refused extends Error {}

/** What the server has acknowledged, and what of it turned out not to be so. */
export class Ledger {
  counts = {};
  violations = [];
  registered = [];
  sessions = []; // browsers
  spentCodes = [];
  looseCodes = []; // redeemed without an answer: they may work, but once
  revoked = []; // access and refresh tokens
  looseTokens = []; // revoked without an answer
  mayRefuse = false;

  acknowledge(what) {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  expect(condition, sentence) {
    if (!condition) this.violations.push(sentence);
  }

  /** Under load: a server that lacks something (`mayRefuse`) may say no, any other may not. */
  expectUnderLoad(condition, sentence) {
    if (!condition && this.mayRefuse) throw new Refused(sentence);
    this.expect(condition, sentence);
  }
}

/** One person's browser and her grants at the partner. */
class Family {
  constructor(world, browser) {
    Object.assign(this, { world, browser, live: null, older: null, asking: false });
  }

  async begin() {
    this.asking = true;
    const answer = await redeem(this.world, await code(this.world, this.browser));
    assert.equal(answer.status, 200);
    this.live = answer.json.refresh_token;
    this.older = null;
    this.asking = false;
  }

  async turn(ledger) {
    const unsure = this.asking;
    this.asking = true;
    const answer = await refresh(this.world, this.live);
    if (answer.status === 400 && unsure) return this.begin();
    ledger.expectUnderLoad(answer.status === 200, `a live refresh token was refused: ${JSON.stringify(answer.json)}`);
    if (answer.status !== 200) return this.begin();
    this.asking = false;
    [this.older, this.live] = [this.live, answer.json.refresh_token];
    ledger.acknowledge('refreshes');
    return undefined;
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
export async function until(stopped, work) {
  try {
    while (!stopped.yes) await work();
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
  }
}

async function spend(world, browser, ledger) {
  const value = await code(world, browser);
  ledger.expectUnderLoad(value, 'no code');
  ledger.looseCodes.push(value);
  const answer = await redeem(world, value);
  ledger.expectUnderLoad(answer.status === 200, 'a fresh code was refused');
  ledger.looseCodes.splice(ledger.looseCodes.indexOf(value), 1);
  ledger.spentCodes.push(value);
  ledger.acknowledge('codes');
}

async function end(world, browser, ledger) {
  const tokens = (await redeem(world, await code(world, browser))).json;
  ledger.expectUnderLoad(tokens?.refresh_token, 'a fresh code was refused');
  ledger.looseTokens.push(tokens.refresh_token);
  const answer = await revoke(world, tokens.refresh_token);
  ledger.expectUnderLoad(answer.status === 200, 'a revocation was refused');
  ledger.looseTokens.pop();
  ledger.revoked.push(tokens.access_token, tokens.refresh_token);
  ledger.acknowledge('revocations');
}

async function enter(world, person, ledger) {
  const browser = new FreshBrowser();
  ledger.expectUnderLoad(await logIn(world, browser, person), 'a registered person could not log in');
  ledger.sessions.push(browser);
  ledger.acknowledge('logins');
}

/** One registration a round. Who is cut off is not tried again: her next code would have to wait for a minute. */
async function join(world, newcomers, ledger) {
  const person = newcomers.pop();
  if (!person) return sleep(20);
  const browser = new FreshBrowser();
  await registerAt(world, browser, person);
  ledger.expectUnderLoad(browser.isLoggedIn(world), 'a registration ended without a session');
  ledger.registered.push(person);
  ledger.acknowledge('registrations');
  return undefined;
}

export async function checkAll(world, families, ledger) {
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


/**
 * One person, and what works for her: families of tokens, each in a session of its own (a partner has so many grants in one
 * and then loses the oldest), and a session for all the rest.
 */
export async function household(world) {
  const browser = new FreshBrowser();
  await registerAt(world, browser, people[0]);
  const families = [];
  for (let i = 0; i < refreshers; i++) {
    const own = new FreshBrowser();
    assert.ok(await logIn(world, own, people[0]));
    const family = new Family(world, own);
    await family.begin();
    families.push(family);
  }
  return { browser, families };
}

/** All kinds of work at once; `drive(work)` does each again and again until it is time to stop. */
export function workAll(world, { browser, families }, newcomers, ledger, drive) {
  return Promise.all([
    ...families.map((family) => drive(() => family.turn(ledger))),
    drive(() => spend(world, browser, ledger)),
    drive(() => end(world, browser, ledger)),
    drive(() => enter(world, people[0], ledger)),
    drive(() => join(world, newcomers, ledger)),
  ]);
}

/** Not registered at the start; the bank simulator knows them. */
export const strangers = [
  people[1], people[2],
  { name: '张𠮷', identity_number: '440604198506070011', bank_card: '6216260000100340018', phone: '13800138003' },
  { name: '阿卜杜拉·买买提', identity_number: '650102197803030010', bank_card: '6216260000100420018', phone: '13800138004' },
  { name: '尤福生', identity_number: '44050719310909001X', bank_card: '6216260000100670018', phone: '13800138006' },
  { name: '林晓燕', identity_number: '441900200002290020', bank_card: '6216260000100750018', phone: '13800138007' },
];
