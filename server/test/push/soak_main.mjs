/** The server's process: the program as it is built, started with the configuration that the test gives it. */
import { start } from '@badged/server';

const [config = '{}'] = process.argv.slice(2);
const running = await start(JSON.parse(config));
process.send?.(running.url);
