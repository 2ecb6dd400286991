// Takes messages from a queue, and acknowledges each batch once badged has made it durable. `queue` is a client of Kafka, SQS
// or any other queue that delivers again what was not acknowledged.

/** Runs until the queue ends. Throws if badged cannot serve: the queue then delivers the batch again. */
export async function consume(queue, { url, app, token }, onRefused) {
  for (;;) {
    const messages = await queue.receive(1_000);
    if (messages === undefined) return;
    const response = await fetch(`${url}/apps/${app}/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
      body: messages.map(({ operation }) => JSON.stringify(operation)).join('\n'),
    });
    if (!response.ok) throw new Error(`badged responded with ${response.status}`);
    const results = (await response.text()).split('\n').slice(0, -1);
    for (const [index, message] of messages.entries()) {
      const { status, body } = JSON.parse(results[index] ?? '{"status":503}');
      if (status >= 500) throw new Error(`badged responded with ${status}`);
      // It would be refused again and again: it goes to a list that people check.
      if (status >= 400) await onRefused(message, body);
    }
    await queue.acknowledge(messages);
  }
}
