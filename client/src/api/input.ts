/** The one object that a method takes: the path parameters, the query and the body of its operation. */
import type { operations } from './schema.js';

type OperationName = keyof operations;

/** One object type in place of an intersection, so that editors show its properties. */
type Merged<T> = { [Property in keyof T]: T[Property] };

type PathOf<Name extends OperationName> = operations[Name]['parameters'] extends { path: infer Path }
  ? Path
  : unknown;

/** For an operation without a query, the schema says never. */
type QueryOf<Name extends OperationName> = operations[Name]['parameters'] extends { query?: infer Query }
  ? [Exclude<Query, undefined>] extends [never]
    ? unknown
    : Exclude<Query, undefined>
  : unknown;

type BodyOf<Name extends OperationName> = operations[Name] extends {
  requestBody: { content: { 'application/json': infer Body } };
}
  ? Body
  : unknown;

export type Input<Name extends OperationName> = Merged<PathOf<Name> & QueryOf<Name> & BodyOf<Name>>;

/** The input of an operation whose body is a list: the list is a property like the others. */
export type ListInput<Name extends OperationName, List extends string> = Merged<
  PathOf<Name> & QueryOf<Name> & Record<List, BodyOf<Name>>
>;
