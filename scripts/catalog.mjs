// The documentation as Grafana's plugin catalog shows it: the pages of docs/ that are for users, in the form that it asks for.
import fs from 'node:fs';
import path from 'node:path';

import { ROOT } from './lib.mjs';

const REPOSITORY = 'https://github.com/natsops/nats-connections-datasource/blob/main/';

/** The catalog's pages in their order: where each comes from, and what it is about. */
export const PAGES = [
  ['configuration', 'connect', 'How to reach your NATS servers, over NATS, HTTP or both, and who sees what.'],
  ['history', 'history', 'A JetStream stream that keeps what was read, beyond the end of Grafana.'],
  ['query-editor', 'query', 'What can be asked of closed and open connections, servers and findings, in which shapes.'],
  ['live', 'live', 'Stops as they happen, in panels and in Explore, each once and none missing.'],
  ['findings', 'findings', 'The rules that tell what is wrong, whose it is, whether it goes on and what to do.'],
  ['dashboards', 'dashboards', 'The dashboards that come with the plugin, and how they are read.'],
  ['alerting', 'alert', 'The alert rules that ship with the plugin, and how to write your own.'],
  ['reasons', 'reasons', 'Every reason for which a NATS server closes a connection, with what to do about it.'],
  ['provisioning', 'provision', 'Data source, dashboards and alert rules from your own repository.'],
  ['prometheus', 'metrics', 'How to keep the counts of stopped connections in Prometheus for years.'],
  ['performance', 'performance', 'What the data source costs your NATS servers and Grafana, as measured.'],
  [
    'why-connections-stop',
    'why',
    'What is known of stopped NATS connections, sentence by sentence, and what servers really do.',
  ],
  ['troubleshooting', 'troubleshoot', 'Every message that the plugin shows, with what it means and what helps.'],
].map(([name, source, description], index) => ({
  name,
  source: `docs/${source}.md`,
  description,
  position: index + 2,
}));

/** The pages by their paths. */
export function catalog() {
  const pages = PAGES.map((page) => ({ ...page, ...read(page.source) }));
  return {
    'catalog/index.md': indexOf(pages),
    ...Object.fromEntries(pages.map((page) => [`catalog/${page.name}.md`, front(page) + page.body])),
  };
}

/** A page's title, and what comes below it. */
function read(source) {
  const text = fs.readFileSync(path.join(ROOT, source), 'utf8').replace(/(<!--[^]*?-->|^<a id=.*<\/a>$)\n*/gm, '');
  const [, title, body] = /^# (.*)\n+([^]*)$/.exec(text) ?? [];
  return { title, body: withLinks(source, body.replace(/^!\[.*\n+/gm, '')) };
}

const front = ({ title, description, position }) =>
  `---\ntitle: ${title}\ndescription: ${description}\nsidebar_position: ${position}\n---\n\n`;

/** Links stay among the pages, or lead to the repository. */
function withLinks(source, body) {
  return body.replace(/\]\((?!#|[a-z]+:)([^)#\s]+)(#[^)\s]*)?\)/g, (_, to, anchor = '') => {
    const target = path.posix.join(path.posix.dirname(source), to);
    const page = PAGES.find((one) => one.source === target);
    return `](${page ? `${page.name}.md` : REPOSITORY + target}${anchor})`;
  });
}

function indexOf(pages) {
  const about = {
    title: 'NATS Connections',
    description: 'Why did that NATS connection stop? Closed and open connections of every NATS server, in Grafana.',
    position: 1,
  };
  const list = pages.map(({ name, title, description }) => `- [${title}](${name}.md): ${description}`).join('\n');
  return `${front(about)}A data source that asks every server of a NATS system for its closed and open connections, and says why they stopped, whose
they were, whether they came back and what to do. Panels, Explore, alert rules and annotations ask it; dashboards and rules
come with it.

## Pages

${list}
`;
}
