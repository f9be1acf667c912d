// SPDX-License-Identifier: Apache-2.0
// express-openid-connect as it comes.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { application, person, Stock } from '../kit/stock.mjs';
import { Browser } from '../kit/world.mjs';

describe('express-openid-connect', () => {
  const hall = new Stock({
    command: () => [process.execPath, application('express_openid_connect.mjs')],
    register: (site) => ({
      redirect_uris: [`${site}/callback`],
      post_logout_redirect_uris: [site],
      backchannel_logout_uri: `${site}/backchannel-logout`,
      grant_types: ['authorization_code', 'refresh_token'],
      scope: 'openid profile phone offline_access',
    }),
  });

  before(() => hall.start());
  after(() => hall.stop());

  test('login and userinfo', async () => {
    const { told } = await hall.read(new Browser(), '/');
    assert.equal(told.name, person.name);
    assert.equal(told.phone_number, `+86${person.phone}`);
  });

  test('it refreshes', async () => {
    const browser = new Browser();
    await hall.read(browser, '/');
    const { told } = await hall.read(browser, '/refresh');
    assert.equal(told.renewed, true);
    assert.equal(told.name, person.name);
  });

  test('its logout ends the session here as well', async () => {
    const browser = new Browser();
    const first = await hall.read(browser, '/');
    const second = await hall.read(browser, '/logout'); // it comes home, where login begins again
    assert.deepEqual(second.asked, ['login-form']);
    assert.notEqual(second.told.sid, first.told.sid);
  });

  test('a logout here ends its session by the back channel', async () => {
    const browser = new Browser();
    await hall.read(browser, '/');
    await hall.logOutElsewhere(browser);
    await hall.until(async () => (await browser.request(`${hall.site}/`)).status === 302, 'it never heard of it');
  });
});
