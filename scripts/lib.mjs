// What the scripts share. Plain Node without packages: it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const CACHE = path.join(ROOT, '.cache');

/** The environment of Go commands: no version stamping (a clone may belong to somebody else) and caches without a home. */
export function goEnv() {
  const env = { ...process.env, GOFLAGS: [process.env.GOFLAGS, '-buildvcs=false'].filter(Boolean).join(' ') };
  const homeless = !env.HOME && !env.USERPROFILE;
  if (homeless) {
    env.GOPATH ??= path.join(CACHE, 'go');
    env.GOCACHE ??= path.join(CACHE, 'go-build');
  }
  return env;
}

/** Whether the file is what Node was started with. */
export const isMain = (url) => url === pathToFileURL(process.argv[1] ?? '').href;

/** npm, however the platform starts it. */
export const npmCommand = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Runs a command in the repository and gives its exit code, what it printed, and what of that was no complaint. */
export function capture(command, args, env = goEnv()) {
  return new Promise((resolve) => {
    const printed = [];
    const all = [];
    const child = spawn(command, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk) => [printed, all].forEach((chunks) => chunks.push(chunk)));
    child.stderr.on('data', (chunk) => all.push(chunk));
    const end = (code, output) => resolve({ code, printed: Buffer.concat(printed).toString(), output });
    child.once('error', (cause) => end(1, `${command}: ${cause.message}\n`));
    child.once('close', (code) => end(code ?? 1, Buffer.concat(all).toString()));
  });
}

/** Runs a command with the terminal's input and output; ends the script with its exit code unless that is 0. */
export async function must(command, args, env = goEnv()) {
  const code = await new Promise((resolve) => {
    // Standard output is the caller's: what is only told along the way goes to standard error.
    const child = spawn(command, args, { cwd: ROOT, env, stdio: ['inherit', 2, 'inherit'] });
    child.once('error', (cause) => {
      process.stderr.write(`${command}: ${cause.message}\n`);
      resolve(1);
    });
    child.once('close', resolve);
  });
  if (code !== 0) {
    process.exit(code ?? 1);
  }
}

/** The first line that a command prints, or nothing when it cannot be run. */
export function firstLine(command, args) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n')[0].trim() : undefined;
}

/** Runs a TypeScript file in this process, with the environment of Go commands, and gives what it exports. */
export async function runTypeScript(file) {
  Object.assign(process.env, goEnv());
  const { register } = await import('tsx/cjs/api');
  register();
  const { createRequire } = await import('node:module');
  return createRequire(import.meta.url)(path.join(ROOT, file));
}
