import React, { useState } from 'react';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { stubLayout } from '../../testing/layout';
import { type NatsOptions } from '../../types';
import { Links } from './Links';

interface PickerProps {
  inputId: string;
  disabled: boolean;
  onChange: (settings: { uid: string }) => void;
}

jest.mock('@grafana/runtime', () => ({
  DataSourcePicker: ({ inputId, disabled, onChange }: PickerProps) => (
    <button id={inputId} disabled={disabled} onClick={() => onChange({ uid: 'loki-1' })}>
      choose
    </button>
  ),
}));

beforeAll(() => stubLayout());

function setup(options: NatsOptions = {}, readOnly = false) {
  const seen = { options };
  function Host() {
    const [current, setCurrent] = useState(options);
    seen.options = current;
    return <Links options={current} readOnly={readOnly} onChange={(part) => setCurrent({ ...current, ...part })} />;
  }
  render(<Host />);
  return { seen, user: userEvent.setup() };
}

test('a link to logs is ready but for its data source', async () => {
  const { seen, user } = setup();
  await user.click(screen.getByRole('button', { name: 'Add link to logs' }));
  expect(screen.getByText('Choose the data source.')).toBeInTheDocument();
  await user.click(screen.getByLabelText('Data source'));
  await user.type(screen.getByLabelText(/^Around the stop/), '5m');
  expect(screen.queryByText(/^This link|^Choose/)).not.toBeInTheDocument();
  expect(seen.options.links).toEqual([
    { title: 'Server log', datasource: 'loki-1', query: '{app="nats"} |= "cid:${cid}"', around: '5m' },
  ]);
});

test('a link to a page says what is wrong with its address', async () => {
  const { seen, user } = setup();
  await user.click(screen.getByRole('button', { name: 'Add link to a page' }));
  expect(screen.getByText('Write the address of the page.')).toBeInTheDocument();
  await user.type(screen.getByLabelText(/^Address/), 'wiki');
  expect(screen.getByText(/^This link has the url "wiki": write an address/)).toBeInTheDocument();
  await user.clear(screen.getByLabelText(/^Address/));
  await user.type(screen.getByLabelText(/^Address/), 'https://wiki.example/$'.concat('{{app}'));
  expect(screen.queryByText(/^This link/)).not.toBeInTheDocument();
  expect(seen.options.links?.[0]).toMatchObject({ key: 'app', url: 'https://wiki.example/${app}' });
});

test('the last link that is removed leaves nothing behind', async () => {
  const { seen, user } = setup({ links: [{ title: 'x', url: '/a' }] });
  await user.click(screen.getByRole('button', { name: 'Remove link 1' }));
  expect(seen.options.links).toBeUndefined();
});

test('a provisioned data source shows its links and does not change them', () => {
  setup({ links: [{ title: 'x', url: '/a' }] }, true);
  for (const control of [...screen.getAllByRole('textbox'), ...screen.getAllByRole('button')]) {
    expect(control).toBeDisabled();
  }
});
