// The programs of the BadgesApi's documentation, as published, with what they leave open filled in: of the two lines to
// get the platformClient the one for the program's platform, the token, and one line more, which says where the service
// is. As an ES module, `import` takes the place of `require` in the former.

import { readFileSync } from 'node:fs';

const page = readFileSync(new URL('badges_api_examples.md', import.meta.url), 'utf8');

export type DocumentedMethod = 'getBadgesChats' | 'deleteBadgesChat';

export interface Filling {
  readonly platform: 'Browser' | 'Node';
  /** What an ES module imports from. Without, the program gets the platformClient as it is published: by require. */
  readonly importFrom?: string;
  readonly environment: string;
  readonly accessToken: string;
}

export function documentedExample(
  method: DocumentedMethod,
  { platform, importFrom, environment, accessToken }: Filling,
): string {
  const other = platform === 'Node' ? 'Browser' : 'Node';
  const client = 'platformClient.ApiClient.instance';
  const steps: [RegExp, string][] = [
    [new RegExp(`^// ${other}\nconst platformClient = .*\n`, 'm'), ''],
    [
      new RegExp(`^${client}.setAccessToken\\(yourAccessToken\\);$`, 'm'),
      `${client}.setEnvironment(${JSON.stringify(environment)});\n` +
        `${client}.setAccessToken(${JSON.stringify(accessToken)});`,
    ],
  ];
  if (importFrom !== undefined) {
    steps.push([/^const platformClient = require\(.*\);$/m, `import platformClient from '${importFrom}';`]);
  }
  return steps.reduce((program, [left, filled]) => {
    if (!left.test(program)) throw new Error(`The published ${method} has no ${left}`);
    return program.replace(left, () => filled);
  }, published(method));
}

function published(method: DocumentedMethod): string {
  const programs = page.split(/^```.*\n/m).filter((_text, index) => index % 2 === 1);
  const program = programs.find((text) => text.includes(`apiInstance.${method}(`));
  if (program === undefined) throw new Error(`The documentation has no example of ${method}`);
  return program;
}
