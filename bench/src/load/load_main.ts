/** The process that makes the load. */
import autocannon from 'autocannon';
import { answer, input, listIn, numberIn, textIn } from '../measure/child.js';

const load = await input();
const clients = numberIn(load, 'clients');
const requests = listIn(load, 'requests').map(requestOf);
let started = 0;
const cpuBefore = process.cpuUsage();
const begun = performance.now();
const result = await autocannon({
  url: textIn(load, 'url'),
  connections: clients,
  duration: numberIn(load, 'seconds'),
  headers: { authorization: `Bearer ${textIn(load, 'token')}`, 'content-type': 'application/json' },
  setupClient: (client) => {
    const first = started % requests.length;
    started += 1;
    const share = requests.filter((_, index) => index % clients === first % clients);
    client.setRequests(share.length > 0 ? share : requests);
  },
});
const { user, system } = process.cpuUsage(cpuBefore);
await answer({
  rate: result['2xx'] / result.duration,
  p50Ms: result.latency.p50,
  p99Ms: result.latency.p99,
  failed: result.errors + result.non2xx,
  clientCpu: (user + system) / 1000 / (performance.now() - begun),
});
process.exit();

function requestOf(request: unknown): autocannon.Request {
  const path = textIn(request, 'path');
  return textIn(request, 'method') === 'GET'
    ? { method: 'GET', path }
    : { method: 'POST', path, body: textIn(request, 'body') };
}
