// SPDX-License-Identifier: Apache-2.0
// Electronic cards, as citizens come by them: at the terminal, by the physical card and its PIN.
import { eventually } from './demo.mjs';
import { kioskPartner } from './world.mjs';

/** A partner whose terminals issue electronic cards. */
export const cardKiosk = (id) => ({ ...kioskPartner(id), scope: 'openid profile realname card' });

/** For startKiosk(). */
export const cardKioskScope = ['--scope', 'openid profile realname card'];

/** The holder of one of the terminal's demo cards puts it in, types the PIN, gets the electronic card and leaves. */
export async function issueAtKiosk(kiosk, card, pin = '123456') {
  const press = (path, fields = {}) => fetch(`${kiosk}${path}`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
  const screen = async () => (await fetch(`${kiosk}/`)).text();
  let shown = '';

  await press('/card');
  await press('/insert', { card: `${card}` });
  for (const key of [...pin, 'ok']) await press('/key', { key });
  await eventually(() => `an electronic card is issued:\n${shown}`, async () => { // once the register of cards was heard of
    await press('/issue');
    shown = await screen();
    return shown.includes('id="issued"');
  });
  await press('/leave');
}
