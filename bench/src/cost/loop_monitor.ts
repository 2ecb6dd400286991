/**
 * Preloaded into a server under measurement (`--import`): says, when asked over the process's channel, for how long
 * its event loop was blocked at most, and how much memory it holds.
 *
 * A timer ticks every millisecond. A gap between two ticks is a blocked loop, or a machine that was busy elsewhere: of the
 * gap and of the CPU time that the process used in it, the smaller counts.
 */
const tickMs = 1;

let at = performance.now();
let cpu = process.cpuUsage();
let worst = { blockedMs: 0, wallMs: 0 };

setInterval(() => {
  const now = performance.now();
  const { user, system } = process.cpuUsage(cpu);
  const wallMs = now - at - tickMs;
  worst = {
    blockedMs: Math.max(worst.blockedMs, Math.min(wallMs, (user + system) / 1_000)),
    wallMs: Math.max(worst.wallMs, wallMs),
  };
  at = now;
  cpu = process.cpuUsage();
}, tickMs).unref();

process.on('message', (message) => {
  if (message === 'reset') worst = { blockedMs: 0, wallMs: 0 };
  if (message === 'read') process.send?.({ ...worst, residentBytes: process.memoryUsage.rss() });
});
// The channel must not keep the server alive.
process.channel?.unref();
