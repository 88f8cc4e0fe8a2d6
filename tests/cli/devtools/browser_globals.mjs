// What DevTools' code finds in a browser and not in Node.
Promise.withResolvers ??= function() {
  let resolve, reject;
  const promise = new Promise((yes, no) => { resolve = yes; reject = no; });
  return {promise, resolve, reject};
};
globalThis.self ??= globalThis;
globalThis.window ??= globalThis;
globalThis.location ??= {search: ''};
