/** Errors of OAuth: JSON for programs at the token endpoint (RFC 6749, section 5.2), and a page for browsers. */
import { OAuthError } from '../../service/oauth/oauth_error.js';
import type { ErrorFormat } from '../foundation/error_handler.js';
import { type Page, pageHeaders, problemPage, renderPage } from './page.js';

export const tokenFormat: ErrorFormat = ({ error, thrown }) => {
  if (thrown instanceof OAuthError) {
    const body = { error: thrown.code, error_description: thrown.message };
    if (thrown.code !== 'invalid_client') return { status: 400, body };
    return { status: 401, headers: { 'www-authenticate': 'Basic realm="oauth"' }, body };
  }
  const { status, headers, message } = error;
  const body = { error: tokenErrorCode(status), error_description: tokenErrorText(status, message) };
  return { status, headers, body };
};

function tokenErrorCode(status: number): string {
  if (status === 503) return 'temporarily_unavailable';
  return status < 500 ? 'invalid_request' : 'server_error';
}

/** The general messages ask for JSON and name a log, which is wrong here. */
function tokenErrorText(status: number, message: string): string {
  if (status === 400) return 'The body must be a form: application/x-www-form-urlencoded.';
  return status === 500 ? 'An internal error occurred.' : message;
}

export const pageFormat: ErrorFormat = ({ error }) => {
  const page = error.status < 500 ? problemPage(error.message) : failurePage(error.status);
  return { status: page.status, headers: pageHeaders, body: renderPage(page) };
};

function failurePage(status: number): Page {
  const body = '<p>An internal error occurred. Try again in a moment.</p>';
  return { status, title: 'Something went wrong', body };
}
