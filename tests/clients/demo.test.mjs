// SPDX-License-Identifier: Apache-2.0
// The demo's two partners, walked through as a person would, and the script that runs them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { demoHouse, eventually } from '../kit/demo.mjs';
import { Browser, build, freePort, people, register, startProgram, startWorld, stopChild } from '../kit/world.mjs';

const secretOf = (id) => `the demo secret of ${id}, long enough`;

const registration = (id, port, scope) => ({
  client_id: id,
  client_name: `${id} zh`,
  'client_name#en': `${id} en`,
  client_secret: secretOf(id),
  token_endpoint_auth_method: 'client_secret_basic',
  id_token_signed_response_alg: 'ES256',
  redirect_uris: [`http://localhost:${port}/callback`],
  post_logout_redirect_uris: [`http://localhost:${port}/logged-out`],
  backchannel_logout_uri: `http://localhost:${port}/backchannel`,
  scope,
});

function startPartner(world, id, port, scope) {
  return startProgram(join(build, 'tests/partner_sim'), ['--port', `${port}`, '--issuer', world.issuer,
    '--client-id', id, '--client-secret', secretOf(id), '--name-zh', `${id} zh`, '--name-en', `${id} en`,
    '--theme', id === 'hospital' ? 'hospital' : 'hall', '--scope', scope], 'partner_sim ready', join(world.dir, `${id}.log`));
}

const valueOf = (page, id) => new RegExp(`id="${id}"[^>]*>([^<]*)<`).exec(page.text)?.[1];
const isLoggedIn = (page) => page.text.includes('id="greeting"');

describe('two partners', () => {
  const scopes = { webhall: 'openid profile realname phone', hospital: 'openid profile realname' };
  const person = people[0];
  const browser = new Browser();
  const at = {};
  const running = [];
  let world;

  const clickLogin = (id, options) => browser.go(`${at[id]}/login`, options);
  const agree = (page) => browser.submit(page, 'consent-form', { decision: 'allow' });

  before(async () => {
    const ports = { webhall: await freePort(), hospital: await freePort() };
    world = await startWorld({
      partners: Object.entries(ports).map(([id, port]) => registration(id, port, scopes[id])),
      extraConfig: '[log]\nlevel = info\n',
    });
    for (const [id, port] of Object.entries(ports)) {
      at[id] = `http://localhost:${port}`;
      running.push(await startPartner(world, id, port, scopes[id]));
    }
  });

  after(async () => {
    for (const child of running) await stopChild(child);
    await world?.stop();
  });

  test('each says in both languages what it is, before anybody logs in', async () => {
    const stranger = new Browser();
    const chinese = await stranger.go(`${at.webhall}/`);
    const english = await stranger.go(`${at.webhall}/language?to=en`);

    assert.match(chinese.text, /lang="zh-CN"[\s\S]*id="login"[^>]*>登录</);
    assert.match(english.text, /lang="en"[\s\S]*id="login"[^>]*>Log in</);
  });

  test('the hall shows who has registered, how that was proven, and what it was told', async () => {
    const login = await clickLogin('webhall');
    const link = /id="register-link" href="([^"]*)"/.exec(login.text)[1].replaceAll('&amp;', '&');
    const consent = await register(world, browser, await browser.go(new URL(link, login.url).href), person);
    const home = await agree(consent);

    assert.equal(home.url.href, `${at.webhall}/`);
    assert.equal(valueOf(home, 'name'), person.name);
    assert.match(valueOf(home, 'level'), /^L2/);
    assert.equal(valueOf(home, 'proven-how'), '银行卡核验');
    assert.equal(valueOf(home, 'proven-by'), 'China UnionPay');
    assert.match(valueOf(home, 'proven-at'), /^\d{4}-\d\d-\d\d \d\d:\d\d$/);
    assert.match(valueOf(home, 'claim-phone_number'), new RegExp(`${person.phone}$`));
  });

  test('the hospital asks for consent, not for a second login, and knows the person by another number', async () => {
    const consent = await clickLogin('hospital');
    assert.match(consent.text, /id="consent-form"/);
    const home = await agree(consent);
    const hall = await browser.go(`${at.webhall}/`);

    assert.equal(valueOf(home, 'name'), person.name);
    assert.equal(valueOf(home, 'claim-phone_number'), undefined);
    assert.notEqual(valueOf(home, 'sub'), valueOf(hall, 'sub'));
  });

  test('a second visit is one click', async () => {
    const home = await clickLogin('hospital');

    assert.ok(isLoggedIn(home));
    assert.equal(home.url.href, `${at.hospital}/`);
  });

  test('a logout that is not from the partner\'s own page does nothing', async () => {
    await browser.go(`${at.hospital}/logout`, { method: 'POST', body: new URLSearchParams({ csrf: 'guessed' }) });

    assert.ok(isLoggedIn(await browser.go(`${at.hospital}/`)));
  });

  test('an answer to no question of this browser is refused', async () => {
    const page = await new Browser().go(`${at.hospital}/callback?code=x&state=y&iss=${encodeURIComponent(world.issuer)}`);

    assert.equal(page.answer.status, 400);
    assert.match(page.text, /id="trouble"/);
  });

  test('an answer under another provider\'s name is refused', async () => {
    const stranger = new Browser();
    const login = await stranger.request(`${at.hospital}/login`);
    const state = new URL(login.headers.get('location')).searchParams.get('state');
    const page = await stranger.go(`${at.hospital}/callback?code=x&state=${state}&iss=${encodeURIComponent('http://localhost:1')}`);

    assert.equal(page.answer.status, 400);
  });

  test('a logout token that the provider did not sign ends nothing', async () => {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const forged = `${part({ alg: 'ES256', typ: 'logout+jwt' })}.${part({ iss: world.issuer })}.${'A'.repeat(86)}`;
    const answer = await fetch(`${at.hospital}/backchannel`, { method: 'POST', body: new URLSearchParams({ logout_token: forged }) });

    assert.equal(answer.status, 400);
    assert.ok(isLoggedIn(await browser.go(`${at.hospital}/`)));
  });

  test('logging out of one logs out of both, and a password is needed again', async () => {
    const left = await browser.submit(await browser.go(`${at.hospital}/`), 'logout-form', {});
    assert.match(left.text, /id="farewell"/);
    assert.ok(!isLoggedIn(left));

    await eventually('the hall has heard of the logout', async () => !isLoggedIn(await browser.go(`${at.webhall}/`)));
    assert.match((await browser.go(`${at.webhall}/`)).text, /id="farewell"/);
    assert.match((await clickLogin('webhall')).text, /id="login-form"/);
  });

  test('who does not agree is not logged in, and is told so', async () => {
    const stranger = new Browser();
    const login = await stranger.go(`${at.webhall}/login`);
    const link = /id="register-link" href="([^"]*)"/.exec(login.text)[1].replaceAll('&amp;', '&');
    const consent = await register(world, stranger, await stranger.go(new URL(link, login.url).href), people[1]);
    const page = await stranger.submit(consent, 'consent-form', { decision: 'deny' });

    assert.equal(page.url.origin, at.webhall);
    assert.match(page.text, /id="trouble"/);
    assert.ok(!isLoggedIn(await stranger.go(`${at.webhall}/`)));
  });
});

