/** The few pages that people may see on their way through a login. They run no script and load nothing. */
import type { FastifyReply } from 'fastify';

export interface Page {
  readonly status: number;
  readonly title: string;
  /** HTML. Whatever came from outside has to be escaped in it. */
  readonly body: string;
}

/** No form-action: browsers apply it also to where the answer to a form redirects, and that is the client's. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

const style =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}' +
  '.warning{background:#b00020;color:#fff;padding:1rem;font-weight:bold}' +
  'input,button{font:inherit;padding:.4rem .6rem}';

export function sendPage(reply: FastifyReply, { status, title, body }: Page): FastifyReply {
  return reply
    .code(status)
    .header('content-security-policy', policy)
    .type('text/html; charset=utf-8')
    .send(
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>` +
        `<style>${style}</style></head><body><h1>${escapeHtml(title)}</h1>${body}</body></html>`,
    );
}

export function sendProblem(reply: FastifyReply, message: string): FastifyReply {
  const body = `<p>${escapeHtml(message)}</p><p>Go back to the program you came from and try again.</p>`;
  return sendPage(reply, { status: 400, title: 'This login cannot go on', body });
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
