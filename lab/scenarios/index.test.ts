import { helpText, parseOptions } from '../options';
import { SCENARIOS, scenarioNamed } from './index';

it('has scenarios that are told apart', () => {
  expect(new Set(SCENARIOS.map(({ id }) => id)).size).toBe(SCENARIOS.length);
  expect(new Set(SCENARIOS.map(({ about }) => about)).size).toBe(SCENARIOS.length);
});

it('is asked for one by name', () => {
  expect(parseOptions(['scenario', 'port-scan', '--once'])).toMatchObject({
    command: 'scenario',
    scenario: 'port-scan',
  });
  expect(() => parseOptions(['scenario', 'port-scan', 'quiet'])).toThrow('one behaviour at a time');
  expect(scenarioNamed('port-scan').finds).toEqual(['protocol']);
  expect(() => scenarioNamed('nap')).toThrow(/there is no scenario "nap"; there are slow-consumer-one, /);
});

it('says in the help what must be found', () => {
  expect(helpText()).toMatch(/^ {2}port-scan +protocol: one address speaks HTTP/m);
  expect(helpText()).toMatch(/^ {2}quiet +nothing: nothing happens$/m);
});
