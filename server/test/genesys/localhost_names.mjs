/**
 * Preloaded into child processes: the names below localhost are this machine (RFC 6761, section 6.3), which not
 * every system's resolver knows.
 */
import dns from 'node:dns';

const { lookup } = dns;
dns.lookup = (hostname, options, callback) =>
  lookup(/\.localhost$/.test(hostname) ? 'localhost' : hostname, options, callback);
