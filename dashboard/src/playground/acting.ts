/** What a click does: a few calls to the server, which are shown, and one place for what went wrong. */
import { useMutation } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { type Api, apiThrough } from '../server/api.js';
import { queries } from '../server/queries.js';
import type { CallLog } from './call_log.js';
import type { Said } from './said.js';

/** Says what the calls are for, and makes them; answers whether they succeeded. */
export type Act = (why: string, calls: (through: Api) => Promise<unknown>) => Promise<boolean>;

export function useAct(log: CallLog) {
  const { mutateAsync, error, reset } = useMutation({
    mutationFn: ({ why, calls }: { why: string; calls: (through: Api) => Promise<unknown> }) =>
      calls(apiThrough(log.through(why))),
    // It fails without a connection, rather than to happen later when nobody expects it.
    networkMode: 'always',
    onSettled: () =>
      queries.invalidateQueries({
        predicate: ({ queryKey: [first] }) => first !== 'cast' && first !== 'session',
      }),
  });
  const act: Act = (why, calls) =>
    mutateAsync({ why, calls }).then(
      () => true,
      () => false,
    );
  return { act, error, forgetError: reset };
}

export interface Playground {
  readonly app: { readonly id: string; readonly name: string };
  readonly act: Act;
  readonly log: CallLog;
  readonly said: Said;
}

export const PlaygroundContext = createContext<Playground | undefined>(undefined);

export function usePlayground(): Playground {
  const playground = useContext(PlaygroundContext);
  if (playground === undefined) throw new Error('This belongs into a playground.');
  return playground;
}
