import React, { useState } from 'react';
import { type DataSourceSettings } from '@grafana/data';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { stubLayout } from '../testing/layout';
import { type NatsOptions, type NatsSecrets } from '../types';
import ConfigEditor from './ConfigEditor';

beforeAll(stubLayout);

type Settings = DataSourceSettings<NatsOptions, NatsSecrets>;

function setup(jsonData: NatsOptions = {}, part: Partial<Settings> = {}) {
  const seen = { options: { jsonData, secureJsonFields: {}, readOnly: false, ...part } as Settings };
  function Host() {
    const [options, setOptions] = useState(seen.options);
    seen.options = options;
    return <ConfigEditor options={options} onOptionsChange={setOptions} />;
  }
  render(<Host />);
  return { seen, user: userEvent.setup() };
}

const url = (label: string) => screen.getByRole('textbox', { name: new RegExp(`^${label}`) });

describe('URLs', () => {
  it('are written as they are typed, with the version of the settings', async () => {
    const { seen, user } = setup();
    await user.type(url('Monitoring URLs'), 'http://n1:8222');
    expect(seen.options.jsonData).toEqual({ version: 1, urls: ['http://n1:8222'] });
  });

  it('that are pasted together become one input each', async () => {
    const { seen, user } = setup({ urls: ['http://n1:8222'] });
    await user.click(url('Monitoring URLs'));
    await user.paste('http://n2:8222\nhttp://n3:8222, ftp://n4');
    expect(seen.options.jsonData.urls).toEqual(['http://n1:8222', 'http://n2:8222', 'http://n3:8222', 'ftp://n4']);
    expect(screen.getByText(/starts with http/)).toBeInTheDocument();
  });

  it('say what is wrong once they are left', async () => {
    const { user } = setup();
    await user.type(url('Monitoring URLs'), 'http://me:secret@n1:8222');
    expect(screen.queryByText(/user and password below/)).not.toBeInTheDocument();
    await user.tab();
    expect(screen.getByText(/user and password below/)).toBeInTheDocument();
  });

  it('are added and removed', async () => {
    const { seen, user } = setup({ urls: ['http://n1:8222', 'http://n2:8222'] });
    await user.click(screen.getByRole('button', { name: 'Remove URL 1' }));
    expect(seen.options.jsonData.urls).toEqual(['http://n2:8222']);
    await user.click(screen.getByRole('button', { name: 'Add URL' }));
    expect(seen.options.jsonData.urls).toEqual(['http://n2:8222', '']);
  });
});

describe('classes', () => {
  it('of a reason are turned around when it is added', async () => {
    const { seen, user } = setup();
    await user.type(screen.getByRole('combobox', { name: /Reason to classify/ }), 'Pending Bytes');
    await user.click(await screen.findByRole('option', { name: /Slow Consumer \(Pending Bytes\)/ }));
    await user.click(screen.getByRole('button', { name: 'Add reason' }));
    expect(seen.options.jsonData.classOverrides).toEqual({ 'Slow Consumer (Pending Bytes)': 'planned' });
  });

  it('can be given to a reason that nobody knows yet', async () => {
    const { seen, user } = setup();
    await user.type(screen.getByRole('combobox', { name: /Reason to classify/ }), 'Moon Phase');
    await user.click(await screen.findByRole('option', { name: /Moon Phase/ }));
    await user.click(screen.getByRole('button', { name: 'Add reason' }));
    expect(seen.options.jsonData.classOverrides).toEqual({ 'Moon Phase': 'planned' });
  });

  it('are changed and removed, and say what the default is', async () => {
    const { seen, user } = setup({ classOverrides: { 'Read Error': 'planned' } });
    const row = within(screen.getByRole('group', { name: 'Read Error' }));
    expect(row.getByText('by default unexpected')).toBeInTheDocument();
    await user.click(row.getByRole('radio', { name: 'Unexpected' }));
    expect(seen.options.jsonData.classOverrides).toEqual({ 'Read Error': 'unexpected' });
    await user.click(row.getByRole('button', { name: 'Remove the class of Read Error' }));
    expect(seen.options.jsonData.classOverrides).toEqual({});
  });
});

describe('app patterns', () => {
  it('are the defaults until one is changed, and can be tried', async () => {
    const { seen, user } = setup();
    expect(screen.getByText('App: billing-service')).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Remove pattern 1' }));
    expect(seen.options.jsonData.appPatterns).toHaveLength(2);
    expect(screen.getByText('App: billing-service-pod-3a7f')).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Back to the defaults' }));
    expect(seen.options.jsonData.appPatterns).toBeUndefined();
  });
});

describe('authentication', () => {
  it("writes Grafana's own keys", async () => {
    const { seen, user } = setup();
    await user.click(screen.getByRole('checkbox', { name: /Skip TLS certificate validation/ }));
    await user.type(screen.getByRole('textbox', { name: /TLS server name/ }), 'nats.example.com{Enter}');
    expect(seen.options.jsonData).toMatchObject({ tlsSkipVerify: true, serverName: 'nats.example.com' });
  });

  it('never shows a stored secret', () => {
    setup({}, { basicAuth: true, basicAuthUser: 'ops', secureJsonFields: { basicAuthPassword: true } });
    expect(screen.getByDisplayValue('ops')).toBeInTheDocument();
    expect(screen.getByDisplayValue('configured')).toBeDisabled();
  });
});

test('a provisioned data source cannot be changed', () => {
  setup(
    { urls: ['http://n1:8222'], classOverrides: { Kicked: 'unexpected' }, appPatterns: ['-x$'] },
    { readOnly: true }
  );
  const example = screen.getByRole('textbox', { name: 'Try a client name' });
  for (const input of screen.getAllByRole('textbox').filter((one) => one !== example)) {
    expect(input).toBeDisabled();
  }
  for (const name of ['Add URL', 'Add pattern', 'Remove pattern 1', 'Add reason', 'Remove the class of Kicked']) {
    expect(screen.getByRole('button', { name })).toBeDisabled();
  }
});

test('people are told who will see what', () => {
  setup();
  expect(screen.getByText(/connections of all accounts/)).toBeInTheDocument();
});
