// SPDX-License-Identifier: Apache-2.0
// QR-01: one card code, wanted by 64 scanners at two nodes over one PostgreSQL. Each has an assertion of its own, so the code decides.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertionType, cardHolder, cardPartners, clinicAssertion, newKey } from '../kit/scans.mjs';
import { callers, noRace, race, tell, twoNodes } from './race.mjs';

test('QR-01: of 64 who scan one code at two nodes one is told that it is good', { skip: noRace }, async (t) => {
  const clinic = await newKey();
  const world = await twoNodes(t, { cards: true, partners: cardPartners(clinic) });
  const { phone } = await cardHolder(world);
  const prepare = async (round) => {
    if (round % 50 === 49) await phone.renew();
    const assertions = await Promise.all(Array.from({ length: callers }, () => clinicAssertion(world, clinic)));
    return { assertions, code: await phone.show('show') };
  };
  const call = (post, { assertions, code }, caller) => post('/card/codes/verify', {
    body: new URLSearchParams({ code, client_assertion_type: assertionType, client_assertion: assertions[caller] }),
  });
  const result = await race(world, { prepare, call });
  tell(t, 'card code', result);
  assert.deepEqual(result.winners, { 1: result.rounds });
  assert.deepEqual(Object.keys(result.answers).sort(), ['card_code_not_good', 'won']);
});