describe('the demo script', () => {
  let house;

  before(async () => (house = await demoHouse()));
  after(() => house.leave());

  const childrenOf = async (demo) =>
    (await readFile(`/proc/${demo.pid}/task/${demo.pid}/children`, 'utf8')).trim().split(' ').map(Number);
  const lives = (pid) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  test('it says what it can do before anything is installed or built', () => {
    const dev = new URL('../../dev', import.meta.url).pathname;
    // Nothing of Debian but what is always there, and no build.
    const said = execFileSync(dev, ['demo', '--help'], { env: { PATH: '/usr/bin:/bin', DEMO_BUILD: '/nowhere' } }).toString();

    for (const word of ['--fresh', '--lan', 'DEMO_DATA', 'DEMO_FIRST_PORT', 'DEMO_LAN_ADDRESS']) assert.ok(said.includes(word), word);
  });

  test('it refuses what it does not know, with all that it knows', async () => {
    const demo = house.run(['--what']);

    assert.equal(await demo.exit, 2);
    assert.match(demo.text, /--fresh/);
  });

  test('it leaves a folder of others alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tongxing-demo-'));
    await writeFile(join(folder, 'thesis.txt'), 'years of work');
    const demo = house.run(['--fresh'], { DEMO_DATA: folder });

    assert.equal(await demo.exit, 1);
    assert.match(demo.text, /DEMO_DATA/);
    assert.equal(await readFile(join(folder, 'thesis.txt'), 'utf8'), 'years of work');
    await rm(folder, { recursive: true });
  });

  test('it names the port that somebody else holds', async () => {
    const holder = createServer().listen(house.port.HOSPITAL, '127.0.0.1');
    await once(holder, 'listening');
    const demo = house.run();

    assert.equal(await demo.exit, 1);
    holder.close();
    assert.match(demo.text, new RegExp(`port ${house.port.HOSPITAL} .*DEMO_HOSPITAL_PORT`));
  });

  test('it gets ready, a second one says where the first is, and it ends all that it started', async () => {
    const demo = await house.start();
    const children = await childrenOf(demo);
    for (const port of ['FIRST', 'SERVER', 'SMS', 'WEBHALL', 'HOSPITAL'])
      assert.equal((await fetch(`http://localhost:${house.port[port]}/`)).status, 200, port);
    const second = house.run();
    const fresh = house.run(['--fresh']);

    assert.equal(await second.exit, 0);
    assert.ok(second.text.includes(`http://localhost:${house.port.FIRST}`), second.text);
    assert.equal(await fresh.exit, 1);
    assert.ok(children.length >= 6);
    assert.ok(children.every(lives));
    await house.stop(demo);
    assert.deepEqual(children.filter(lives), []);
  });

  test('when one part dies it says which, with its log, and ends the others', async () => {
    const demo = await house.start(['--fresh']);
    const children = await childrenOf(demo);
    const names = await Promise.all(children.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8')));
    process.kill(children[names.findIndex((name) => name.includes('sms_sim'))], 'SIGKILL');

    assert.equal(await demo.exit, 1);
    assert.match(demo.text, /sms .*ended[\s\S]*sms_sim ready/);
    assert.deepEqual(children.filter(lives), []);
  });

  test('it ends on SIGINT as on SIGTERM', async () => {
    const demo = house.run();
    await eventually(() => `a part runs:\n${demo.text}`, () => demo.text.includes('starting sms'));
    const children = await childrenOf(demo);
    demo.kill('SIGINT');

    assert.equal(await demo.exit, 0, demo.text);
    assert.deepEqual(children.filter(lives), []);
  });
});
