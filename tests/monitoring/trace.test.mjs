// SPDX-License-Identifier: Apache-2.0
// W3C Trace Context: what a request came with goes on to the gateway and the bank, and stands in the log.
import test, { before, after } from 'node:test';
import assert from 'node:assert/strict';
import { Browser, people, register, startWorld } from '../kit/world.mjs';

const span = 'b7ad6b7169203331';
let world;

before(async () => {
  world = await startWorld({ extraConfig: '\n[log]\naccess = yes\n' });
});
after(() => world?.stop());

class TracedBrowser extends Browser {
  constructor(traceparent) {
    super();
    this.traceparent = traceparent;
  }

  send(url, init) {
    const headers = { ...init.headers, ...(this.traceparent && { traceparent: this.traceparent }) };
    return super.send(url, { ...init, headers });
  }
}

async function registered(person, traceparent) {
  const browser = new TracedBrowser(traceparent);
  await register(world, browser, await browser.go(`${world.issuer}/register`), person);
  const messages = await (await fetch(`http://127.0.0.1:${world.smsPort}/messages.json?phone=${person.phone}`)).json();
  const bank = await (await fetch(`http://127.0.0.1:${world.bankPort}/_control`)).json();
  return { sms: messages.at(-1).traceparent, bank: bank.traceparent };
}

const requestLines = () => world.serverLog().split('\n').filter((line) => line.includes('"http.request"')).map((line) => JSON.parse(line));

test('gateway and bank are called in the trace of the request, under spans of ours', async () => {
  const trace = '0af7651916cd43dd8448eb211c80319c';
  const { sms, bank } = await registered(people[0], `00-${trace}-${span}-01`);
  for (const traceparent of [sms, bank]) assert.match(traceparent, new RegExp(`^00-${trace}-(?!${span})[0-9a-f]{16}-01$`));
  assert.notEqual(sms, bank);
  assert.ok(requestLines().filter((line) => line.trace_id === trace).length > 8);
});

test('a request that came without one begins a trace with its call, which its log line names', async () => {
  const { sms, bank } = await registered(people[1]);
  const [smsTrace, bankTrace] = [sms, bank].map((traceparent) => traceparent.match(/^00-([0-9a-f]{32})-[0-9a-f]{16}-00$/)[1]);
  assert.notEqual(smsTrace, bankTrace);
  const path = (trace) => requestLines().filter((line) => line.trace_id === trace).map((line) => line.path);
  assert.deepEqual(path(smsTrace), ['/register']);
  assert.deepEqual(path(bankTrace), ['/register/identity']);
});

test('a traceparent that is none is not sent on', async () => {
  const { bank } = await registered(people[2], `00-${'0'.repeat(32)}-${span}-01`);
  assert.match(bank, /^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-00$/);
});
