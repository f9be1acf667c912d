// SPDX-License-Identifier: Apache-2.0
// What a citizen does in front of the pages, and the partners that send her there.
import { Browser, formOf, password, people, register } from './world.mjs';

/** Partners live here; nobody listens, so tests stop a browser that is sent to it. An address belongs to one partner. */
export const site = 'http://localhost:9/';
export const callbackOf = (id) => `${site}${id}/callback`;
export const goodbyeOf = (id) => `${site}${id}/goodbye`;

/** A registration with everything that most tests want; `more` adds or replaces members. */
export const partner = (id, more = {}) => ({
  client_id: id,
  client_name: `接入应用 ${id}`,
  redirect_uris: [callbackOf(id)],
  post_logout_redirect_uris: [goodbyeOf(id)],
  grant_types: ['authorization_code', 'refresh_token'],
  scope: 'openid profile phone realname offline_access',
  ...more,
});

/** Register one of the simulator's people; the browser that did it comes back, logged in. */
export async function settle(world, person = people[0]) {
  const browser = new Browser();
  const page = await browser.go(`${world.issuer}/register`);
  await register(world, browser, page, person);
  return browser;
}

/** What a person answers on each page that asks her something on the way back to a partner. */
const answers = {
  'login-form': (person) => ({ phone: person.phone, password }),
  'consent-form': () => ({ decision: 'allow' }),
  'logout-form': () => ({ decision: 'yes' }),
};

/**
 * Follow an address and do what the pages ask (log in, agree, confirm) until the browser is sent to an address that starts
 * with `stopAt`, or would be by a form_post page, whose fields are then `hidden`. Other pages are returned as they are.
 * `asked`: the forms on the way.
 */
export async function visit(browser, url, { person = people[0], stopAt = site, ...init } = {}) {
  const asked = [];
  let page = await browser.go(url, { stopAt, ...init });
  for (;;) {
    const form = page.answer && Object.keys(answers).find((id) => formOf(page, id));
    if (!form) return { ...page, asked, ...(page.answer && formOf(page, 'form-post')) };
    if (asked.includes(form)) throw new Error(`${form} was asked again at ${page.url}:\n${page.text}`);
    asked.push(form);
    page = await browser.submit(page, form, answers[form](person), { stopAt });
  }
}
