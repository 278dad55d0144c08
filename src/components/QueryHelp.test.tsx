import React from 'react';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import QueryHelp from './QueryHelp';

test('every example is one click away', async () => {
  const onClickExample = jest.fn();
  render(<QueryHelp datasource={{} as never} query={{} as never} onClickExample={onClickExample} />);
  await userEvent.click(screen.getByRole('button', { name: 'Failed logins by user' }));
  expect(onClickExample.mock.calls[0][0]).toMatchObject({ refId: 'A', queryType: 'stops', groupBy: ['user', 'ip'] });
});
