// SPDX-License-Identifier: Apache-2.0
// A bank that does not answer: who needs it is told so, and everybody else is served.
import test from 'node:test';
import assert from 'node:assert/strict';
import { lastCode, people, startWorld } from '../kit/world.mjs';
import { FreshBrowser, extraConfig, logIn, partner, registerAt } from './kit.mjs';

// More questions than the bank may hold at once (bank.max_in_flight below), each about another person.
const strangers = [
  people[1], people[2],
  { name: '张𠮷', identity_number: '440604198506070011', bank_card: '6216260000100340018', phone: '13800138003' },
  { name: '阿卜杜拉·买买提', identity_number: '650102197803030010', bank_card: '6216260000100420018', phone: '13800138004' },
  { name: '尤福生', identity_number: '44050719310909001X', bank_card: '6216260000100670018', phone: '13800138006' },
  { name: '林晓燕', identity_number: '441900200002290020', bank_card: '6216260000100750018', phone: '13800138007' },
];
const inFlight = 2;
const failuresToOpen = 10; // idp/connect/connector.h

const control = (world, body) => fetch(`http://127.0.0.1:${world.bankPort}/_control`, { method: 'POST', body: new URLSearchParams(body) });

/** At the form for name and card: the page, and the browser that shows it. */
async function atIdentity(world, person) {
  const browser = new FreshBrowser();
  let page = await browser.go(`${world.issuer}/register`);
  page = await browser.submit(page, 'register-phone-form', { phone: person.phone });
  page = await browser.submit(page, 'register-code-form', { code: await lastCode(world, person.phone) });
  page = await browser.submit(page, 'register-notice-form', { agree_registration: 'yes', agree_bank: 'yes' });
  return { browser, page, person };
}

async function askBank(seat) {
  const { name, identity_number, bank_card, phone } = seat.person;
  seat.page = await seat.browser.submit(seat.page, 'register-identity-form', { name, identity_number, bank_card, bank_phone: phone });
  return seat.page;
}

const wasLogged = (world, event) =>
  world.serverLog().split('\n').some((line) => line.includes(`"event":"${event}"`) && line.includes('"name":"bank"'));

const problemOf = (page) => /id="error-([a-z_]+)"/.exec(page.text)?.[1] ?? null;

test('while the bank hangs others log in, and its breaker opens and closes', async (t) => {
  const world = await startWorld({ partners: [partner], extraConfig: `${extraConfig}[bank]\nmax_in_flight = ${inFlight}\n` });
  t.after(() => world.stop());
  await registerAt(world, new FreshBrowser(), people[0]);
  const seats = [];
  for (const person of strangers) seats.push(await atIdentity(world, person));

  await t.test('a login is served while questions wait, and one question too many is told at once', async () => {
    await control(world, { hang: 'on' });
    const asked = seats.map(askBank);
    assert.ok(await logIn(world, new FreshBrowser(), people[0]));
    const told = (await Promise.all(asked)).map(problemOf);
    assert.equal(told.filter((problem) => problem === 'bank_unknown').length, inFlight);
    assert.equal(told.filter((problem) => problem === 'bank_unavailable').length, seats.length - inFlight);
    for (const seat of seats) assert.equal(seat.page.answer.headers.has('retry-after'), true);
  });

  await t.test('the breaker opens after ten failures, and the log says so', async () => {
    await control(world, { hang: 'off', down: 'on' });
    const [seat] = seats.filter((one) => problemOf(one.page) === 'bank_unavailable');
    for (let i = 0; i < failuresToOpen; i++) await askBank(seat);
    assert.ok(wasLogged(world, 'connector.opened'));
    assert.ok(await logIn(world, new FreshBrowser(), people[0]));
  });

  await t.test('it closes once the bank is back, and everybody goes through without a second order', async () => {
    await control(world, { down: 'off' });
    for (const seat of seats) {
      for (let i = 0; i < 40 && problemOf((await askBank(seat))) !== null; i++)
        await new Promise((resolve) => setTimeout(resolve, 500));
      assert.match(seat.page.text, /id="register-password-form"/);
    }
    assert.ok(wasLogged(world, 'connector.closed'));
    const { orders } = await (await fetch(`http://127.0.0.1:${world.bankPort}/_control`)).json();
    assert.equal(orders.length, 1 + seats.length);
    for (const order of orders) assert.equal(order.checks, 1);
  });
});
