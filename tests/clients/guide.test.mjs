// SPDX-License-Identifier: Apache-2.0
// The partner guide's own lines: its curl calls in one shell, as they stand, and its receiver of logouts.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { confirm, devicePartner } from '../kit/device.mjs';
import { receiveLogouts } from '../kit/backchannel.mjs';
import { RelyingParty } from '../kit/relying_party.mjs';
import { Browser, startWorld } from '../kit/world.mjs';
import { callbackOf, goodbyeOf, partner, settle, visit } from '../kit/visit.mjs';

const secret = 'put-32-random-letters-and-digits-or-more-here';
const tests = new URL('..', import.meta.url).pathname;

let world, guide, logouts, folder, person;

before(async () => {
  guide = await readFile(join(tests, '../docs/partner-guide.md'), 'utf8');
  logouts = await receiveLogouts();
  world = await startWorld({
    partners: [partner('hall', {
      client_secret: secret, id_token_signed_response_alg: 'ES256', scope: 'openid profile offline_access',
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'], audience: 'https://api.hall.example',
      backchannel_logout_uri: logouts.uri, require_pkce: false,
    }), devicePartner('television')],
  });
  person = await settle(world);
  folder = await mkdtemp(join(tests, 'guide-')); // inside, so that it finds the packages
});
after(async () => {
  await rm(folder, { recursive: true, force: true });
  logouts.stop();
  await world?.stop();
});

/** The blocks of one language in a chapter, with this world's addresses in them. */
function blocks(chapter, language) {
  const text = guide.split(/^## /m).find((part) => part.startsWith(`${chapter}\n`));
  assert.ok(text, `the guide has no chapter "${chapter}"`);
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, code]) =>
    code.replaceAll('https://login.example.gov.cn', world.issuer).replaceAll('https://hall.example/callback', callbackOf('hall')));
}

/** A shell that keeps its variables: say() runs lines and gives what they print. */
function shell() {
  const child = spawn('bash', ['-eu'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8');
  return {
    async say(lines) {
      let said = '';
      child.stdin.write(`${lines}\necho; echo END-OF-BLOCK\n`);
      while (!said.includes('\nEND-OF-BLOCK\n')) {
        const [piece] = await Promise.race([once(child.stdout, 'data'), once(child, 'close').then(() => { throw new Error(`the shell ended: ${lines}`); })]);
        said += piece;
      }
      return said.slice(0, said.indexOf('\nEND-OF-BLOCK\n')).trim();
    },
    end: () => child.stdin.end(),
  };
}

const json = (text) => text.split(/(?<=\})\s*(?=\{)/).map((one) => JSON.parse(one));

test('each call by curl gives what the guide says', async () => {
  const [names, documents, away, redeem, look, renew, end] = blocks('Every call by curl', 'sh');
  const { say, end: leave } = shell();
  assert.equal(await say(names), '');
  const [metadata, keys] = json(await say(documents));
  assert.equal(metadata.issuer, world.issuer);
  assert.ok(keys.keys.length > 0);

  const page = await visit(new Browser(), await say(away));
  const code = page.url.searchParams.get('code');
  assert.ok(code, page.url.href);
  const [tokens] = json(await say(`CODE=${code}\n${redeem}`));
  assert.deepEqual([tokens.token_type, tokens.scope], ['Bearer', 'openid profile offline_access']);
  const [person, good] = json(await say(look));
  assert.equal(typeof person.name, 'string');
  assert.equal(good.active, true);
  const [refreshed, ...own] = (await say(renew)).split('\n');
  assert.match(refreshed, /^rt_/);
  assert.notEqual(refreshed, tokens.refresh_token);
  assert.equal(json(own.join('\n'))[0].token_type, 'Bearer');
  assert.deepEqual((await say(end)).split('\n'), ['200', '200', '{"active":false}']);
  leave();
});

test('the receiver of logouts ends the session that is told of, once, and nothing else', async () => {
  const [code] = blocks('Hear of logouts', 'js');
  const path = join(folder, 'receiver.mjs');
  await writeFile(path, code);
  const { receiver, sessions } = await import(pathToFileURL(path));
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const post = async (body) => (await fetch(`http://127.0.0.1:${receiver.address().port}/`, { method: 'POST', body })).status;

  const rp = await new RelyingParty(world, { id: 'hall', secret, alg: 'ES256' }).discover();
  const { claims, tokens, browser } = await rp.login();
  sessions.set('a', { sub: claims.sub, sid: claims.sid });
  sessions.set('b', { sub: claims.sub, sid: 'another' });
  await visit(browser, `${rp.metadata.end_session_endpoint}?${new URLSearchParams(
    { id_token_hint: tokens.id_token, post_logout_redirect_uri: goodbyeOf('hall') })}`);
  let token;
  do token = (await logouts.next()).form.get('logout_token');
  while (JSON.parse(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'))).sid !== claims.sid);

  assert.equal(await post(new URLSearchParams({ logout_token: tokens.id_token })), 400);
  assert.equal(await post(new URLSearchParams({ logout_token: `${token.slice(0, -10)}AAAAAAAAAA` })), 400);
  assert.equal(await post(''), 400);
  assert.equal(sessions.size, 2);
  assert.equal(await post(new URLSearchParams({ logout_token: token })), 200);
  assert.deepEqual([...sessions.keys()], ['b']);
  sessions.set('a', { sub: claims.sub, sid: claims.sid });
  assert.equal(await post(new URLSearchParams({ logout_token: token })), 400);
  assert.equal(sessions.size, 2);
  receiver.close();
});

test('a device logs in as the guide does it', async () => {
  const [program] = blocks('Log in on a device', 'js');
  const file = join(folder, 'device.mjs');
  await writeFile(file, program.replace('oidc.None());', 'oidc.None(), { execute: [oidc.allowInsecureRequests] });'));
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  while (!said.includes('user_code=')) await once(child.stdout, 'data');
  await confirm(person, { verification_uri_complete: said.trim().split('\n').at(-1) });
  const [code] = await once(child, 'close');
  assert.equal(code, 0);
  assert.match(said.trim().split('\n').at(-1), /^[\w-]{20,}$/);
});
