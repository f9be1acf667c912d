// SPDX-License-Identifier: Apache-2.0
// What an operator does in an incident, while the service runs: on PostgreSQL two nodes, each of which must have heard
// within 5 s; on SQLite one, by the operators' door.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { people, startWorld } from '../kit/world.mjs';
import { FreshBrowser, code, extraConfig, logIn, partner, redirectUri, registerAt, secondNode, send, verifier } from './kit.mjs';

const HEARD_MS = 5000;

test('operators steer while the service runs', async (t) => {
  const world = await startWorld({ partners: [partner], extraConfig });
  t.after(() => world.stop());
  const ports = [world.port];
  if (!world.storeUrl.startsWith('sqlite:')) ports.push(await secondNode(world, t));
  const { host } = new URL(world.issuer);
  let secret = partner.client_secret;

  const ask = async (port, path, fields, by = secret) => {
    const answer = await send(`http://127.0.0.1:${port}${path}`, {
      method: fields ? 'POST' : 'GET',
      headers: { host, authorization: `Basic ${Buffer.from(`${partner.client_id}:${by}`).toString('base64')}` },
      body: fields && new URLSearchParams(fields),
    });
    return { status: answer.status, json: await answer.json() };
  };
  const redeem = (port, value) => ask(port, '/oauth2/token',
    { grant_type: 'authorization_code', code: value, redirect_uri: redirectUri, code_verifier: verifier });
  const refresh = (port, token) => ask(port, '/oauth2/token', { grant_type: 'refresh_token', refresh_token: token });
  const isActive = async (port, token) => (await ask(port, '/oauth2/introspect', { token })).json.active;

  /** True on every node before five seconds are over; says of which it was not. */
  const everywhere = async (what, holds) => {
    const from = Date.now();
    for (const port of ports)
      while (!await holds(port)) {
        assert.ok(Date.now() - from < HEARD_MS, `${what}: node ${ports.indexOf(port) + 1} had not heard in 5 s`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
  };

  const hers = new FreshBrowser();
  const phone = people[0].phone;
  await registerAt(world, hers, people[0]);
  const tokens = async () => {
    const { status, json } = await redeem(world.port, await code(world, hers));
    assert.equal(status, 200);
    return json;
  };

  await t.test('se-20, bk-18: a person is disabled, and let in again', async () => {
    const held = await tokens();
    const unspent = await code(world, hers);
    await everywhere('before', (port) => isActive(port, held.access_token));
    assert.match(await world.command('person', 'disable', phone), /is disabled: what was open has ended/);
    await everywhere('token', async (port) => !await isActive(port, held.access_token));
    for (const port of ports) {
      assert.equal((await refresh(port, held.refresh_token)).status, 400);
      assert.equal((await redeem(port, unspent)).status, 400);
    }
    assert.equal(await logIn(world, new FreshBrowser(), people[0]), false);
    assert.match(await world.command('person', 'show', phone), /state +disabled\n/);
    await world.command('person', 'enable', phone);
    assert.equal(await logIn(world, hers, people[0]), true);
    await everywhere('what ended', async (port) => !await isActive(port, held.access_token));
  });

  await t.test('her sessions are listed and ended', async () => {
    const held = await tokens();
    const [session] = JSON.parse(await world.command('person', 'sessions', phone, '--json'));
    assert.equal(session.partners, partner.client_id);
    await world.command('person', 'end-sessions', phone);
    await everywhere('token', async (port) => !await isActive(port, held.access_token));
    assert.deepEqual(JSON.parse(await world.command('person', 'sessions', phone, '--json')), []);
    assert.equal(await logIn(world, hers, people[0]), true);
  });

  await t.test('what she ends herself is refused here at once, and soon on the other node', async (here) => {
    const phoneOfHers = new FreshBrowser();
    assert.equal(await logIn(world, phoneOfHers, people[0]), true);
    const { status, json: held } = await redeem(world.port, await code(world, phoneOfHers));
    assert.equal(status, 200);
    await everywhere('before', (port) => isActive(port, held.access_token));
    const page = await hers.go(`${world.issuer}/account/sessions`);
    const after = await hers.submit(page, 'sessions-form', { end: 'others' });
    const from = Date.now();
    assert.match(after.text, /id="notice"/);
    assert.equal(await isActive(world.port, held.access_token), false);
    assert.equal((await refresh(world.port, held.refresh_token)).status, 400);
    await everywhere('token', async (port) => !await isActive(port, held.access_token));
    if (ports.length > 1) here.diagnostic(`refused on the other node after ${Date.now() - from} ms`);
    const [one, ...more] = JSON.parse(await world.command('person', 'sessions', phone, '--json'));
    assert.deepEqual(more, []);
    assert.match(await world.command('session', 'end', one.session_id), /has ended, with what it has lent/);
    assert.deepEqual(JSON.parse(await world.command('session', 'deliveries', '--json')), []); // none wants to be told
    assert.equal(await logIn(world, hers, people[0]), true);
  });

  await t.test('wrong passwords are forgotten', async () => {
    const page = await new FreshBrowser().go(`${world.issuer}/login`);
    assert.match(page.text, /login-form/);
    for (let i = 0; i < 6; i++) {
      const browser = new FreshBrowser();
      await browser.submit(await browser.go(`${world.issuer}/login`), 'login-form',
        { phone, password: 'not her password at all' });
    }
    const locks = JSON.parse(await world.command('person', 'show', phone, '--json')).wrong_passwords;
    assert.ok(locks.length > 0);
    assert.match(await world.command('person', 'unlock', phone), /can try again at once/);
    assert.deepEqual(JSON.parse(await world.command('person', 'show', phone, '--json')).wrong_passwords, []);
  });

  await t.test('a secret is rotated, first with an overlap, then without', async () => {
    const told = /told this once\): (\S+)/;
    const first = told.exec(await world.command('partner', 'secret', 'rotate', 'hall', '--overlap', '1h'))[1];
    const by = async (port, which) => (await ask(port, '/oauth2/introspect', { token: 'x' }, which)).status;
    await everywhere('new secret', async (port) => await by(port, first) === 200);
    for (const port of ports) assert.equal(await by(port, secret), 200);
    const second = told.exec(await world.command('partner', 'secret', 'rotate', 'hall', '--overlap', '0s'))[1];
    await everywhere('oldest', async (port) => await by(port, secret) === 401);
    for (const port of ports) {
      assert.equal(await by(port, first), 401);
      assert.equal(await by(port, second), 200);
    }
    secret = second;
  });

  await t.test('ca-22: a partner is removed with its secret right, and put back with the same', async () => {
    const held = await tokens();
    assert.match(await world.command('partner', 'remove', 'hall'), /hall is removed\. Its secret is kept until/);
    await everywhere('removed', async (port) => (await refresh(port, held.refresh_token)).json.error === 'invalid_client');
    for (const port of ports) assert.equal((await refresh(port, held.refresh_token)).status, 401);
    await writeFile(join(world.dir, 'none.json'), '{"partners":[]}');
    const back = await world.command('partner', 'apply', join(world.dir, 'partners.json'));
    assert.match(back, /the client_secret of the file is not taken/);
    assert.doesNotMatch(back, /told this once/);
    await assert.rejects(world.command('partner', 'apply', join(world.dir, 'none.json')),
      /would remove 1 partners: hall; say --remove 1 if that is meant; nothing was changed/);
    await everywhere('back', async (port) => (await ask(port, '/oauth2/introspect', { token: 'x' })).status === 200);
    await new Promise((resolve) => setTimeout(resolve, 1100)); // it counts from the second after its removal
    assert.equal(await isActive(world.port, held.access_token), false);
    assert.equal((await redeem(world.port, await code(world, hers))).status, 200);
  });

  await t.test('a leaked key is retired', async () => {
    const held = await tokens();
    const kid = JSON.parse(Buffer.from(held.access_token.split('.')[0], 'base64url')).kid;
    const keysOf = async (port) => JSON.stringify((await ask(port, '/oauth2/jwks')).json);
    await everywhere('before', (port) => isActive(port, held.access_token));
    assert.match(await world.command('key', 'retire', '--plan', '--', kid), /would be gone from the key set/);
    assert.match(await world.command('key', 'retire', '--', kid), /is gone from the key set/);
    await everywhere('key set', async (port) => !(await keysOf(port)).includes(kid));
    for (const port of ports) assert.equal(await isActive(port, held.access_token), false);
    const next = await tokens();
    assert.notEqual(JSON.parse(Buffer.from(next.access_token.split('.')[0], 'base64url')).kid, kid);
    await everywhere('successor', (port) => isActive(port, next.access_token));
  });

  await t.test('a key is followed at once, and what the one before signed stays good', async () => {
    const held = await tokens();
    const { alg, kid } = JSON.parse(Buffer.from(held.access_token.split('.')[0], 'base64url'));
    assert.match(await world.command('key', 'rotate', alg, '--now'), /signs in 3 s, while a service runs/);
    await new Promise((resolve) => setTimeout(resolve, HEARD_MS));
    const next = await tokens();
    assert.notEqual(JSON.parse(Buffer.from(next.access_token.split('.')[0], 'base64url')).kid, kid);
    for (const port of ports) {
      assert.equal(await isActive(port, held.access_token), true);
      assert.equal(await isActive(port, next.access_token), true);
    }
  });

  await t.test('after a restore nothing from before is good', async () => {
    const held = await tokens();
    await new Promise((resolve) => setTimeout(resolve, 1100)); // before this second
    assert.match(await world.command('session', 'revoke-all', '--before', '0s', '--plan'), /would end/);
    assert.match(await world.command('session', 'revoke-all', '--before', '0s'), /1 sessions and \d+ grants ended\./);
    await everywhere('token', async (port) => !await isActive(port, held.access_token));
    for (const port of ports) assert.equal((await refresh(port, held.refresh_token)).status, 400);
    assert.equal(await logIn(world, hers, people[0]), true);
    assert.equal(await isActive(world.port, (await tokens()).access_token), true);
  });

  await t.test('an account is closed for good', async () => {
    const held = await tokens();
    await world.command('person', 'close', phone);
    await everywhere('token', async (port) => !await isActive(port, held.access_token));
    await assert.rejects(world.command('person', 'enable', phone), /is closed, and stays so/);
    assert.equal(await logIn(world, new FreshBrowser(), people[0]), false);
  });
});
