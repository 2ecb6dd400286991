/**
 * Sends the operations of a plan to a server: several at a time, those of one conversation in order. A response
 * that neither a retry nor a crash explains ends the replay with an error that names the operation.
 */

import type { BackendClient, BackendResponse } from './backend_client.js';
import type { Identifiers } from './identifiers.js';
import type { Ledger } from './ledger.js';
import { type Operation, operationKinds } from './operations.js';
import type { Plan } from './plan.js';
import { ReplayError } from './replay_error.js';
import { requestFor } from './requests.js';
import { bareId, parseJson, propertyOf } from './response_json.js';
import { Schedule } from './schedule.js';

export interface SendJob {
  readonly plan: Plan;
  readonly client: BackendClient;
  readonly app: string;
  readonly ids: Identifiers;
  readonly concurrency: number;
  readonly ledger?: Ledger;
  /** Operations that an earlier run completed; they are not sent again. */
  readonly skip?: ReadonlySet<number>;
}

/** Updated while the plan is sent. */
export interface SendProgress {
  done: number;
  inFlight: number;
}

export function sendPlan(job: SendJob, state: SendProgress): Promise<void> {
  const schedule = new Schedule(job.plan.operations);
  let failure: { readonly error: unknown } | undefined;
  return new Promise((resolve, reject) => {
    const finish = (index: number) => {
      state.done += 1;
      schedule.finished(index);
    };
    const pump = () => {
      while (failure === undefined && state.inFlight < job.concurrency) {
        const index = schedule.next();
        if (index === undefined) break;
        if (job.skip?.has(index) === true) finish(index);
        else launch(index);
      }
      if (state.inFlight > 0) return;
      if (failure === undefined) resolve();
      else reject(failure.error);
    };
    const launch = (index: number) => {
      state.inFlight += 1;
      execute(job, index)
        .then(
          () => finish(index),
          (error: unknown) => {
            failure ??= { error };
            // Requests in flight complete, so that the ledger has them, but none is retried.
            job.client.stop();
          },
        )
        .then(() => {
          state.inFlight -= 1;
          pump();
        });
    };
    pump();
  });
}

async function execute(job: SendJob, index: number): Promise<void> {
  const operation = job.plan.operations.at(index);
  const response = await job.client.send(requestFor(operation, job.app, job.ids));
  const problem = problemWith(response, operation, job);
  if (problem !== undefined) {
    throw new ReplayError(`Operation ${index} (${describe(operation)}): ${problem}`);
  }
  if (response.status < 300) job.ledger?.record(index);
}

function problemWith(response: BackendResponse, operation: Operation, job: SendJob): string | undefined {
  if (response.status === 401 || response.status === 403) {
    return `the server responded with ${response.status}. Check that the token is one of this app's.`;
  }
  if (response.status >= 200 && response.status < 300) {
    return operation.kind === operationKinds.sendMessage ? wrongPosition(response, operation) : undefined;
  }
  if (isExpectedOnRerun(response, operation, job)) return undefined;
  return `the server responded with ${response.status}: ${response.text.slice(0, 300)}`;
}

function wrongPosition(response: BackendResponse, operation: Operation): string | undefined {
  const position = propertyOf(parseJson(response.text), 'position');
  if (position === operation.position) return undefined;
  return (
    `the message was given position ${JSON.stringify(position)}. Either the server lost or duplicated a ` +
    'message, or something else wrote to this app. Use an app that only this replay writes to.'
  );
}

/**
 * In a second run of a replay the conversations exist, with more participants than they were created with, and
 * the messages that the plan deletes are gone before they are read.
 */
function isExpectedOnRerun(response: BackendResponse, operation: Operation, job: SendJob): boolean {
  const { kind, conversation, position } = operation;
  if (kind === operationKinds.createConversation && response.status === 409) {
    const error = parseJson(response.text);
    const existing = bareId(propertyOf(propertyOf(error, 'data'), 'id'));
    return propertyOf(error, 'id') === 'id_in_use' && existing === job.ids.conversation(conversation);
  }
  const concernsMessage = kind === operationKinds.readMessage || kind === operationKinds.deleteMessage;
  return concernsMessage && response.status === 404 && job.plan.isDeleted(conversation, position);
}

function describe({ kind, conversation, user, position }: Operation): string {
  switch (kind) {
    case operationKinds.createConversation:
      return `user ${user} creates conversation ${conversation}`;
    case operationKinds.addParticipant:
      return `user ${user} is added to conversation ${conversation}`;
    case operationKinds.sendMessage:
      return `user ${user} sends message ${position} of conversation ${conversation}`;
    case operationKinds.markAllRead:
      return `user ${user} reads conversation ${conversation} up to ${position}`;
    case operationKinds.readMessage:
      return `user ${user} reads message ${position} of conversation ${conversation}`;
    case operationKinds.deleteMessage:
      return `message ${position} of conversation ${conversation} is deleted`;
  }
}
