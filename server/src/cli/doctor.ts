/** The command `badged doctor`: says what is wrong with a data directory or database and a configuration. */
import { type Command, Option } from 'commander';
import { examine, type Finding } from '../doctor.js';
import { databaseOption, dataDirOption, integer, onOff, publicUrl } from './options.js';
import { exposureWarning, type SecurityFlags, tlsConfig, withSecurityFlags } from './security_flags.js';
import { unknownVariables } from './variables.js';

interface DoctorFlags extends SecurityFlags {
  readonly port: number;
  readonly dataDir: string;
  readonly databaseUrl?: string;
  readonly secretKey?: string;
  readonly adminToken?: string;
}

export function addDoctorCommand(parent: Command): void {
  const doctor = parent
    .command('doctor')
    .description('Say what is wrong with the data and the settings, and what to do. It changes nothing.')
    .addOption(dataDirOption())
    .addOption(databaseOption())
    .addOption(new Option('--secret-key <key>', 'the secret key, if it is set').env('BADGED_SECRET_KEY'))
    .addOption(new Option('--admin-token <token>', 'the admin token, if it is set').env('BADGED_ADMIN_TOKEN'))
    .addOption(
      new Option('--host <address>', 'where the server listens').env('BADGED_HOST').default('127.0.0.1'),
    )
    .addOption(
      new Option('--port <number>', 'its port')
        .env('BADGED_PORT')
        .default(8080)
        .argParser(integer(0, 65_535)),
    )
    .addOption(
      new Option('--public-url <url>', 'as the server has it').env('BADGED_PUBLIC_URL').argParser(publicUrl),
    )
    .addOption(onOff('--trust-proxy', 'as the server has it', 'BADGED_TRUST_PROXY'))
    .addHelpText(
      'after',
      `
Run it with the environment and the flags of the server, beside it or before it starts. Exits with 1 if there is a problem.`,
    )
    .action(async (flags: DoctorFlags) => {
      const findings = [...examineFlags(flags), ...(await examine(configOf(flags)))];
      for (const { level, text } of findings) console.log(`${labels[level]} ${text}`);
      if (findings.some(({ level }) => level === 'problem')) process.exitCode = 1;
    });
  withSecurityFlags(doctor);
}

const labels = { ok: 'ok      ', warning: 'WARNING ', problem: 'PROBLEM ' } as const;

function configOf(flags: DoctorFlags) {
  const { dataDir, databaseUrl, secretKey, host, port } = flags;
  const tls = tlsConfig(flags);
  const isTls = typeof tls === 'object';
  const reachable = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  const name = reachable.includes(':') ? `[${reachable}]` : reachable;
  return {
    dataDir,
    ...(databaseUrl !== undefined && { databaseUrl }),
    ...(secretKey !== undefined && { secretKey }),
    ...(isTls && tls.kind === 'files' && { tls }),
    url: `${isTls ? 'https' : 'http'}://${name}:${port}`,
  };
}

function examineFlags(flags: DoctorFlags): Finding[] {
  const tls = tlsConfig(flags);
  const exposure = exposureWarning(flags);
  const { adminToken } = flags;
  return [
    ...(typeof tls === 'string' ? [{ level: 'problem', text: tls } as const] : []),
    ...(exposure === undefined ? [] : [{ level: 'warning', text: exposure } as const]),
    ...(adminToken !== undefined && !/^\S{16,}$/.test(adminToken)
      ? [{ level: 'problem', text: shortToken } as const]
      : []),
    ...unknownVariables(process.env).map((text) => ({ level: 'warning', text }) as const),
  ];
}

const shortToken =
  'The admin token must have at least 16 characters and no spaces. Make one with: openssl rand -hex 32';
