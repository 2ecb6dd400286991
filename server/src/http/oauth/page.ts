/** The pages that a user may see during a login. They run no scripts and load nothing. */
import type { FastifyReply } from 'fastify';

export interface Page {
  readonly status: number;
  readonly title: string;
  /** HTML. Values from outside must be escaped. */
  readonly body: string;
}

/** Without form-action: browsers apply it to redirects after a form too, and these go to the client. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

const style =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}' +
  '.warning{background:#b00020;color:#fff;padding:1rem;font-weight:bold}' +
  'input,button{font:inherit;padding:.4rem .6rem}';

export const pageHeaders = { 'content-security-policy': policy, 'content-type': 'text/html; charset=utf-8' };

export function sendPage(reply: FastifyReply, page: Page): FastifyReply {
  return reply.code(page.status).headers(pageHeaders).send(renderPage(page));
}

export function renderPage({ title, body }: Page): string {
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>` +
    `<style>${style}</style></head><body><h1>${escapeHtml(title)}</h1>${body}</body></html>`
  );
}

export function problemPage(message: string): Page {
  const body = `<p>${escapeHtml(message)}</p><p>Return to the app that you came from, and try again.</p>`;
  return { status: 400, title: 'This login cannot continue', body };
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
