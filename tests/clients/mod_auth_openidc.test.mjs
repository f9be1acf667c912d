// SPDX-License-Identifier: Apache-2.0
// mod_auth_openidc under Debian's apache2: a partner written in C by others, with nothing of ours in it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { apacheIsMissing, prepareApache } from '../kit/apache.mjs';
import { Browser, people, startWorld } from '../kit/world.mjs';
import { settle, visit } from '../kit/visit.mjs';

describe('mod_auth_openidc', { skip: apacheIsMissing }, () => {
  let apache;
  let world;

  before(async () => {
    apache = await prepareApache({ clientId: 'hall', clientSecret: 'shared by the hall + by us, and by nobody else', alg: 'ES256' });
    world = await startWorld({ partners: [apache.registration] });
    await apache.start(world.issuer);
    await settle(world);
  });
  after(async () => {
    await apache?.stop();
    await world?.stop();
  });

  const nowhere = { stopAt: 'nowhere:' };
  const hall = () => `${apache.site}/private/index.shtml`;
  const shown = (page, id) => new RegExp(`<p id="${id}">([^<]*)</p>`).exec(page.text)?.[1];

  /** The protected page, behind as many forms as it takes. */
  async function enter(browser) {
    const page = await visit(browser, hall(), nowhere);
    assert.equal(page.url.href, hall(), `${page.text}\n${apache.log()}`);
    assert.equal(page.answer.status, 200, apache.log());
    return page;
  }

  test('a login shows the protected page and the claims', async () => {
    const page = await enter(new Browser());
    assert.equal(page.asked[0], 'login-form');
    assert.ok(shown(page, 'user').endsWith(`@${world.issuer}`)); // its sub here
    assert.equal(shown(page, 'name'), people[0].name);
    assert.equal(shown(page, 'phone'), `+86${people[0].phone}`);
    assert.equal(shown(page, 'acr'), 'urn:hrss:acr:l2');
  });

  test('a second visit needs nobody, and is the same person', async () => {
    const browser = new Browser();
    const first = await enter(browser);
    const second = await browser.go(hall());
    assert.equal(second.answer.status, 200);
    assert.equal(shown(second, 'user'), shown(first, 'user'));
  });

  test('its logout ends the session here as well', async () => {
    const browser = new Browser();
    await enter(browser);
    const goodbye = `${apache.site}/goodbye.shtml`;
    const page = await visit(browser, `${apache.site}/private/return?logout=${encodeURIComponent(goodbye)}`, nowhere);
    assert.equal(page.url.href, goodbye, apache.log());
    assert.deepEqual(page.asked, []);
    assert.deepEqual((await enter(browser)).asked, ['login-form']);
  });

  test('a logout here ends its session by the back channel', async () => {
    const browser = new Browser();
    await enter(browser);
    const page = await visit(browser, `${world.issuer}/oidc/logout`, nowhere);
    assert.match(page.text, /id="signed-out"/);
    for (let tries = 0; (await browser.request(hall())).status === 200; tries++) {
      assert.ok(tries < 100, `it never heard of it\n${apache.log()}\n${world.serverLog()}`);
      await pause(100);
    }
    assert.deepEqual((await enter(browser)).asked, ['login-form']);
  });
});
