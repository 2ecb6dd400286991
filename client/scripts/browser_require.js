// After a plain script tag: the vendor's SDK can then be had with require('platformClient') as well as by its global
// name, so ours can. A module loader that is already there keeps everything else. This is appended to the script build.
((scope) => {
  const byLoader = typeof define === 'function' && define.amd;
  const inNode = typeof exports === 'object' && typeof module !== 'undefined';
  if (byLoader || inNode) return;
  const platformClient = scope.platformClient;
  const earlier = scope.require;
  scope.require = (...request) => {
    if (request[0] === 'platformClient' || request[0] === 'purecloud-platform-client-v2')
      return platformClient;
    if (typeof earlier === 'function') return earlier(...request);
    throw new Error(`Cannot find module '${request[0]}'`);
  };
})(globalThis);
