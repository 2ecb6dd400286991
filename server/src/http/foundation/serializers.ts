/**
 * Serializers of response bodies. Most routes share the schemas of their errors, and compiling one takes a millisecond:
 * each schema is compiled once in a process, with the first response that needs it. A start compiles none.
 */
import { SerializerSelector } from '@fastify/fast-json-stringify-compiler';
import type { FastifyServerOptions } from 'fastify';
import { isRecord } from './validation/json_schema.js';

type SchemaController = NonNullable<FastifyServerOptions['schemaController']>;
type BuildSerializer = NonNullable<NonNullable<SchemaController['compilersFactory']>['buildSerializer']>;
type Serialize = ReturnType<ReturnType<BuildSerializer>>;

const compiled = new WeakMap<object, Serialize>();
const selectCompiler = SerializerSelector();

/** For Fastify's `schemaController.compilersFactory`. A schema that others refer to by its $id has that id for good. */
export const buildSerializer: BuildSerializer = (sharedSchemas, options) => {
  const compile = selectCompiler(sharedSchemas, options);
  return (route) => {
    const { schema } = route;
    if (!isRecord(schema)) return compile(route);
    const known = compiled.get(schema);
    if (known !== undefined) return known;
    const serialize = compiledAtFirstUse(() => compile(route));
    compiled.set(schema, serialize);
    return serialize;
  };
};

function compiledAtFirstUse(compile: () => Serialize): Serialize {
  let serialize: Serialize | undefined;
  return (body) => {
    serialize ??= compile();
    return serialize(body);
  };
}
