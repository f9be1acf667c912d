// SPDX-License-Identifier: Apache-2.0
// Auth.js (@auth/express) with a provider of its generic type "oidc".
import { ExpressAuth, getSession } from '@auth/express';
import express from 'express';

const { ISSUER, CLIENT_ID, CLIENT_SECRET, PORT } = process.env;

const config = {
  secret: 'seals the cookies of this test only',
  trustHost: true,
  providers: [{ id: 'tongxing', name: 'Tongxing', type: 'oidc', issuer: ISSUER, clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET, ...JSON.parse(process.env.MORE ?? '{}') }],
};

const app = express();
app.use('/auth', ExpressAuth(config));
app.get('/', async (request, response) => {
  response.json(await getSession(request, config));
});
app.listen(Number(PORT), '127.0.0.1');
