// Writes client/src/api/operations.ts from the OpenAPI document of the server, which makes it of the very schemas that it
// checks requests with: node client/scripts/generate_api.mjs [--check]. With --check it writes nothing, and fails if what
// is there is not what it would write. It reads server/dist: build before.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from 'json-schema-to-typescript';
import { readOperations } from './api_document.mjs';
import { nameSchemas } from './api_names.mjs';

const client = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const file = join(client, 'src/api/operations.ts');
const command = 'npm run generate --workspace client';

const generated = formatted(await generate());
if (!process.argv.includes('--check')) writeFileSync(file, generated);
else if (readFileSync(file, 'utf8') !== generated) {
  console.error(`client/src/api/operations.ts is not what the server's schemas say. Run: ${command}`);
  process.exitCode = 1;
}

async function generate() {
  const { operations, error } = await readOperations();
  const { named, refer } = nameSchemas(operations);
  const schemas = new Map([['ErrorBody', error], ...named]);
  for (const { inputName, input, answerName, answer } of operations) {
    if (input !== undefined) schemas.set(inputName, refer(input));
    if (answer !== undefined && !answerName.endsWith('[]') && !named.has(answerName))
      schemas.set(answerName, refer(answer));
  }
  return [
    header(),
    await types(schemas),
    batchTypes(operations),
    methods(operations),
    table(operations),
  ].join('\n');
}

function header() {
  return `/**
 * Every operation of the API: its types, and what a request for it is made of. Generated from the server's schemas by
 * \`${command}\`; not to be edited.
 */
import type { CallOptions, Operation } from './request.js';
`;
}

/** The compiler writes the types that a root refers to; the root itself is of no use, and comes first. */
async function types(schemas) {
  const $defs = Object.fromEntries(schemas);
  const root = { oneOf: Object.keys($defs).map((name) => ({ $ref: `#/$defs/${name}` })), $defs };
  const text = await compile(root, 'Root', {
    additionalProperties: false,
    bannerComment: '',
    format: false,
    ignoreMinAndMaxItems: true,
    unreachableDefinitions: true,
  });
  const written = text.replace(/export type Root =[^;{]*?(?=\n\/\*\*|\nexport )/, '');
  for (const name of schemas.keys()) {
    if (!new RegExp(`^export (type|interface) ${name}\\b`, 'm').test(written)) {
      throw new Error(`No type came out for ${name}: another one has its name, or its shape is unknown.`);
    }
  }
  return written;
}

/** What stands in a batch for each operation is its input, without the app that the batch as a whole is for. */
function batchTypes(operations) {
  const items = operations.flatMap(({ name, inputName, inBatch }) =>
    inBatch ? [`Batched<'${name}', ${inputName}>`] : [],
  );
  return `
interface BatchItem<Name extends string> {
  operation: Name;
  /** A UUID by which a repeat is recognised. The client chooses one where none is given. */
  request_id?: string;
}

type Batched<Name extends string, Input> = BatchItem<Name> & Omit<Input, 'app_uuid'>;

/** An operation of a batch: its name, and its input. */
export type BatchOperation = ${items.join(' | ')};
`;
}

function methods(operations) {
  const signatures = operations.map(({ method, summary, inputName, input, answerName, mayBeEmpty }) => {
    const answer = answerName === undefined ? 'void' : `${answerName}${mayBeEmpty ? ' | undefined' : ''}`;
    const taken = input === undefined ? 'input?: Record<string, never>' : `input: ${inputName}`;
    return `/** ${summary} */\n${method}(${taken}, options?: CallOptions): Promise<${answer}>;`;
  });
  return `/** A method for each operation: parameters, query and body in one object, and what is answered. */
export interface Api {\n${signatures.join('\n')}\n}
`;
}

function table(operations) {
  const rows = operations.map(({ method, request }) => `${method}: ${JSON.stringify(request)},`);
  return `export const operations: Readonly<Record<keyof Api, Operation>> = {\n${rows.join('\n')}\n};
`;
}

function formatted(text) {
  const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
  const options = { input: text, encoding: 'utf8', cwd: resolve(client, '..') };
  const args = [biome, 'format', '--stdin-file-path=client/src/api/operations.ts'];
  const run = spawnSync(process.execPath, args, options);
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout;
}
