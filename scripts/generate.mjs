// npm run generate: writes what is generated from Go's tables and from dashboards/; --check only tells whether it is up to date.
import { bootstrap } from './bootstrap.mjs';
import { must } from './lib.mjs';

await bootstrap();
await must('go', ['run', './scripts/generate', ...process.argv.slice(2)]);
await must(process.execPath, ['--import', 'tsx', 'dashboards/generate.ts', ...process.argv.slice(2)]);
