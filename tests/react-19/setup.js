/** React's renderer for servers, which @grafana/ui takes along, makes a channel when it is loaded; jsdom has none. */
class Channel {
  port1 = { onmessage: undefined };
  port2 = { postMessage: (data) => setTimeout(() => this.port1.onmessage?.({ data }), 0) };
}

globalThis.MessageChannel ??= Channel;

// jsdom's is older than what Node.js and browsers have.
URL.canParse ??= (address, base) => {
  try {
    return Boolean(new URL(address, base));
  } catch {
    return false;
  }
};
