/** What a dashboard's answers take beyond the way that any plugin's answers take. */
import { buildGo } from '../binary';
import { type DataSource, Host } from '../host';
import { PANELS, ask, refreshing } from './asking';
import { type Result, compareTimes } from './report';
import { interleave } from './work';

const GOAL = 1.25;
const NAME = '12 panels at once, warm ÷ the same answers of a plugin that does nothing else';

/** Compares twelve panels at once with a plugin that only sends the same frames. */
export async function protocol(host: Host, warm: DataSource, rounds: number): Promise<Result> {
  const echo = await Host.start(await buildGo('echoplugin', './internal/echoplugin'));
  try {
    const answers = await Promise.all(PANELS.map((panel) => ask(host, warm, panel)));
    for (const [i, [frame]] of answers.entries()) {
      await echo.resource(warm, { path: `panel${i}`, method: 'POST', body: frame });
    }
    const echoed = PANELS.map((_, i) => ({ queryType: 'echo', name: `panel${i}` }));
    const times = await interleave(rounds, {
      ours: refreshing(host, warm, PANELS),
      echo: refreshing(echo, warm, echoed),
    });
    return compareTimes(NAME, times.ours, times.echo, GOAL);
  } finally {
    await echo.close();
  }
}
