/** Proof Key for Code Exchange (RFC 7636): a secret made for one login, and its hash, which is sent first. */
const UNRESERVED = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~';
const SHORTEST = 43;
const LONGEST = 128;

export function generateCodeVerifier(length: number): string {
  requireLength(length);
  return randomText(length);
}

export async function computeCodeChallenge(codeVerifier: string): Promise<string> {
  requireLength(codeVerifier.length);
  // Browsers have WebCrypto in secure contexts only.
  if (globalThis.crypto?.subtle === undefined) throw new Error('PKCE needs a page served over https');
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(codeVerifier));
  return btoa(String.fromCharCode(...new Uint8Array(digest)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

/** Every character is equally likely: bytes beyond the last multiple of the alphabet's size are discarded. */
export function randomText(length: number): string {
  const fair = 256 - (256 % UNRESERVED.length);
  let text = '';
  while (text.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
      if (byte < fair && text.length < length) text += UNRESERVED.charAt(byte % UNRESERVED.length);
    }
  }
  return text;
}

function requireLength(length: number): void {
  if (length < SHORTEST || length > LONGEST) {
    throw new Error(`PKCE Code Verifier (length) must be between ${SHORTEST} and ${LONGEST} characters`);
  }
}
