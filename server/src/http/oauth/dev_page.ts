/** The page that replaces an app's login page in development: the visitor chooses a user. */
import type { FastifyReply } from 'fastify';
import { escapeHtml, sendPage } from './page.js';

export function sendDevPage(reply: FastifyReply, nonce: string, user: string): FastifyReply {
  const body =
    '<p class="warning">DEVELOPMENT MODE: this server was started with --dev. ' +
    'Anyone can sign in as any user, without a password. Do not let others reach it.</p>' +
    '<form method="post" action="/oauth/dev_login">' +
    `<input type="hidden" name="nonce" value="${escapeHtml(nonce)}">` +
    `<label>Sign in as user <input name="user" required autofocus value="${escapeHtml(user)}"></label> ` +
    '<button>Sign in</button></form>';
  return sendPage(reply, { status: 200, title: 'Sign in as a user', body });
}
