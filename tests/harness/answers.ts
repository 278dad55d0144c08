/** Which servers a data source reaches. */
import { type DataSource, type Host } from '../../lab/host';
import { ask, rows } from './plugin';

/** How many servers answered, of how many; throws what the query was refused with. */
export async function answering(host: Host, source: DataSource): Promise<string> {
  const servers = rows(await ask(host, source, { queryType: 'servers', view: 'table' }));
  return `${servers.filter(({ answered }) => answered === 1).length} of ${servers.length}`;
}
