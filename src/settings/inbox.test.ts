import { inboxProblem } from './inbox';

test.each(['', '_INBOX_grafana', 'private.inbox.x'])('%j can be the prefix', (prefix) => {
  expect(inboxProblem(prefix)).toBeUndefined();
});

test.each(['_INBOX.>', '_INBOX.', '.x', 'a b', 'a.*', 'a..b'])('%j cannot', (prefix) => {
  expect(inboxProblem(prefix)).toMatch(/without wildcards/);
});
