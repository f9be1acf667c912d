// SPDX-License-Identifier: Apache-2.0
// A whole world for tests from outside: simulators and the real server in a temporary folder, on free ports of this
// machine. `const world = await startWorld()`, and `await world.stop()` at the end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile, mkdir, open } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freshStore } from './store.mjs';

const build = process.env.TONGXING_BUILD ?? new URL('../../build/asan', import.meta.url).pathname;
const program = join(build, 'tongxing');

/* Below the ports that the system gives to whoever asks for any, among them the calling side of every connection: one
 * of those may be gone again before a program listens there. Processes that run side by side begin a hundred apart. */
const ports = { first: 10_000, count: 22_000, next: (process.pid * 100) % 22_000 };

const isFree = (port) => new Promise((resolve) => {
  const server = createServer();
  server.once('error', () => resolve(false));
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
});

/** A port nobody listens on, and none that this process was given before. */
export async function freePort() {
  for (let tries = 0; tries < ports.count; tries++) {
    const port = ports.first + ports.next;
    ports.next = (ports.next + 1) % ports.count;
    if (await isFree(port)) return port;
  }
  throw new Error('no port is free');
}

/** Start a program and wait until its output holds `ready`; `options` are those of spawn(). */
async function start(file, args, ready, logPath, options = {}) {
  const log = await open(logPath, 'w');
  const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const hear = (chunk) => {
    text += chunk;
    log.write(chunk).catch(() => {});
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  child.on('close', () => log.close());
  const deadline = Date.now() + 120_000; // on a machine with much else to do
  while (!text.includes(ready)) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${file} did not start:\n${text}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.said = () => text;
  return child;
}

async function run(args) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  child.stderr.on('data', (chunk) => (text += chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`tongxing ${args.join(' ')} failed:\n${text}`);
  return text;
}

async function stopChild(child, signal = 'SIGTERM') {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'close');
}

const configText = (w) => `
[server]
issuer = ${w.issuer}
listen = 127.0.0.1:${w.port}
admin_listen = 127.0.0.1:${w.adminPort}
${w.serverConfig}[store]
url = ${w.storeUrl}
[keys]
encryption_key_file = ${join(w.dir, 'kek')}
[bank]
url = http://127.0.0.1:${w.bankPort}/gateway/api/
merchant_id = 777290058110097
certificate_file = ${join(w.dir, 'bank/merchant.pem')}
key_file = ${join(w.dir, 'bank/merchant.key')}
root_file = ${join(w.dir, 'bank/root.pem')}
middle_file = ${join(w.dir, 'bank/middle.pem')}
deadline_s = 3
[sms]
url = http://127.0.0.1:${w.smsPort}/
access_key_id = sim-key-id
access_key_secret = sim-key-secret
sign_name = Tongxing
template_code = SMS_1
template_code_notice = SMS_2
template_code_link = SMS_LINK
template_code_reply = SMS_REPLY
callback_secret = sim-callback-secret
[outbound]
allow_loopback = yes
${w.staffConfig}${w.cardConfig}${w.extraConfig}`;

const peopleLine = (p) => `${p.name}\t${p.identity_number}\t${p.bank_card}\t${p.bank_phone ?? p.phone}\n`;

/**
 * options.people: those the bank knows, default: the ready-made ones of its simulator.
 * options.partners: elements of the partners file. options.storeUrl: default a SQLite file; with
 * TONGXING_TEST_STORE=postgres a schema of the server named by TONGXING_TEST_POSTGRES. options.extraConfig: more lines.
 * options.tls: the server speaks TLS with a certificate of its own making (world.certificate is its PEM file).
 * options.staff: there is a staff listener at world.staffUrl, with these lines more; with options.tls it speaks TLS too.
 * options.cards: there is a card office. options.path: of the issuer, such as '/auth'. options.launcher: a command that runs the server, such as ['taskset', '-c', '0'].
 */
export async function startWorld(options = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'tongxing-'));
  const w = { dir, extraConfig: options.extraConfig ?? '', configPath: join(dir, 'tongxing.conf') };
  const store = options.storeUrl ? { url: options.storeUrl, drop: async () => {} } : await freshStore(dir);
  w.storeUrl = store.url;
  w.command = (...words) => run(['--config', w.configPath, ...words]);
  w.startServer = async () => {
    const [file, ...args] = [...(options.launcher ?? []), program, 'serve', '--config', w.configPath];
    w.server = await start(file, args, 'server.ready', join(dir, 'server.log'));
  };
  w.stopServer = (signal) => stopChild(w.server, signal);
  w.serverLog = () => w.server.said();
  w.stop = async () => {
    for (const child of [...(w.kiosks ?? []), w.server, w.bank, w.sms, w.cards]) await stopChild(child);
    await store.drop();
    await rm(dir, { recursive: true, force: true });
    if (w.server?.exitCode) // what a sanitizer found, for one
      throw new Error(`the server ended with ${w.server.exitCode}:\n${w.server.said()}`);
  };
  try {
    await furnish(w, options);
    await w.startServer();
  } catch (error) {
    await w.stop(); // else the simulators would keep the test running
    throw error;
  }
  return w;
}

