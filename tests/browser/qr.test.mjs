// SPDX-License-Identifier: Apache-2.0
// A browser is logged in by an app that scans its code: Chromium before the code, jsQR as the camera, oauth4webapi as the app.
// TONGXING_SHOTS names a folder for pictures.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as oauth from 'oauth4webapi';
import { callbackOf, partner, settle, visit } from '../kit/visit.mjs';
import { atPartner, has, logIn, lookName, looks, makePerson, openBrowser, press, request, startStage } from './kit.mjs';

const plain = { [oauth.allowInsecureRequests]: true }; // http on this machine
const client = { client_id: 'phone' };
const person = makePerson(0);
const jsQR = readFileSync(createRequire(import.meta.url).resolve('jsqr/dist/jsQR.js'), 'utf8');
const shots = process.env.TONGXING_SHOTS;
let stage;
let camera;
let phone;

before(async () => {
  stage = await startStage({ people: [person], partners: [partner('phone', { token_endpoint_auth_method: 'none',
    application_type: 'native', channel: 'app', dpop_bound_access_tokens: true, scope: 'openid qr_login' })] });
  if (shots) mkdirSync(shots, { recursive: true });
  camera = await stage.browser.newPage();
  await camera.addScriptTag({ content: jsQR });
  phone = await logInApp(await settle(stage.world, person));
});
after(() => stage?.stop());

/** The app: her session on the telephone, and a token bound to its key. */
async function logInApp(browser) {
  const issuer = new URL(stage.world.issuer);
  const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, plain));
  const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
  const verifier = oauth.generateRandomCodeVerifier();
  const url = new URL(server.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: 'phone', redirect_uri: callbackOf('phone'), response_type: 'code', scope: 'openid qr_login', state: 's',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  });
  const arrival = await visit(browser, url.href, { person });
  const answer = oauth.validateAuthResponse(server, client, arrival.url, 's');
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, await oauth.authorizationCodeGrantRequest(server,
    client, oauth.None(), answer, callbackOf('phone'), verifier, { ...plain, DPoP }));
  const post = async (path, body) => {
    const told = await oauth.protectedResourceRequest(tokens.access_token, 'POST', new URL(path, issuer),
      new Headers({ 'content-type': 'application/json' }), JSON.stringify(body), { ...plain, DPoP });
    return { status: told.status, ...(told.status === 200 ? await told.json() : {}) };
  };
  return { tokens, post };
}

/** What the camera reads from the screen. */
async function readCode(page) {
  const picture = (await page.screenshot()).toString('base64');
  return camera.evaluate(async (png) => {
    const image = new Image();
    image.src = `data:image/png;base64,${png}`;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const pixels = context.getImageData(0, 0, image.width, image.height);
    return jsQR(pixels.data, image.width, image.height)?.data ?? null;
  }, picture);
}

/** Where the login leads: she is asked once whether the partner may know her. */
async function arrive(page, wanted) {
  await Promise.race([atPartner(page, wanted), page.locator('#allow').waitFor()]);
  if (await has(page, 'allow')) await page.click('#allow');
  await atPartner(page, wanted);
}

async function shoot(page, look, name) {
  if (shots)
    await page.screenshot({ path: join(shots, `qr-${name}-${look.language}-${look.width}${look.scripts ? '' : '-plain'}.png`), fullPage: true });
}

async function atCode(look, wanted) {
  const page = await openBrowser(stage, look);
  await page.goto(wanted.url);
  await press(page, 'login-by-qr');
  await shoot(page, look, 'code');
  await page.locator('#qr').scrollIntoViewIfNeeded();
  const code = await readCode(page);
  assert.ok(code?.startsWith(`${stage.world.issuer}/q/`), `the camera reads ${code}`);
  return { page, code };
}

describe('with scripts and without', { concurrency: 3 }, () => {
  for (const look of [looks[0], looks[1], looks[6]]) {
    test(`the app scans and confirms, and the browser goes on (${lookName(look)})`, async () => {
      const wanted = request(stage, 'hall', { scope: 'openid' });
      const { page, code } = await atCode(look, wanted);
      const scanned = await phone.post('/qr/scan', { code });
      assert.equal(scanned.status, 200);
      assert.equal(scanned.partner.client_id, 'hall');
      assert.equal(scanned.browser, 'Chrome');
      assert.equal(scanned.same_network, true);
      await page.locator('#qr-state').waitFor(); // it learns by itself that somebody has scanned
      await shoot(page, look, 'scanned');
      assert.equal(await page.locator('#qr').count(), 0);
      assert.equal((await phone.post('/qr/confirm', { confirmation: scanned.confirmation })).status, 204);
      if (!look.scripts) {
        await page.locator('#login-submit').waitFor();
        await shoot(page, look, 'confirmed');
        await page.click('#login-submit');
      }
      await arrive(page, wanted);
      const tokens = await wanted.redeem();
      assert.equal(tokens.status, 200);
      assert.equal(tokens.scope, 'openid');
      assert.equal((await phone.post('/qr/confirm', { confirmation: scanned.confirmation })).status, 409);
      await page.context().close();
    });
  }
});

test('XD-18: cancelled on the telephone, the page says so and shows a new code when asked', async () => {
  const { page, code } = await atCode(looks[0], request(stage));
  const scanned = await phone.post('/qr/scan', { code });
  assert.equal((await phone.post('/qr/cancel', { confirmation: scanned.confirmation })).status, 204);
  await page.locator('#qr-fresh').waitFor();
  await shoot(page, looks[0], 'cancelled');
  assert.equal((await phone.post('/qr/confirm', { confirmation: scanned.confirmation })).status, 410);
  await press(page, 'qr-fresh');
  assert.notEqual(await readCode(page), code);
  await page.context().close();
});

test('without the app: the link of the code opens on the telephone, she logs in there and confirms', async () => {
  const wanted = request(stage, 'hall', { scope: 'openid' });
  const { page, code } = await atCode(looks[2], wanted);
  const hers = await openBrowser(stage, looks[1]); // of the telephone, without script
  await hers.goto(code);
  await shoot(hers, looks[1], 'link');
  await press(hers, 'login-link');
  await logIn(hers, person);
  await shoot(hers, looks[1], 'question');
  assert.match(await hers.textContent('#qr-partner'), /网上办事大厅/);
  await press(hers, 'allow');
  assert.ok(await has(hers, 'qr-done'));
  await shoot(hers, looks[1], 'done');
  await arrive(page, wanted);
  await hers.context().close();
  await page.context().close();
});
