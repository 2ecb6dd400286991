/** Puts the example of each operation where OpenAPI wants it: next to the schemas of its request and response body. */
import type { Example } from '../foundation/endpoint.js';

interface Content {
  readonly content?: Readonly<Record<string, { example?: unknown }>>;
}

interface Operation {
  'x-example'?: Example;
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

/** Removes each x-example from the operations below these paths. */
export function placeExamples(paths: object): void {
  for (const operation of Object.values(paths).flatMap((path: object): Operation[] => Object.values(path))) {
    const { 'x-example': example } = operation;
    delete operation['x-example'];
    place(operation.requestBody, example?.body);
    for (const [status, response] of Object.entries(operation.responses))
      if (status.startsWith('2')) place(response, example?.response);
  }
}

function place({ content = {} }: Content = {}, example: unknown): void {
  if (example === undefined) return;
  for (const media of Object.values(content)) media.example = example;
}
