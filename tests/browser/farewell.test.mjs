// SPDX-License-Identifier: Apache-2.0
// The page behind a logout, where partners want to be opened in a frame (OpenID Connect Front-Channel Logout 1.0): with
// scripts and without, and with one that never answers.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { framed, openSite } from '../kit/frames.mjs';
import { startWorld } from '../kit/world.mjs';
import { settle } from '../kit/visit.mjs';

const secret = 'known to these partners and the server';
const registered = { client_secret: secret, require_pkce: false };

describe('a logout at which partners are opened in frames', { concurrency: true }, () => {
  let site;
  let world;

  before(async () => {
    site = await openSite();
    world = await startWorld({ partners: ['hall', 'hospital', 'hangs'].map((id) => site.partner(id, registered)) });
    await settle(world);
    site.hang('/hangs/out');
  });
  after(async () => {
    await site?.stop();
    await world?.stop();
  });

  /** What the partner's page was told in the frame, by whose session. */
  const told = (id, sid) => site.visits(`/${id}/out`).filter((visit) => visit.query.get('sid') === sid);

  for (const javaScriptEnabled of [true, false]) {
    test(`SE-11: one that hangs delays nobody, scripts ${javaScriptEnabled ? 'on' : 'off'}`, async () => {
      const hall = await framed(site, world, 'hall', secret, { javaScriptEnabled });
      const login = await hall.login();
      const sids = {};
      for (const id of ['hospital', 'hangs'])
        sids[id] = (await (await framed(site, world, id, secret, { tab: hall.tab })).login()).claims.sid;
      await hall.logOut(login, 'done'); // it comes back, though one frame never loads
      const [visit, ...more] = told('hospital', sids.hospital);
      assert.deepEqual(more, []);
      assert.equal(visit.query.get('iss'), world.issuer);
      assert.match(visit.cookie, /hall=open/); // of the same site
      assert.equal(told('hangs', sids.hangs).length, 1);
      await hall.close();
    });
  }

  test('where all are opened a script goes on at once, and the policy lets in no other site', async () => {
    const hall = await framed(site, world, 'hall', secret);
    const login = await hall.login();
    const answered = hall.tab.waitForResponse((response) => new URL(response.url()).pathname === '/logout');
    await hall.logOut(login, 'soon');
    assert.equal(told('hall', login.claims.sid).length, 1);
    const policy = (await answered).headers()['content-security-policy'];
    assert.match(policy, new RegExp(`frame-src 'self' ${site.url};`));
    assert.match(policy, /frame-ancestors 'none'/);
    await hall.close();
  });
});
