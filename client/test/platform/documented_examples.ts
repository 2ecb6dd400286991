// The programs of the BadgesApi's documentation, as published. Each begins with two ways to get the platformClient, of
// which a program uses the one for its platform, and takes `yourAccessToken` from its surroundings.

import { readFileSync } from 'node:fs';

const page = readFileSync(new URL('badges_api_examples.md', import.meta.url), 'utf8');

export type Platform = 'Browser' | 'Node';

export function documentedExample(method: 'getBadgesChats' | 'deleteBadgesChat', platform: Platform): string {
  const programs = page.split(/^```.*\n/m).filter((_text, index) => index % 2 === 1);
  const program = programs.find((text) => text.includes(`apiInstance.${method}(`));
  if (program === undefined) throw new Error(`The documentation has no example of ${method}`);
  const other = platform === 'Node' ? 'Browser' : 'Node';
  return program.replace(new RegExp(`^// ${other}\nconst platformClient = .*\n`, 'm'), '');
}
