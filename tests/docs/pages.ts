/** Reads the project's pages: their links, headings, code blocks and quotations. */
import fs from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(__dirname, '..', '..');
const REPOSITORY = 'https://github.com/natsops/nats-connections-datasource/';
const RAW = 'https://raw.githubusercontent.com/natsops/nats-connections-datasource/main/';

export interface Block {
  /** The words behind the fence: the language, then what the block is. */
  kind: string;
  text: string;
}

export interface Page {
  /** Path from the root of the repository. */
  file: string;
  /** The page without its code blocks. */
  prose: string;
  blocks: Block[];
}

const FENCE = /^```(.*)\n([\s\S]*?)^```$/gm;

export function readPage(file: string): Page {
  const text = fs.readFileSync(path.join(ROOT, file), 'utf8');
  const blocks = [...text.matchAll(FENCE)].map(([, kind = '', body = '']) => ({ kind: kind.trim(), text: body }));
  return { file, prose: text.replace(FENCE, ''), blocks };
}

export function readPages(): Page[] {
  const docs = fs.readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
  const pages = docs.filter((name) => name.endsWith('.md')).map((name) => `docs/${name.replaceAll(path.sep, '/')}`);
  return ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', ...pages].map(readPage);
}

/** Where the page's links and images lead. */
export const linksOf = ({ prose }: Page): string[] => [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = '']) => to);

/** Words in backticks. */
export const wordsInCode = ({ prose }: Page): string[] =>
  [...prose.matchAll(/`([^`\n]+)`/g)].map(([, word = '']) => word);

/** Lines that quote a message, each a paragraph of its own. */
export const quotationsOf = ({ prose }: Page): string[] =>
  [...prose.matchAll(/(?:^> .*\n?)+/gm)].map(([lines]) => lines.replace(/^> /gm, '').replace(/\s+/g, ' ').trim());

/** The anchors that GitHub gives to the page's headings. */
export function anchorsOf({ prose }: Page): string[] {
  return [...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replace(/ /g, '-')
  );
}

/** The file of this repository that a link leads to, or nothing if it leads elsewhere. */
export function fileOf(link: string, from: Page): { file: string; anchor?: string } | undefined {
  const [target = '', anchor] = link.split('#');
  const own = /^(?:blob|tree)\/main\/(.*)$/.exec(target.startsWith(REPOSITORY) ? target.slice(REPOSITORY.length) : '');
  if (own) {
    return { file: own[1] ?? '', anchor };
  }
  if (target.startsWith(RAW)) {
    return { file: target.slice(RAW.length), anchor };
  }
  if (/^[a-z]+:/.test(target)) {
    return undefined;
  }
  return { file: target === '' ? from.file : path.posix.join(path.posix.dirname(from.file), target), anchor };
}
