import { APPS, appNamed, instanceName } from './names';

const SHAPES = {
  pod: /^[a-z-]+-pod-[0-9a-f]{4}$/,
  deployment: /^[a-z-]+-[bcdfghjklmnpqrstvwxz2456789]{10}-[bcdfghjklmnpqrstvwxz2456789]{5}$/,
  statefulset: /^[a-z-]+-\d$/,
};

it.each(APPS)('$app has instances named as a $shape has them', (app) => {
  const name = instanceName(app);
  expect(name.startsWith(`${app.app}-`)).toBe(true);
  expect(name).toMatch(SHAPES[app.shape]);
});

it('keeps a deployment in one replica set, as between two rollouts', () => {
  const checkout = appNamed('checkout');
  const set = (name: string) => name.split('-').at(-2);
  expect(set(instanceName(checkout))).toBe(set(instanceName(checkout)));
});

it('names a missing app', () => {
  expect(() => appNamed('nobody')).toThrow('the lab has no app "nobody"');
});
