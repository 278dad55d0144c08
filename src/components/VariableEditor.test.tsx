import React from 'react';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { stubLayout } from '../testing/layout';
import VariableEditor from './VariableEditor';

jest.mock('@grafana/runtime', () => ({
  ...jest.requireActual('@grafana/runtime'),
  getTemplateSrv: () => ({ getVariables: () => [] }),
}));

beforeAll(stubLayout);

test('a filter that was only begun is neither stored nor in the way', async () => {
  const onChange = jest.fn();
  const query = { refId: 'v', version: 1, queryType: 'values' as const, key: 'app' as const };
  const datasource = { values: jest.fn().mockResolvedValue([]) } as never;
  render(<VariableEditor datasource={datasource} query={query} onChange={onChange} onRunQuery={jest.fn()} />);
  await userEvent.click(screen.getByRole('button', { name: 'Add filter' }));
  expect(onChange).not.toHaveBeenCalled();
  expect(screen.getByRole('status')).toHaveTextContent('Known values of app.');
  expect(screen.queryByRole('alert')).not.toBeInTheDocument();
});

describe('where another editor was until just now', () => {
  const query = { refId: 'v', version: 1, queryType: 'values' as const, key: 'app' as const };
  const editor = (uid: string, key: 'app' | 'server', onChange: () => void) => (
    <VariableEditor
      key={`${uid} ${key}`}
      datasource={{ uid } as never}
      query={{ ...query, key }}
      onChange={onChange}
      onRunQuery={jest.fn()}
    />
  );
  const succeeded = (uid: string, key: 'app' | 'server') => {
    const onChange = jest.fn();
    render(editor('nats', 'app', onChange)).rerender(editor(uid, key, onChange));
    return onChange;
  };

  it('puts the same question to another data source', () => {
    const onChange = succeeded('other', 'app');
    expect(onChange).toHaveBeenCalledTimes(1);
    expect(onChange).toHaveBeenCalledWith(expect.objectContaining(query));
  });

  it.each([
    ['of the same data source', 'nats', 'app'],
    ['that asked something else', 'other', 'server'],
  ] as const)('asks nothing after one %s', (_, uid, key) => {
    expect(succeeded(uid, key)).not.toHaveBeenCalled();
  });

  it('asks nothing once that one is gone for good', async () => {
    const onChange = jest.fn();
    render(editor('nats', 'app', onChange)).unmount();
    await Promise.resolve();
    render(editor('other', 'app', onChange));
    expect(onChange).not.toHaveBeenCalled();
  });
});