/** A self-signed certificate for localhost, and the lines of the configuration that name it. */
async function certify(w) {
  const key = join(w.dir, 'tls.key');
  w.certificate = join(w.dir, 'tls.pem');
  const child = spawn('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
    '-keyout', key, '-out', w.certificate, '-days', '2', '-subj', '/CN=localhost',
    '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'], { stdio: 'ignore' });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error('no certificate');
  return `tls_certificate_file = ${w.certificate}\ntls_key_file = ${key}\n`;
}

/** The staff listener's lines of the configuration. */
async function staffLines(w, options) {
  w.staffPort = await freePort();
  w.staffUrl = `${options.tls ? 'https' : 'http'}://localhost:${w.staffPort}`;
  return `[staff]\nlisten = 127.0.0.1:${w.staffPort}\nurl = ${w.staffUrl}\n${w.serverConfig}${options.staff}`;
}

/** A card office, and the lines of the configuration that name it. */
async function startCards(w) {
  w.cardPort = await freePort();
  w.cards = await start(join(build, 'tests/card_bureau_sim'), ['--port', `${w.cardPort}`], 'card_bureau_sim ready',
    join(w.dir, 'cards.log'));
  return `[card_bureau]\nurl = http://127.0.0.1:${w.cardPort}/\napp_id = tongxing\n`
    + 'secret = card-secret-0123456789-0123456789\ndeadline_s = 3\n';
}

/** What the card office's simulator is told (tests/sims/card_bureau_sim.c), such as { card_no, state } or { feed: 'stale' }; what it
 * says of itself. */
export async function cardOffice(world, form) {
  const init = form ? { method: 'POST', body: new URLSearchParams(form) } : {};
  return (await fetch(`http://127.0.0.1:${world.cardPort}/_control`, init)).json();
}

/** The registration of a partner whose terminals read cards and show codes. */
export const kioskPartner = (id) => ({
  client_id: id, client_name: '自助服务终端', 'client_name#en': 'Self-service terminal', channel: 'terminal',
  token_endpoint_auth_method: 'private_key_jwt', id_token_signed_response_alg: 'ES256', consent: 'implied',
  scope: 'openid profile realname',
  grant_types: ['urn:hrss:params:oauth:grant-type:card-pin', 'urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
});

/** The demo's terminal, of a partner that stands: the address of its screen. */
export async function startKiosk(world, id, ...args) {
  const said = await world.command('terminal', 'add', '--partner', id, '--place', '一楼大厅 3 号机', '--agency', '市人社局');
  const port = await freePort();
  world.kiosks ??= [];
  world.kiosks.push(await start(join(build, 'tests/kiosk_sim'), ['--port', `${port}`, '--issuer', world.issuer, '--client-id', id,
    '--code', /told this once\): ([\d-]+)/.exec(said)[1], ...args], 'kiosk_sim ready', join(world.dir, `kiosk.${port}.log`)));
  return `http://localhost:${port}`;
}

/** Everything that must stand before the server can start. */
async function furnish(w, options) {
  [w.port, w.adminPort, w.bankPort, w.smsPort] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  w.issuer = `${options.tls ? 'https' : 'http'}://localhost:${w.port}${options.path ?? ''}`;
  w.serverConfig = options.tls ? await certify(w) : '';
  w.staffConfig = options.staff !== undefined ? await staffLines(w, options) : '';
  await mkdir(join(w.dir, 'bank'));
  if (options.people) await writeFile(join(w.dir, 'bank/people.tsv'), options.people.map(peopleLine).join(''));
  w.bank = await start(join(build, 'tests/bank_sim'), ['--port', `${w.bankPort}`, '--dir', join(w.dir, 'bank')],
    'bank_sim ready', join(w.dir, 'bank.log'));
  w.sms = await start(join(build, 'tests/sms_sim'), ['--port', `${w.smsPort}`, '--issuer', w.issuer, '--callback', `${w.issuer}/sms/uplink`],
    'sms_sim ready', join(w.dir, 'sms.log'));
  w.cardConfig = options.cards ? await startCards(w) : '';
  await writeFile(w.configPath, configText(w), { mode: 0o600 });
  await writeFile(join(w.dir, 'partners.json'), JSON.stringify({ partners: options.partners ?? [] }));
  await w.command('migrate');
  await w.command('key', 'init');
  await w.command('partner', 'apply', join(w.dir, 'partners.json'));
}

