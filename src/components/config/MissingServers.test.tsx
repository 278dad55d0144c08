import React from 'react';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';

import { MissingServers } from './MissingServers';

const get = jest.fn();
const post = jest.fn();
jest.mock('@grafana/runtime', () => ({
  ...jest.requireActual('@grafana/runtime'),
  getBackendSrv: () => ({ get, post }),
}));

const n1 = { id: 'A', name: 'n1', answered: true };
const n3 = { id: 'C', name: 'n3', answered: false, error: 'It did not answer in time.' };

async function show(): Promise<void> {
  render(<MissingServers uid="uid/1" />);
  await userEvent.click(screen.getByRole('button', { name: 'Show servers that do not answer' }));
}

beforeEach(() => {
  get.mockReset();
  post.mockReset();
});

test('a server that does not answer can be forgotten', async () => {
  get.mockResolvedValueOnce({ servers: [n1, n3] }).mockResolvedValueOnce({ servers: [n1] });
  post.mockResolvedValueOnce({});
  await show();
  expect(await screen.findByText('n3: It did not answer in time.')).toBeInTheDocument();
  expect(screen.queryByText(/^n1/)).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Forget' }));
  expect(await screen.findByText('All servers answer.')).toBeInTheDocument();
  expect(get).toHaveBeenCalledWith('/api/datasources/uid/uid%2F1/resources/servers');
  const [path, body] = post.mock.calls[0];
  expect([path, body]).toEqual(['/api/datasources/uid/uid%2F1/resources/forget-server', { id: 'C' }]);
});

test('what the plugin refuses is told', async () => {
  get.mockResolvedValue({ servers: [n3] });
  post.mockRejectedValueOnce({ data: { message: 'The settings name it: remove its URL there.' } });
  await show();
  await userEvent.click(await screen.findByRole('button', { name: 'Forget' }));
  await waitFor(() => expect(screen.getByText('The settings name it: remove its URL there.')).toBeInTheDocument());
  expect(screen.getByText('n3: It did not answer in time.')).toBeInTheDocument();
});
