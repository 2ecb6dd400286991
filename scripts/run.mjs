/** Runs one step of the preparation, which ends when this process is asked to end. */
import { spawn } from 'node:child_process';

const signals = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 };

/** Says what it does, and resolves once the step has succeeded; where it fails, this process ends as it did. */
export async function run(what, program, args) {
  const child = spawn(program, args, { stdio: 'inherit' });
  let received;
  const onSignal = (signal) => {
    received = signal;
    child.kill(signal);
  };
  for (const signal of Object.keys(signals)) process.on(signal, onSignal);
  // Another step may fail meanwhile, and end this process.
  const onExit = () => child.kill();
  process.on('exit', onExit);
  console.error(`badged: ${what} …`);
  const [status, signal] = await new Promise((resolve) => {
    child.on('exit', (...ended) => resolve(ended));
    child.on('error', (error) => {
      console.error(`badged: ${error.message}`);
      resolve([1, null]);
    });
  });
  process.off('exit', onExit);
  for (const each of Object.keys(signals)) process.off(each, onSignal);
  const endedBy = received ?? signal;
  if (endedBy !== null) process.exit(128 + (signals[endedBy] ?? 0));
  if (status !== 0) process.exit(status);
}
