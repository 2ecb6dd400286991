/** The forms in which a secret could turn up in a file: as it is, in hexadecimal, and in base64 wherever it begins. */
import { createPrivateKey } from 'node:crypto';

export interface Secret {
  readonly name: string;
  readonly forms: readonly Buffer[];
}

export function textSecret(name: string, text: string): Secret {
  return { name, forms: forms(Buffer.from(text)) };
}

export function byteSecret(name: string, bytes: Buffer): Secret {
  return { name, forms: forms(bytes) };
}

/** The lines of the PEM, its bytes, and the private numbers inside. */
export function pemSecret(name: string, pem: string): Secret {
  const lines = pem.split('\n').filter((line) => line.length > 30 && !line.startsWith('-----'));
  const key = createPrivateKey(pem);
  const { d, p, q } = key.export({ format: 'jwk' });
  const numbers = [d, p, q].flatMap((number) =>
    number === undefined ? [] : forms(Buffer.from(number, 'base64url')),
  );
  const whole = key.export({ type: 'pkcs8', format: 'der' });
  return { name, forms: [...lines.map((line) => Buffer.from(line)), whole, ...numbers] };
}

/** The names of the secrets that are in there. */
export function found(secrets: readonly Secret[], where: Buffer): string[] {
  return secrets
    .filter((secret) => secret.forms.some((form) => where.includes(form)))
    .map(({ name }) => name);
}

function forms(bytes: Buffer): Buffer[] {
  const hex = bytes.toString('hex');
  const texts = [hex, hex.toUpperCase()];
  // Base64 of the same bytes differs with what stands before them: three ways, without what the neighbours share.
  for (const before of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const core = encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    texts.push(core, core.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return [bytes, ...texts.map((text) => Buffer.from(text))];
}
