/**
 * The server's process: the program as it is built, started with the configuration that the test gives it. The test sets
 * its time of day: every Date is ahead of the real one by so much.
 */
const [config = '{}', initial = '0'] = process.argv.slice(2);
let aheadMs = Number(initial);
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [RealDate.now() + aheadMs] : given));
  }

  static now() {
    return RealDate.now() + aheadMs;
  }
};
process.on('message', (message) => {
  aheadMs = message.aheadMs;
});

// Imported now, so that no module has taken the real Date before.
const { start } = await import('@badged/server');
const running = await start(JSON.parse(config));
process.send?.(running.url);
