import { changeType, changeView, remember } from './change';
import { type Query } from './model.gen';
import { isValid } from './validity';

const full: Query = {
  version: 1,
  queryType: 'stops',
  view: 'table',
  metric: 'bytes_lost_min',
  groupBy: ['reason', 'server'],
  filters: [
    { key: 'class', operator: '=', values: ['unexpected'] },
    { key: 'server', operator: '=~', values: ['n.*'] },
  ],
  sort: { by: 'bytes_lost_min', desc: true },
  limit: 7,
  interval: '5m',
};

describe('another query type', () => {
  it('keeps what still fits and drops the rest', () => {
    const servers = changeType(full, 'servers');
    expect(servers).toMatchObject({
      queryType: 'servers',
      view: 'table',
      groupBy: ['server'],
      filters: [{ key: 'server', operator: '=~', values: ['n.*'] }],
      limit: 7,
      interval: '5m',
    });
    expect(servers.metric).toBeUndefined();
    expect(servers.sort).toBeUndefined();
    expect(isValid(servers)).toBe(true);
  });

  it('has what it had before when it is asked again', () => {
    const memory = remember({ types: {}, limits: {} }, full);
    const open = changeType(full, 'connections', memory);
    expect(open.filters).toHaveLength(1);
    expect(changeType(open, 'stops', remember(memory, open))).toEqual({
      ...full,
      filters: [full.filters![1], full.filters![0]],
    });
  });

  it('takes its first view and its grouping when nothing fits', () => {
    const open = changeType({ ...full, view: 'logs', groupBy: ['reason'] }, 'connections');
    expect(open).toMatchObject({ view: 'table', groupBy: ['account', 'server'] });
  });

  it.each(['stops', 'connections', 'servers'] as const)('%s can be asked from every other', (type) => {
    for (const from of ['stops', 'connections', 'servers'] as const) {
      expect(isValid(changeType(changeType(full, from), type))).toBe(true);
    }
  });
});

describe('another view', () => {
  it('keeps filters, grouping and interval', () => {
    const { sort, limit, ...rest } = full;
    expect([sort, limit]).not.toContain(undefined);
    expect(changeView(full, 'records')).toMatchObject({ ...rest, view: 'records' });
  });

  it('does not take a number of groups for one of lines, and gives it back', () => {
    const memory = remember({ types: {}, limits: {} }, full);
    const logs = changeView(full, 'logs', memory);
    expect(logs.limit).toBeUndefined();
    expect(changeView(full, 'totals', memory).limit).toBe(7);
    expect(changeView(logs, 'table', remember(memory, logs)).limit).toBe(7);
  });

  it('keeps the difference to the time before for totals alone', () => {
    const compared = { ...full, view: 'totals' as const, change: true };
    expect(changeView(compared, 'totals').change).toBe(true);
    expect(changeView(compared, 'table').change).toBeUndefined();
    expect(changeType(compared, 'servers').change).toBeUndefined();
  });

  it('drops an order that the view does not have', () => {
    const byLastSeen = { ...full, sort: { by: 'last_seen', desc: true } };
    expect(changeView(byLastSeen, 'records').sort).toBeUndefined();
  });

  it('keeps the order for the way back when the view has none', () => {
    expect(changeView(changeView(full, 'totals'), 'table').sort).toEqual(full.sort);
  });
});
