// SPDX-License-Identifier: Apache-2.0
// People who wait, all at once: at the bank, which hangs; for a message, which comes late; for a hash. What the others
// notice of it is measured meanwhile.
import { FreshBrowser, send } from '../faults/kit.mjs';
import { formOf, lastCode } from '../kit/world.mjs';

const atBank = 64;
const forMessage = 64;
const forHash = 300;
const breakerRests = 11_000; // idp/connect/connector.h: ten seconds after ten failures

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Numbers that hold; the bank is never to answer about them. */
function applicant(index) {
  const body = `4401061975${String(1 + (index % 12)).padStart(2, '0')}15${String(100 + index)}`;
  const sum = [...body].reduce((total, digit, at) => total + Number(digit) * weights[at], 0);
  const phone = `137${String(10_000_000 + index)}`;
  return { name: '张三', identity_number: body + '10X98765432'[sum % 11], bank_card: '6216261000000000018', bank_phone: phone };
}

const control = (port, fields) =>
  fetch(`http://127.0.0.1:${port}/_control`, { method: 'POST', body: new URLSearchParams(fields) });

/** The form of a page as it would be sent. */
function ready(browser, page, formId, fields) {
  const { action, hidden } = formOf(page, formId);
  for (const [name, value] of Object.entries(fields)) hidden.set(name, value);
  const cookie = [...browser.cookies.get(page.url.origin)].map(([name, value]) => `${name}=${value}`).join('; ');
  return () => send(action, { method: 'POST', body: hidden, headers: { cookie } }).catch(() => null);
}

async function bankForm(world, index) {
  const person = applicant(index);
  const browser = new FreshBrowser();
  let page = await browser.go(`${world.issuer}/register`);
  page = await browser.submit(page, 'register-phone-form', { phone: person.bank_phone });
  page = await browser.submit(page, 'register-code-form', { code: await lastCode(world, person.bank_phone) });
  page = await browser.submit(page, 'register-notice-form', { agree_registration: 'yes', agree_bank: 'yes' });
  return ready(browser, page, 'register-identity-form', person);
}

async function messageForm(world, index) {
  const browser = new FreshBrowser();
  const page = await browser.go(`${world.issuer}/login/sms`);
  return ready(browser, page, 'login-sms-form', { phone: `136${String(10_000_000 + index)}` });
}

async function hashForm(world, index) {
  const browser = new FreshBrowser();
  const page = await browser.go(`${world.issuer}/login`);
  return ready(browser, page, 'login-form', { phone: `135${String(10_000_000 + index)}`, password: 'no such person' });
}

const forms = (count, make) => Promise.all(Array.from({ length: count }, (_, index) => make(index)));

/**
 * Runs `measure` for up to two seconds while all of them wait; `round` tells one call from the next. Returns what it
 * gave, and the statuses that those who waited got.
 */
export async function whileTheyWait(world, round, measure) {
  const base = round * 1000;
  const hash = await forms(forHash, (index) => hashForm(world, base + index));
  const all = [
    ...(await forms(atBank, (index) => bankForm(world, round * atBank + index))),
    ...(await forms(forMessage, (index) => messageForm(world, base + index))),
    ...hash,
  ];
  await control(world.bankPort, { hang: 'on' });
  await control(world.smsPort, { fail: 'slow' });
  const answers = all.map((press) => press());
  await new Promise((resolve) => setTimeout(resolve, 200));
  const result = await measure();
  const statuses = {};
  for (const answer of await Promise.all(answers)) statuses[answer?.status ?? 'none'] = (statuses[answer?.status ?? 'none'] ?? 0) + 1;
  await control(world.bankPort, { hang: 'off' });
  await control(world.smsPort, { fail: 'off' });
  await new Promise((resolve) => setTimeout(resolve, breakerRests));
  return { result, statuses };
}
