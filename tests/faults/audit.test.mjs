// SPDX-License-Identifier: Apache-2.0
// The audit trail while people log in: followed by an operator, written by two nodes on PostgreSQL, verified at any time,
// and changed behind everybody's back (OP-12).
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { build, people, startWorld } from '../kit/world.mjs';
import { FreshBrowser, code, extraConfig, logIn, partner, redirectUri, registerAt, secondNode, send, verifier } from './kit.mjs';

const SEEN_MS = 10000;

/** `tongxing audit --follow`, and the records it has shown so far. */
function follow(world, t) {
  const words = ['audit', '--follow', '--json', '--since', '1h', '--config', world.configPath];
  const child = spawn(join(build, 'tongxing'), words, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  t.after(() => child.kill());
  const records = () => said.split('\n').slice(0, -1).map((line) => JSON.parse(line));
  return { child, records };
}

async function until(what, holds) {
  for (const end = Date.now() + SEEN_MS; !(await holds());) {
    assert.ok(Date.now() < end, `not within ${SEEN_MS} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** At one of the nodes. */
async function redeemAt(world, port, value) {
  const answer = await send(`http://127.0.0.1:${port}/oauth2/token`, {
    method: 'POST',
    headers: {
      host: new URL(world.issuer).host,
      authorization: `Basic ${Buffer.from(`${partner.client_id}:${partner.client_secret}`).toString('base64')}`,
    },
    body: new URLSearchParams({ grant_type: 'authorization_code', code: value, redirect_uri: redirectUri, code_verifier: verifier }),
  });
  assert.equal(answer.status, 200);
}

/** What the command says that is not well. */
async function verifyFails(world, ...words) {
  const failure = await world.command('audit', 'verify', ...words).then(() => null, (error) => error);
  assert.ok(failure, 'the trail is not whole');
  return String(failure);
}

/** By the database's own tools, as its administrator would. */
async function tamper(world, sql) {
  const program = world.storeUrl.startsWith('sqlite:')
    ? ['sqlite3', [world.storeUrl.slice('sqlite:'.length), sql]] : ['psql', [world.storeUrl, '-qc', sql]];
  await promisify(execFile)(...program);
}

test('the audit trail is followed and verified while it is written', async (t) => {
  const world = await startWorld({ partners: [partner], extraConfig });
  t.after(() => world.stop());
  const ports = [world.port];
  if (!world.storeUrl.startsWith('sqlite:')) ports.push(await secondNode(world, t));

  const followed = follow(world, t);
  const browser = new FreshBrowser(world.issuer);
  await registerAt(world, browser, people[0]);
  for (let i = 0; i < 4; i++) {
    const again = new FreshBrowser(world.issuer);
    await logIn(world, again, people[0]);
    await redeemAt(world, ports[i % ports.length], await code(world, again));
  }
  const logins = () => followed.records().filter(({ event }) => event === 'session.begin').length;
  await until('five logins are shown', () => logins() >= 5);
  const records = JSON.parse(await world.command('audit', '--since', '1h', '--json'));
  await until('all records are shown', () => followed.records().length >= records.length);
  assert.deepEqual(followed.records().map((record) => JSON.stringify(record)).sort(), records.map((record) => JSON.stringify(record)).sort(), 'each once');

  assert.match(await world.command('audit', 'verify'), /The audit trail is whole\./);
  const [login] = JSON.parse(await world.command('audit', '--event', 'session.begin', '--limit', '1', '--json'));
  assert.match(await world.command('audit', '--request', login.request), /session\.begin/);

  followed.child.kill('SIGINT');
  await once(followed.child, 'close');
  await world.stopServer('SIGTERM');
  const [, name] = /"checkpoint":"([^"]+)"/.exec(world.serverLog());
  assert.match(await world.command('audit', 'verify', '--checkpoint', name), /whole/);

  await tamper(world, "UPDATE audit SET reason = 'sms' WHERE audit_id = (SELECT max(audit_id) FROM audit WHERE event = 'session.begin')");
  assert.match(await verifyFails(world), /changed: record \d+ of run [0-9a-f]{16}, lane \d+ \(a_/);
  await tamper(world, "DELETE FROM audit WHERE event = 'grant.begin'");
  assert.match(await verifyFails(world), /missing: records \d+ to \d+ of run/);
  await tamper(world, 'DELETE FROM audit_checkpoint');
  assert.match(await verifyFails(world, '--checkpoint', name), /cut: checkpoint \d+ of run [0-9a-f]{16}, which you name, is gone/);
  await world.startServer();
});
