/** What can only be measured inside of the plugin: decoding, what is kept, and what is found in it. */
import { type Host } from '../host';
import { type Numbers, benchmarks, numberOf } from './benchmarks';
import { type Report, type Result, type Table, compare, compareTimes, duration } from './report';

const KEPT = [1_000, 10_000, 100_000, 1_000_000];
const FEWEST = 1_000;
const MOST = 1_000_000;
const NS = 1e6; // in a millisecond

const GOALS = {
  decode: 1 / 6,
  groupMs: 15,
  allocations: MOST / 1_000,
  bytes: 96,
  // What is kept may outgrow the processor's caches.
  growth: 1.5,
  findMs: 100,
  nothingNewMs: 5,
};

export async function inside(_: Host, rounds: number): Promise<Report> {
  const measured = new Map([
    ...(await benchmarks(['./pkg/source/connz/decode'], '^BenchmarkRing$', { count: rounds, time: '100ms' })),
    ...(await benchmarks(['./pkg/engine'], '^Benchmark(Groups|Find)$', { count: rounds, time: '50ms' })),
    ...(await benchmarks(['./pkg/ledger'], '^BenchmarkMerge$', { count: rounds, time: '20x' })),
    ...(await benchmarks(['./pkg/ledger'], '^BenchmarkMemory$', { count: 1, time: '1x' })),
    // Each of these begins with a million records that take seconds to make.
    ...(await benchmarks(['./pkg/finding/watch'], '^BenchmarkLook$', { count: Math.ceil(rounds / 5), time: '10x' })),
  ]);
  return { results: [...decoding(measured), ...kept(measured), ...found(measured)], tables: [growth(measured)] };
}

function found(measured: Map<string, Numbers>): Result[] {
  const ms = (what: string) => numberOf(measured, `BenchmarkLook/${what}`, 'ns/op') / NS;
  const [anew, again] = [ms('anew'), ms('nothing-new')];
  return [
    compare(
      'findings in 1,000,000 records and 100,000 open connections ÷ 100 ms',
      anew,
      GOALS.findMs,
      1,
      duration(anew)
    ),
    compare('findings, nothing new ÷ 5 ms', again, GOALS.nothingNewMs, 1, duration(again)),
  ];
}

function decoding(measured: Map<string, Numbers>): Result[] {
  const of = (who: string, unit: string) => numberOf(measured, `BenchmarkRing/${who}`, unit);
  const [speed, other] = [of('ours', 'MB/s'), of('encoding-json', 'MB/s')];
  const [allocations, others] = [of('ours', 'allocs/op'), of('encoding-json', 'allocs/op')];
  return [
    compare(
      'decode ÷ encoding/json, time',
      of('ours', 'ns/op'),
      of('encoding-json', 'ns/op'),
      GOALS.decode,
      `${speed.toFixed(0)} MB/s to ${other.toFixed(0)} MB/s`
    ),
    compare('decode ÷ encoding/json, allocations', allocations, others, GOALS.decode, `${allocations} ÷ ${others}`),
  ];
}

/** What is known of so many kept records, times in milliseconds. */
function of(measured: Map<string, Numbers>, count: number) {
  const group = (key: string, unit: string) => numberOf(measured, `BenchmarkGroups/by=${key}/kept=${count}`, unit);
  const memory = (names: string) => numberOf(measured, `BenchmarkMemory/names=${names}/kept=${count}`, 'B/record');
  return {
    byAccount: group('account', 'ns/op') / NS,
    byUser: group('user', 'ns/op') / NS,
    nsPerRecord: group('user', 'ns/op') / count,
    allocations: group('user', 'allocs/op'),
    find: numberOf(measured, `BenchmarkFind/kept=${count}`, 'ns/op') / NS,
    merge: numberOf(measured, `BenchmarkMerge/kept=${count}`, 'ns/op') / NS,
    shared: memory('shared'),
    unique: memory('unique'),
  };
}

function kept(measured: Map<string, Numbers>): Result[] {
  const [few, many] = [of(measured, FEWEST), of(measured, MOST)];
  const filtered = (ms: number) => `${duration(ms)} with a filter on type`;
  const ns = (value: number) => `${value.toFixed(1)} ns`;
  return [
    compare(
      'group 1,000,000 records by reason and account ÷ 15 ms of one core',
      many.byAccount,
      GOALS.groupMs,
      1,
      filtered(many.byAccount)
    ),
    compare(
      'group 1,000,000 records by reason and user ÷ 15 ms of one core',
      many.byUser,
      GOALS.groupMs,
      1,
      filtered(many.byUser)
    ),
    compare(
      'group 1,000,000 records, allocations ÷ 1 per 1,000 records',
      many.allocations,
      GOALS.allocations,
      1,
      `${many.allocations} allocations in all`
    ),
    compare(
      'memory per kept record ÷ 96 bytes',
      many.shared,
      GOALS.bytes,
      1,
      `${many.shared.toFixed(1)} bytes beside the texts; ${many.unique.toFixed(1)} where each record brings a name of its own`
    ),
    compare(
      'growth: grouping a record of 1,000,000 by user ÷ one of 1,000',
      many.nsPerRecord,
      few.nsPerRecord,
      GOALS.growth,
      `${ns(many.nsPerRecord)} ÷ ${ns(few.nsPerRecord)}`
    ),
    compareTimes('growth: adding 64 records to 1,000,000 ÷ to 1,000', many.merge, few.merge, GOALS.growth),
  ];
}

const growth = (measured: Map<string, Numbers>): Table => ({
  title: 'As records become many',
  remark:
    "One server's records. Both ways to group have a filter on type; whole blocks of records are summed by reason, " +
    'account, server and client once, while by user each record counts. Finding is for the newest 100 of a short time ' +
    'range in the middle.',
  rows: [
    [
      'Kept records',
      'Group by reason, account',
      'By reason, user',
      'By user, per record',
      'Find 100',
      'Add 64',
      'Memory per record',
    ],
    ...KEPT.map((count) => {
      const { byAccount, byUser, nsPerRecord, find, merge, shared } = of(measured, count);
      const times = [byAccount, byUser].map(duration);
      return [
        `${count}`,
        ...times,
        `${nsPerRecord.toFixed(1)} ns`,
        ...[find, merge].map(duration),
        `${shared.toFixed(1)} bytes`,
      ];
    }),
  ],
});
