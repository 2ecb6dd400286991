/** The demo users, and sample texts for them. */

export const people = ['alice', 'bob', 'carol'] as const;
export type Person = (typeof people)[number];

const sayings: Readonly<Record<Person, readonly string[]>> = {
  alice: ['Lunch at noon?', 'Did you see the numbers?', 'On my way', 'Thanks!', 'Call me when you can'],
  bob: ['Sounds good', 'Give me five minutes', 'Who is coming?', 'Sent you the file', 'See you there'],
  carol: ['I am in!', 'Running late, sorry', 'Can we move it to two?', 'Photos are up', 'Done!'],
};

/** A sample text for the next message, so that one click sends it. */
export function saying(person: Person, turn: number): string {
  const of = sayings[person];
  return of[turn % of.length] ?? '';
}

const colors = new Map<string, string>([
  ['alice', 'indigo.7'],
  ['bob', 'teal.9'],
  ['carol', 'grape.8'],
]);

/** A color of the theme with enough contrast for white text. */
export function colorOf(name: string): string {
  return colors.get(name) ?? 'gray.7';
}
