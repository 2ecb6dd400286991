// One minified file of a source and all that it imports, for pages and service workers that load it as it is: an ES
// module, or what `output` says otherwise.

import { rolldown } from 'rolldown';

export async function bundleModule(source, file, output = { format: 'es' }) {
  const build = await rolldown({ input: source, platform: 'neutral', transform: { target: 'es2022' } });
  await build.write({ file, minify: true, ...output });
  await build.close();
}
