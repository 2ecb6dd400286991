/**
 * Reads the participations of a checkpoint: of all its rows by far the most. A page is one row of lists, each a text that is
 * parsed at once, since the driver takes a microsecond and more for each row, and more for each column.
 */
import { notificationLevels, type snapshot } from '@badged/core';
import { numbers } from '../json_columns.js';
import type { Run } from './run.js';

/** Parsing them takes well below 5 ms, in which no other request is served. */
const rowsPerPage = 4_000;

/** `more` has the rows that are not empty in all other columns. All lists are in the same order. */
const participationPage = `
  select array_agg(conversation)::text as conversations, array_agg(user_number)::text as users,
    array_agg(joined)::text as joined, array_agg(cursor)::text as cursors,
    json_agg(json_build_array(conversation, user_number, ranges, mentions, level, muted_until))
      filter (where coalesce(ranges, mentions, level) is not null or muted_until is not null)::text as more
  from (
    select conversation, user_number, joined, cursor, ranges, mentions, level, muted_until
    from participation where app = $1 and (conversation, user_number) > ($2, $3)
    order by conversation, user_number limit ${rowsPerPage}
  ) as page`;

interface StoredPage {
  /** Null if there are no rows. */
  readonly conversations: string | null;
  readonly users: string | null;
  readonly joined: string | null;
  readonly cursors: string | null;
  readonly more: string | null;
}

interface Key {
  readonly conversation: number;
  readonly user: number;
}

/** The database reads the next page while the caller works with this one. */
export async function* readParticipations(
  read: Run,
  app: number,
): AsyncGenerator<readonly snapshot.ParticipationRow[]> {
  const readAfter = ({ conversation, user }: Key) =>
    read<StoredPage>(participationPage, [app, conversation, user]);
  let next: Promise<StoredPage[]> | undefined = readAfter({ conversation: 0, user: 0 });
  while (next !== undefined) {
    const [page]: readonly StoredPage[] = await next;
    const rows: readonly snapshot.ParticipationRow[] = page === undefined ? [] : parsePage(page);
    next = rows.length < rowsPerPage ? undefined : readAfter(lastKey(rows));
    // An error is the caller's when it asks for that page.
    next?.catch(() => {});
    if (rows.length > 0) yield rows;
  }
}

/** Not every database makes the lists in the order of the page. */
function lastKey(rows: readonly Key[]): Key {
  let last: Key = { conversation: 0, user: 0 };
  for (const row of rows) {
    const isLater =
      row.conversation > last.conversation ||
      (row.conversation === last.conversation && row.user > last.user);
    if (isLater) last = row;
  }
  return last;
}

function parsePage({ conversations, users, joined, cursors, more }: StoredPage): snapshot.ParticipationRow[] {
  const [ofUsers, ofJoined, ofCursors] = [list(users), list(joined), list(cursors)];
  const others = parseOthers(more);
  let nextOther = 0;
  return list(conversations).map((conversation, index) => {
    const user = ofUsers[index] ?? 0;
    const other = others[nextOther];
    const hasMore = other?.conversation === conversation && other.user === user;
    if (hasMore) nextOther += 1;
    return {
      conversation,
      user,
      joined: ofJoined[index] ?? 0,
      cursor: ofCursors[index] ?? 0,
      ...(hasMore ? other.columns : nothingMore),
    };
  });
}

type OtherColumns = Pick<snapshot.ParticipationRow, 'ranges' | 'mentions' | 'level' | 'mutedUntil'>;

const nothingMore: OtherColumns = { ranges: [], mentions: [], level: 'all', mutedUntil: null };

function parseOthers(more: string | null): readonly (Key & { readonly columns: OtherColumns })[] {
  if (more === null) return [];
  const rows: readonly (readonly [
    number,
    number,
    string | null,
    string | null,
    string | null,
    number | null,
  ])[] = JSON.parse(more);
  return rows.map(([conversation, user, ranges, mentions, level, mutedUntil]) => ({
    conversation,
    user,
    columns: {
      ranges: numbers(ranges),
      mentions: numbers(mentions),
      level: notificationLevels.find((one) => one === level) ?? 'all',
      mutedUntil,
    },
  }));
}

/** Of an array's text, such as {1,2}: no element is null. */
function list(text: string | null): readonly number[] {
  return text === null ? [] : JSON.parse(`[${text.slice(1, -1)}]`);
}
