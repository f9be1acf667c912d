// SPDX-License-Identifier: Apache-2.0
// express-openid-connect with what its own guide asks for: code flow, logout at the provider, back-channel logout.
import express from 'express';
import { auth } from 'express-openid-connect';

const { ISSUER, CLIENT_ID, CLIENT_SECRET, SITE, PORT } = process.env;

/** Its documentation leaves the store to the application; this is the shortest one with the three calls it makes. */
const entries = new Map();
const store = {
  get: (id, done) => done(null, entries.get(id)),
  set: (id, entry, done) => done(null, entries.set(id, entry)),
  destroy: (id, done) => done(null, entries.delete(id)),
};

const app = express();
app.use(auth({
  issuerBaseURL: ISSUER,
  baseURL: SITE,
  clientID: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  secret: 'seals the cookies of this test only',
  authorizationParams: { response_type: 'code', scope: 'openid profile phone offline_access' },
  idpLogout: true,
  backchannelLogout: { store },
}));
app.get('/', async (request, response) => {
  response.json({ ...(await request.oidc.fetchUserInfo()), sid: request.oidc.idTokenClaims.sid });
});
app.get('/refresh', async (request, response) => {
  const before = request.oidc.accessToken.access_token;
  const { access_token: after } = await request.oidc.accessToken.refresh();
  response.json({ renewed: after !== before, ...(await request.oidc.fetchUserInfo()) });
});
app.listen(Number(PORT), '127.0.0.1');
