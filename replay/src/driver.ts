/**
 * Sends a plan to a server, a number of operations at a time, each conversation's in order. An operation
 * counts as done when the server has answered it as promised; an answer that no repetition and no crash
 * explains ends the replay, and says which operation it was.
 */
import { bareId, parseAnswer, propertyOf } from './answer.js';
import type { BackendAnswer, BackendClient } from './backend_client.js';
import type { Identifiers } from './identifiers.js';
import type { Ledger } from './ledger.js';
import { KIND, type Operation } from './operations.js';
import type { Plan } from './plan.js';
import { ReplayError } from './replay_error.js';
import { requestFor } from './requests.js';
import { Schedule } from './schedule.js';

export interface Drive {
  readonly plan: Plan;
  readonly client: BackendClient;
  readonly app: string;
  readonly ids: Identifiers;
  readonly concurrency: number;
  readonly ledger?: Ledger;
  /** Operations that an earlier run has had answered, and that are not sent again. */
  readonly skip?: ReadonlySet<number>;
}

/** What can be watched while a drive is under way. */
export interface DriveState {
  done: number;
  inFlight: number;
}

export function sendPlan(drive: Drive, state: DriveState): Promise<void> {
  const schedule = new Schedule(drive.plan.operations);
  let failure: { readonly error: unknown } | undefined;
  return new Promise((resolve, reject) => {
    const finish = (index: number) => {
      state.done += 1;
      schedule.finished(index);
    };
    const pump = () => {
      while (failure === undefined && state.inFlight < drive.concurrency) {
        const index = schedule.next();
        if (index === undefined) break;
        if (drive.skip?.has(index) === true) finish(index);
        else launch(index);
      }
      if (state.inFlight > 0) return;
      if (failure === undefined) resolve();
      else reject(failure.error);
    };
    const launch = (index: number) => {
      state.inFlight += 1;
      perform(drive, index)
        .then(
          () => finish(index),
          (error: unknown) => {
            failure ??= { error };
            // The others get their answers, which the ledger must hold, but nobody waits for a dead server.
            drive.client.stop();
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

async function perform(drive: Drive, index: number): Promise<void> {
  const operation = drive.plan.operations.at(index);
  const answer = await drive.client.send(requestFor(operation, drive.app, drive.ids));
  const complaint = complaintAbout(answer, operation, drive);
  if (complaint !== undefined) {
    throw new ReplayError(`Operation ${index} (${describe(operation)}): ${complaint}`);
  }
  if (answer.status < 300) drive.ledger?.record(index);
}

function complaintAbout(answer: BackendAnswer, operation: Operation, drive: Drive): string | undefined {
  if (answer.status === 401 || answer.status === 403) {
    return `the server answered ${answer.status}. Check that the token is one of this app's.`;
  }
  if (answer.status >= 200 && answer.status < 300) {
    return operation.kind === KIND.sendMessage ? wrongPosition(answer, operation) : undefined;
  }
  if (isKnownFromEarlierRun(answer, operation, drive)) return undefined;
  return `the server answered ${answer.status}: ${answer.text.slice(0, 300)}`;
}

function wrongPosition(answer: BackendAnswer, operation: Operation): string | undefined {
  const position = propertyOf(parseAnswer(answer.text), 'position');
  if (position === operation.position) return undefined;
  return (
    `the message was given position ${JSON.stringify(position)}. Either the server has lost or doubled a ` +
    'message, or this app has been written to by something else: a replay wants an app of its own.'
  );
}

/**
 * When a replay runs a second time, its conversations exist and have more participants than they were
 * created with, and messages that the plan deletes are gone before they are read.
 */
function isKnownFromEarlierRun(answer: BackendAnswer, operation: Operation, drive: Drive): boolean {
  const { kind, conversation, position } = operation;
  if (kind === KIND.createConversation && answer.status === 409) {
    const error = parseAnswer(answer.text);
    const existing = bareId(propertyOf(propertyOf(error, 'data'), 'id'));
    return propertyOf(error, 'id') === 'id_in_use' && existing === drive.ids.conversation(conversation);
  }
  const concernsMessage = kind === KIND.readMessage || kind === KIND.deleteMessage;
  return concernsMessage && answer.status === 404 && drive.plan.isDeleted(conversation, position);
}

function describe({ kind, conversation, user, position }: Operation): string {
  switch (kind) {
    case KIND.createConversation:
      return `user ${user} creates conversation ${conversation}`;
    case KIND.addParticipant:
      return `user ${user} is added to conversation ${conversation}`;
    case KIND.sendMessage:
      return `user ${user} sends message ${position} of conversation ${conversation}`;
    case KIND.markAllRead:
      return `user ${user} reads conversation ${conversation} up to ${position}`;
    case KIND.readMessage:
      return `user ${user} reads message ${position} of conversation ${conversation}`;
    case KIND.deleteMessage:
      return `message ${position} of conversation ${conversation} is deleted`;
  }
}
