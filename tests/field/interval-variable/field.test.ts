import { ask, frameOf, last, MINUTE, usePlugin } from '../../harness/plugin';
import { asking, useImitations } from '../../harness/imitations';

const plugin = usePlugin();
const { serve } = useImitations(__dirname);

test.each(['$__interval', '${__interval}', '$__interval_ms', '${__interval_ms}ms', '$__rate_interval', 'auto'])(
  '%s',
  async (interval) => {
    const source = asking([await serve('n1')]);
    const query = { queryType: 'stops', view: 'timeseries', interval, intervalMs: 200 };
    const answer = await ask(plugin(), source, query, { range: last(5 * MINUTE) });
    const [times = []] = frameOf(answer).data.values as number[][];
    expect([answer.status, Number(times[1]) - Number(times[0])]).toEqual([200, 1_000]);
    expect([301, 302]).toContain(times.length);
  }
);
