/** One line on standard error that says what is being done; replaced by the next. Silent where nobody watches. */
export function progress(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${what}`);
  else if (what !== '') process.stderr.write(`${what}\n`);
}
