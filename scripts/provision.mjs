// npm run provision: dashboards and alert rules of one data source, for whatever provisions Grafana.
import { bootstrap } from './bootstrap.mjs';
import { runTypeScript } from './lib.mjs';

await bootstrap({ go: false });
const { USAGE, told, write } = await runTypeScript('dashboards/provision.ts');
try {
  process.stdout.write(
    write(told(process.argv.slice(2)))
      .map((file) => `wrote ${file}\n`)
      .join('')
  );
} catch ({ message }) {
  process.stderr.write(`${message}\n\n${USAGE}`);
  process.exit(2);
}
