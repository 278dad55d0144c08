import { numberOf, read } from './benchmarks';

const OUTPUT = `goos: linux
pkg: example.com/pkg/engine
BenchmarkGroups/by=user/kept=1000-2  \t      10\t     42743 ns/op\t   37112 B/op\t     119 allocs/op
BenchmarkGroups/by=user/kept=1000-2  \t      10\t     50000 ns/op\t   37112 B/op\t     119 allocs/op
BenchmarkGroups/by=user/kept=1000-2  \t      10\t     40000 ns/op\t   37112 B/op\t     119 allocs/op
BenchmarkMemory/names=shared \t 1 \t 8543045 ns/op \t 89.73 B/record
PASS
`;

test('the median of each benchmark is read by its unit', () => {
  const measured = read(OUTPUT);
  expect(numberOf(measured, 'BenchmarkGroups/by=user/kept=1000', 'ns/op')).toBe(42743);
  expect(numberOf(measured, 'BenchmarkGroups/by=user/kept=1000', 'allocs/op')).toBe(119);
  expect(numberOf(measured, 'BenchmarkMemory/names=shared', 'B/record')).toBe(89.73);
});

test('a benchmark that is not there is an error', () => {
  expect(() => numberOf(read(OUTPUT), 'BenchmarkFind', 'ns/op')).toThrow('no benchmark BenchmarkFind told ns/op');
});
