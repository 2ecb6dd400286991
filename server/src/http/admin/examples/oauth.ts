/** Examples of the operations on OAuth clients and login pages. */
import type { Example } from '../../foundation/endpoint.js';

export const examples = {
  create_oauth_client: {
    body: {
      name: 'Chat on the web',
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: ['https://chat.example.com/signed-in'],
      confidential: false,
    },
    response: {
      id: '3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10.Yj8uWp1KlM3oQr6s',
      name: 'Chat on the web',
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: ['https://chat.example.com/signed-in'],
      user_id: null,
      confidential: false,
      created_at: '2030-01-01T12:00:00.000Z',
      secret: null,
    },
  },
  list_oauth_clients: {
    response: [
      {
        id: '3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10.Zk9vXq2LmN4pRs7t',
        name: 'Agent desktop',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        user_id: 'alice',
        confidential: true,
        created_at: '2030-01-01T12:00:00.000Z',
      },
    ],
  },
  get_oauth_client: {
    response: {
      id: '3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10.Zk9vXq2LmN4pRs7t',
      name: 'Agent desktop',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      user_id: 'alice',
      confidential: true,
      created_at: '2030-01-01T12:00:00.000Z',
    },
  },
  change_oauth_client: {
    body: { name: 'Agent desktop 2' },
    response: {
      id: '3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10.Zk9vXq2LmN4pRs7t',
      name: 'Agent desktop 2',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      user_id: 'alice',
      confidential: true,
      created_at: '2030-01-01T12:00:00.000Z',
    },
  },
  set_login: {
    body: {
      url: 'https://chat.example.com/login',
      keys: [
        {
          kty: 'EC',
          crv: 'P-256',
          alg: 'ES256',
          kid: 'login-1',
          x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
          y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
        },
      ],
    },
    response: {
      url: 'https://chat.example.com/login',
      keys: [
        {
          kty: 'EC',
          kid: 'login-1',
          alg: 'ES256',
          crv: 'P-256',
          x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
          y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
        },
      ],
      audience: 'badged:3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10',
    },
  },
  get_login: {
    response: {
      url: 'https://chat.example.com/login',
      keys: [
        {
          kty: 'EC',
          kid: 'login-1',
          alg: 'ES256',
          crv: 'P-256',
          x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
          y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
        },
      ],
      audience: 'badged:3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10',
    },
  },
} satisfies Readonly<Record<string, Example>>;
