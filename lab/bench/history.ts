/** A history in a stream: read back at a start, added to, and what it takes on the server's disk. */
import { type Host } from '../host';
import { benchmarks, numberOf } from './benchmarks';
import { firstAnswer } from './first-answer';
import { type Report, compare } from './report';

const GOALS = { recall: 2, bytes: 110 };

export async function history(_: Host, rounds: number): Promise<Report> {
  const measured = new Map([
    // Each of these begins with a stream of 200 blocks, of 1,000 records each.
    ...(await benchmarks(['./pkg/history'], '^Benchmark(Drop|Recall)$', { count: Math.ceil(rounds / 5), time: '3x' })),
    ...(await benchmarks(['./pkg/history'], '^Benchmark(Publish|Append)$', { count: rounds, time: '50x' })),
  ]);
  const ns = (name: string) => numberOf(measured, `Benchmark${name}`, 'ns/record');
  const told = (name: string) => `${ns(name).toFixed(0)} ns`;
  const perSecond = (name: string) => Math.round(1e9 / ns(name)).toLocaleString('en-US');
  const bytes = numberOf(measured, 'BenchmarkRecall', 'bytes/record');
  const row = (what: string, name: string) => [what, told(name), perSecond(name)];
  return {
    results: [
      compare(
        'history: read and keep 200,000 records of a stream ÷ a client that reads the messages and drops them',
        ns('Recall'),
        ns('Drop'),
        GOALS.recall,
        `${told('Recall')} ÷ ${told('Drop')} a record`
      ),
      compare('history: bytes on disk per record ÷ 110', bytes, GOALS.bytes, 1, `${bytes.toFixed(1)} bytes`),
      await firstAnswer(Math.ceil(rounds / 3)),
    ],
    tables: [
      {
        title: 'A history in a stream',
        remark:
          'Blocks of 1,000 records, in a stream on disk that its server compresses (`s2`); one after the other. What is ' +
          'said of a record is the time of a block, divided.',
        rows: [
          ['What', 'Per record', 'Records a second'],
          row('Read back, kept and ready for queries', 'Recall'),
          row('Read by a client that drops them', 'Drop'),
          row('Added as blocks', 'Append'),
          row('Published by a client as ready messages', 'Publish'),
        ],
      },
    ],
  };
}
