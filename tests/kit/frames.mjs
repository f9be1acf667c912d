// SPDX-License-Identifier: Apache-2.0
// Partners in a browser: a site of pages that write down who opened them, and a Chromium that goes to them.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';
import { flags } from '../browser/kit.mjs';
import { password, people } from './world.mjs';

/** Its pages say nothing; `/ID/out` is opened in a frame. `hang(path)`: no answer there any more. */
export async function openSite() {
  const seen = [];
  const hanging = new Set();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost');
    seen.push({ path: pathname, query: searchParams, cookie: request.headers.cookie });
    if (hanging.has(pathname)) return;
    if (!pathname.endsWith('/out')) response.setHeader('set-cookie', 'hall=open; Path=/; HttpOnly; SameSite=Lax');
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end('<!DOCTYPE html><html lang="en"><title>Partner</title><h1 id="partner">Partner</h1></html>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://localhost:${server.address().port}`;
  let browser;
  return {
    url,
    hang: (path) => hanging.add(path),
    visits: (path) => seen.filter((one) => one.path === path),
    partner: (id, more = {}) => JSON.parse(JSON.stringify({
      client_id: id,
      client_name: `接入应用 ${id}`,
      redirect_uris: [`${url}/${id}/callback`],
      post_logout_redirect_uris: [`${url}/${id}/goodbye`],
      frontchannel_logout_uri: `${url}/${id}/out`,
      scope: 'openid profile',
      ...more,
    })),
    async open(options) {
      browser ??= chromium.launch({ executablePath: '/usr/bin/chromium', args: flags }); // one, whoever asks first
      const context = await (await browser).newContext(options);
      context.setDefaultTimeout(20_000);
      return context.newPage();
    },
    async stop() {
      await (await browser)?.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A registered partner in a browser of its own. `options`: of the browser's context. */
export async function framed(site, world, id, secret, options = {}) {
  const tab = options.tab ?? await site.open(options);
  const callback = `${site.url}/${id}/callback`;
  const goodbye = `${site.url}/${id}/goodbye`;
  const metadata = await (await fetch(`${world.issuer}/.well-known/openid-configuration`)).json();
  const address = (more) => `${metadata.authorization_endpoint}?${new URLSearchParams({
    client_id: id, redirect_uri: callback, response_type: 'code', scope: 'openid', nonce: 'n', ...more })}`;

  async function redeem(code) {
    const answer = await fetch(metadata.token_endpoint, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${id}:${encodeURIComponent(secret)}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: callback }),
    });
    return answer.json();
  }

  async function enter() {
    const at = (selector) => tab.locator(selector).count();
    for (let turn = 0; !tab.url().startsWith(callback) && turn < 4; turn++) {
      if (await at('#login-submit')) {
        await tab.fill('#phone', people[0].phone);
        await tab.fill('#password', password);
        await Promise.all([tab.waitForEvent('load'), tab.click('#login-submit')]);
      } else {
        await Promise.all([tab.waitForEvent('load'), tab.click('#allow')]);
      }
    }
  }

  return {
    tab,
    goodbye,
    /** { tokens, claims, sessionState } */
    async login() {
      await tab.goto(address({}));
      await enter();
      const answer = new URL(tab.url()).searchParams;
      const tokens = await redeem(answer.get('code'));
      const claims = JSON.parse(Buffer.from(tokens.id_token.split('.')[1], 'base64url'));
      return { tokens, claims, sessionState: answer.get('session_state') };
    },
    async logOut({ tokens }, state) {
      await tab.goto(`${metadata.end_session_endpoint}?${new URLSearchParams({
        id_token_hint: tokens.id_token, post_logout_redirect_uri: goodbye, state })}`);
      await tab.waitForURL(`${goodbye}?state=${state}`);
    },
    async silentError() {
      await tab.goto(address({ prompt: 'none' }));
      return new URL(tab.url()).searchParams.get('error');
    },
    /** What the provider's frame answers on a page of the partner's. */
    async ask(frame, sessionState) {
      await tab.goto(`${site.url}/${id}/callback`);
      return tab.evaluate(([url, message]) => new Promise((resolve) => {
        const iframe = document.createElement('iframe');
        window.addEventListener('message', ({ data, origin }) => origin === new URL(url).origin && resolve(data));
        iframe.src = url;
        iframe.onload = () => iframe.contentWindow.postMessage(message, new URL(url).origin);
        document.body.append(iframe);
      }), [frame, `${id} ${sessionState}`]);
    },
    close: () => tab.context().close(),
  };
}
