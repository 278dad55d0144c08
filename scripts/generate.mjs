// npm run generate: writes what is generated from Go's tables; --check only tells whether it is up to date.
import { bootstrap } from './bootstrap.mjs';
import { must } from './lib.mjs';

await bootstrap();
await must('go', ['run', './scripts/generate', ...process.argv.slice(2)]);
