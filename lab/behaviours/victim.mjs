// A client process that is there to be killed: node victim.mjs <host> <port> <identity as JSON>.
// Once the server accepted it, it prints the server's INFO, as one JSON line, and kills itself: whoever did it from
// outside might be late, and what the server had sent by then and nobody read would make the end a reset.
import net from 'node:net';

const [host, port, identity] = process.argv.slice(2);
const connect = { verbose: false, pedantic: false, protocol: 1, headers: true, ...JSON.parse(identity ?? '{}') };
const socket = net.connect({ host, port: Number(port) });
let info;

// The server may be between two of its lives.
socket.on('error', ({ message }) => {
  console.error(message);
  process.exit(1);
});
socket.setEncoding('latin1');
socket.on('data', (chunk) => {
  for (const line of String(chunk).split('\r\n')) {
    if (line.startsWith('INFO ') && !info) {
      info = JSON.parse(line.slice(5));
      socket.write(`CONNECT ${JSON.stringify(connect)}\r\nPING\r\n`);
    } else if (line === 'PING') {
      socket.write('PONG\r\n');
    } else if (line === 'PONG') {
      console.log(JSON.stringify(info));
      process.kill(process.pid, 'SIGKILL');
    }
  }
});
