/** The local APNs in a process of its own, so that both sides have the client's core to themselves. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { importPKCS8, SignJWT } from 'jose';

interface Key {
  readonly privateKey: string;
  readonly keyId: string;
  readonly teamId: string;
}

export class ApnsProcess {
  readonly origin: string;
  readonly key: Key;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, origin: string, key: Key) {
    this.#child = child;
    this.origin = origin;
    this.key = key;
  }

  static async start(): Promise<ApnsProcess> {
    const child = fork(fileURLToPath(new URL('./apns_main.js', import.meta.url)));
    const [{ origin, key }] = await once(child, 'message');
    return new ApnsProcess(child, origin, key);
  }

  /** A provider token, for requests made without the transport. */
  async authorization(): Promise<string> {
    const { privateKey, keyId, teamId } = this.key;
    const signer = new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', kid: keyId })
      .setIssuer(teamId)
      .setIssuedAt();
    return `bearer ${await signer.sign(await importPKCS8(privateKey, 'ES256'))}`;
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.kill();
    await exited;
  }
}
