/**
 * Writes the generated part of the typed client from the server's OpenAPI document: node client-generator/generate.mjs
 * [--check]. With --check it writes nothing, and fails if a file differs. It reads server/dist, so build first.
 */

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import openapiTypescript, { astToString } from 'openapi-typescript';
import { readDocument } from './api_document.mjs';
import { operationsOf } from './operations.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const command = 'npm run generate --workspace client';

const document = await readDocument();
const files = {
  'client/src/api/schema.ts': await schemaFile(document),
  'client/src/api/operations.ts': operationsFile(document),
};
for (const [file, text] of Object.entries(files)) {
  const path = join(root, file);
  const generated = formatted(file, text);
  if (!process.argv.includes('--check')) writeFileSync(path, generated);
  else if (readFileSync(path, 'utf8') !== generated) {
    console.error(`${file} differs from what the server's schemas say. Run: ${command}`);
    process.exitCode = 1;
  }
}

/** The types of all shapes and operations, written by openapi-typescript. */
async function schemaFile(source) {
  const nodes = await openapiTypescript(source, {
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
    rootTypesKeepCasing: true,
    alphabetize: false,
    silent: true,
  });
  return `/**
 * The shapes of the API, and what each operation takes and returns. openapi-typescript generated it from the server's
 * OpenAPI document (\`${command}\`). Do not edit it.
 */
${astToString(nodes)}`;
}

/** A method for each operation, and the table that requests are made from. */
function operationsFile(source) {
  const operations = operationsOf(source);
  // Bodies of requests are part of the inputs. Error would hide the global Error of whoever imports it.
  const shapes = Object.keys(source.components.schemas)
    .filter((name) => !name.endsWith('Request'))
    .sort();
  const exported = shapes.map((name) => (name === 'Error' ? 'Error as ErrorBody' : name));
  const outputs = shapes.filter((name) => operations.some(({ output }) => output.match(/^\w+/)[0] === name));
  const inputs = operations.flatMap(({ name, hasInput, list }) => {
    const given = list === undefined ? `Input<'${name}'>` : `ListInput<'${name}', '${list}'>`;
    return hasInput ? [`export type ${inputName(name)} = ${given};`] : [];
  });
  const methods = operations.map(({ name, method, summary, hasInput, output }) => {
    const input = hasInput ? `input: ${inputName(name)}` : 'input?: Record<string, never>';
    return `/** ${summary} */\n${method}(${input}, options?: CallOptions): Promise<${output}>;`;
  });
  const rows = operations.map(({ method, row }) => `${method}: ${JSON.stringify(row)},`);
  return `/**
 * A method for each operation of the API, with the types of its input and output, and what a request for it is made of.
 * Generated from the server's OpenAPI document (\`${command}\`). Do not edit it.
 */
import type { Input, ListInput } from './input.js';
import type { CallOptions, Operation } from './request.js';
import type { ${outputs.join(', ')} } from './schema.js';

export type { ${exported.join(', ')} } from './schema.js';

${inputs.join('\n')}

/** Path parameters, query and body are one object. A method returns the body of the response. */
export interface Api {
${methods.join('\n')}
}

export const operations: Readonly<Record<keyof Api, Operation>> = {
${rows.join('\n')}
};
`;
}

function inputName(operation) {
  return `${operation.replace(/(?:^|_)([a-z])/g, (_, letter) => letter.toUpperCase())}Input`;
}

function formatted(file, text) {
  const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
  const args = [biome, 'check', '--write', `--stdin-file-path=${file}`];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    input: text,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`biome could not format ${file}: ${stderr}`);
  return stdout;
}
