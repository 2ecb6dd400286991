/** The mutations of the playground: each click makes calls that the call log shows. Errors are shown in one place. */
import { useMutation } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { type Api, apiThrough } from '../server/api.js';
import { queries } from '../server/queries.js';
import type { CallLog } from './call_log.js';
import type { Transcript } from './transcript.js';

/** Makes calls and logs them with their purpose. Resolves to whether all succeeded. */
export type Act = (why: string, calls: (through: Api) => Promise<unknown>) => Promise<boolean>;

export function useActions(log: CallLog) {
  const { mutateAsync, error, reset } = useMutation({
    mutationFn: ({ why, calls }: { why: string; calls: (through: Api) => Promise<unknown> }) =>
      calls(apiThrough(log.through(why))),
    // Without a connection it fails at once, and is not sent later.
    networkMode: 'always',
    onSettled: () =>
      queries.invalidateQueries({
        predicate: ({ queryKey: [first] }) => first !== 'demo users' && first !== 'session',
      }),
  });
  const act: Act = (why, calls) =>
    mutateAsync({ why, calls }).then(
      () => true,
      () => false,
    );
  return { act, error, clearError: reset };
}

export interface Playground {
  readonly app: { readonly id: string; readonly name: string };
  readonly act: Act;
  readonly log: CallLog;
  readonly transcript: Transcript;
}

export const PlaygroundContext = createContext<Playground | undefined>(undefined);

export function usePlayground(): Playground {
  const playground = useContext(PlaygroundContext);
  if (playground === undefined) throw new Error('usePlayground needs a PlaygroundContext.');
  return playground;
}
