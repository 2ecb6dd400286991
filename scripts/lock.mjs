/** A lock between processes: a file that names the process which holds it, and that outlives no process for long. */
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Runs `work` while no other process runs its own with the same file. Ends with this process, however it ends. */
export async function withLock(file, work) {
  const claim = `${file}.${process.pid}`;
  writeFileSync(claim, String(process.pid));
  const release = () => {
    if (holder(file) === process.pid) rmSync(file);
    rmSync(claim, { force: true });
  };
  process.once('exit', release);
  try {
    for (let waits = 0; !acquire(file, claim); waits += 1) {
      if (waits === 0) console.error(`badged: waiting for another command that builds (${file}) …`);
      await delay(100);
    }
    rmSync(claim);
    await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** A link is made whole or not at all, and only where there is no such file yet. */
function acquire(file, claim) {
  if (link(claim, file)) return true;
  const found = holder(file);
  if (found !== undefined && !isRunning(found)) removeAbandoned(file, found, claim);
  return false;
}

/** One process at a time, so that nobody removes the lock of a process that has just got it. */
function removeAbandoned(file, abandonedBy, claim) {
  const removing = `${file}.removing`;
  if (!link(claim, removing)) return;
  try {
    if (holder(file) === abandonedBy) rmSync(file);
  } finally {
    rmSync(removing);
  }
}

function link(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function holder(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
