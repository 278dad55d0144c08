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
