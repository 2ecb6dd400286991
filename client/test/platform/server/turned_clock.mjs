// Preloaded into a badge server's process, so that a test can let time pass there: each message says by how many
// milliseconds, and is answered once it has.

const now = Date.now;
let ahead = 0;
Date.now = () => now() + ahead;
process.on('message', ({ passMs }) => {
  ahead += passMs;
  process.send({ aheadMs: ahead });
});
// What keeps the process running is the server, not this channel; and it ends with the tests, however they end.
process.on('disconnect', () => process.exit());
process.channel.unref();
