// SPDX-License-Identifier: Apache-2.0
// Clients that others wrote, as they come: a small application around each, in a process and on a port of its own.
// Applications read ISSUER, CLIENT_ID, CLIENT_SECRET, SITE and PORT.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, people, startWorld, stopChild } from './world.mjs';
import { settle, visit } from './visit.mjs';

const patience_ms = 120_000; // on a machine with much else to do

export const secret = 'a-secret-that-only-tests-know-0123456789';
export const application = (name) => fileURLToPath(new URL(`../clients/apps/${name}`, import.meta.url));

/** What `./dev test --stacks` installed, by its path in build/stacks. */
export const installed = (path) => fileURLToPath(new URL(`../../build/stacks/${path}`, import.meta.url));

/** For `skip`: false when the file is there, else why the tests cannot run. */
export const isMissing = (path, what) => !existsSync(path) && `${what} could not be had: ./dev test --stacks tells why`;

const answers = (port) => new Promise((resolve) => {
  const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
  socket.on('connect', () => socket.destroy());
});

async function launch([file, ...args], port, env) {
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  child.on('error', (error) => (said += error));
  child.said = () => said;
  const deadline = Date.now() + patience_ms;
  while (!(await answers(port))) {
    if (!child.pid || child.exitCode !== null || Date.now() > deadline) {
      await stopChild(child, 'SIGKILL');
      throw new Error(`${file} does not listen:\n${said}`);
    }
    await pause(50);
  }
  return child;
}

/**
 * A world with one partner, which listens. `register(site)` gives the members of its registration beyond id, name and
 * secret; `command(port)` starts it (without one the test does); `env({ issuer, site, port })` adds to what every application is told.
 */
export class Stock {
  constructor({ command, register, env = () => ({}), id = 'stock' }) {
    Object.assign(this, { command, register, env, id });
  }

  async start(world = {}) {
    this.port = await freePort();
    this.site = `http://localhost:${this.port}`;
    const partner = { client_id: this.id, client_name: '接入应用', client_secret: secret, ...this.register(this.site) };
    if (partner.token_endpoint_auth_method === 'none') delete partner.client_secret;
    this.world = await startWorld({ partners: [partner, ...(world.partners ?? [])] });
    this.issuer = this.world.issuer;
    await settle(this.world);
    if (this.command) this.child = await launch(this.command(this.port), this.port, this.#environment());
  }

  #environment() {
    const { issuer, site, port } = this;
    return { ISSUER: issuer, CLIENT_ID: this.id, CLIENT_SECRET: secret, SITE: site, PORT: `${port}`,
      ...this.env({ issuer, site, port }) };
  }

  async stop() {
    await stopChild(this.child, 'SIGKILL');
    await this.world?.stop();
  }

  /** What went wrong, for a message. */
  story(page) {
    return `${page?.url}\n${page?.text}\n-- the client:\n${this.child?.said()}\n-- Tongxing:\n${this.world.serverLog().slice(-4000)}`;
  }

  /** Follow an address of the client's, through every form of ours, to a page of the client's. */
  async visit(browser, path, init = {}) {
    const page = await visit(browser, new URL(path, this.site).href, { stopAt: 'nowhere:', ...init });
    if (page.url.origin !== this.site || page.answer?.status >= 400) throw new Error(this.story(page));
    return page;
  }

  /** The same, to what the client shows as JSON. */
  async read(browser, path, init) {
    const page = await this.visit(browser, path, init);
    try {
      return { ...page, told: JSON.parse(page.text) };
    } catch {
      throw new Error(this.story(page));
    }
  }

  /** Wait until the client has heard something. */
  async until(holds, what) {
    const deadline = Date.now() + patience_ms / 4;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error(`${what}\n${this.story()}`);
      await pause(100);
    }
  }

  /** Log out at Tongxing itself, as at another partner. */
  async logOutElsewhere(browser) {
    const page = await visit(browser, `${this.issuer}/oidc/logout`, { stopAt: 'nowhere:' });
    if (!/id="signed-out"/.test(page.text)) throw new Error(this.story(page));
  }
}

export const [person] = people;