/** The newest code sent to a phone number (11 digits). */
export async function lastCode(world, phone) {
  const answer = await fetch(`http://127.0.0.1:${world.smsPort}/messages.json?phone=${phone}`);
  const messages = await answer.json();
  const list = messages.messages ?? messages;
  return list.find((message) => message.code !== '').code;
}

/** The newest message to a phone number (11 digits) that has that member ("link", "number"); it may be on its way still. */
export async function lastMessage(world, phone, member) {
  for (let tries = 0; tries < 500; tries++) {
    const list = await (await fetch(`http://127.0.0.1:${world.smsPort}/messages.json?phone=${phone}`)).json();
    const found = list.find((message) => message[member]);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`no message with ${member} for ${phone}`);
}

/** Whether a cookie with these attributes is to be forgotten. */
const isOver = (attributes) => attributes.some((one) => {
  const [name, value] = one.split('=');
  return /^max-age$/i.test(name) ? Number(value) <= 0 : /^expires$/i.test(name) && Date.parse(value) <= Date.now();
});

/** A browser without scripts: cookies (one jar a host name, whatever the port), redirects on demand, forms by their id. */
export class Browser {
  cookies = new Map();

  async request(url, init = {}) {
    const { hostname } = new URL(url);
    const jar = this.cookies.get(hostname) ?? new Map();
    const headers = { ...init.headers, cookie: [...jar].map(([k, v]) => `${k}=${v}`).join('; ') };
    const answer = await this.send(url, { ...init, headers });
    for (const line of answer.headers.getSetCookie()) {
      const [pair, ...attributes] = line.split(/; */);
      const at = pair.indexOf('=');
      if (isOver(attributes)) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    this.cookies.set(hostname, jar);
    return answer;
  }

  send(url, init) {
    return fetch(url, { ...init, redirect: 'manual' });
  }

  /** Follow redirects until a page, or until an address that starts with `stopAt` (returned, not fetched). */
  async go(url, { stopAt, ...init } = {}) {
    for (let hops = 0; hops < 12; hops++) {
      if (stopAt && url.startsWith(stopAt)) return { url: new URL(url) };
      const answer = await this.request(url, init);
      const location = answer.headers.get('location');
      if (!location) return { url: new URL(url), answer, text: await answer.text() };
      url = new URL(location, url).href;
      init = {};
    }
    throw new Error(`too many redirects at ${url}`);
  }

  /** Fill and send the form of a page that go() gave. */
  submit(page, formId, fields, options = {}) {
    const form = formOf(page, formId);
    if (!form) throw new Error(`no form ${formId} at ${page.url}:\n${page.text}`);
    for (const [name, value] of Object.entries(fields)) form.hidden.set(name, value);
    return this.go(form.action, { method: 'POST', body: form.hidden, ...options });
  }
}

/** The address and the hidden fields of a form on a page; undefined when it has no such form. */
export function formOf(page, formId) {
  const form = new RegExp(`<form[^>]*id="${formId}"[^>]*action="([^"]*)"[^>]*>([\\s\\S]*?)</form>`).exec(page.text);
  if (!form) return undefined;
  const hidden = new URLSearchParams();
  for (const [, name, value] of form[2].matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g))
    hidden.set(name, unescape(value));
  return { action: new URL(unescape(form[1]), page.url).href, hidden };
}

const unescape = (text) =>
  text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, '&');

/** Ready-made people of the bank simulator (tests/sims): all checks match. */
export const people = [
  { name: '张三', identity_number: '11010519491231002X', bank_card: '6216261000000000018', phone: '13800138000' },
  { name: '李秀英', identity_number: '440106196204150020', bank_card: '6216260000100180018', phone: '13800138001' },
  { name: '王小明', identity_number: '440305199008200033', bank_card: '6216260000100260018', phone: '13800138002' },
];

export const password = 'correct horse 通行 42';

/** From the phone page of a registration to whatever comes after the password. */
export async function register(world, browser, page, person, options = {}) {
  page = await browser.submit(page, 'register-phone-form', { phone: person.phone });
  page = await browser.submit(page, 'register-code-form', { code: await lastCode(world, person.phone) });
  page = await browser.submit(page, 'register-notice-form', { agree_registration: 'yes', agree_bank: 'yes' });
  page = await browser.submit(page, 'register-identity-form', {
    name: person.name, identity_number: person.identity_number, bank_card: person.bank_card, bank_phone: person.phone,
  });
  return browser.submit(page, 'register-password-form', { password, password_again: password }, options);
}

// For programs that only one test starts.
export { build, start as startProgram, stopChild };
