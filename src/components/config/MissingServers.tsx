import React, { useState } from 'react';
import { getBackendSrv } from '@grafana/runtime';
import { Alert, Button, Stack, Text } from '@grafana/ui';
import { t } from '../../texts';

interface Server {
  id: string;
  name: string;
  answered: boolean;
  error?: string;
}

/** What the plugin says of a request that it does not meet. */
const reasonOf = (failure: unknown): string => {
  const { data, message } = (failure ?? {}) as { data?: { message?: string }; message?: string };
  return data?.message ?? message ?? t('missingServers.theRequestFailed', 'The request failed.');
};

/** Lists servers that are expected and do not answer, and has those forgotten that were removed on purpose. */
export function MissingServers({ uid }: { uid: string }) {
  const [missing, setMissing] = useState<Server[]>();
  const [problem, setProblem] = useState<string>();
  const at = (path: string) => `/api/datasources/uid/${encodeURIComponent(uid)}/resources/${path}`;
  const run = async (request: () => Promise<void>) => {
    setProblem(undefined);
    await request().catch((failure: unknown) => setProblem(reasonOf(failure)));
  };
  const load = async () => {
    const { servers } = await getBackendSrv().get<{ servers: Server[] }>(at('servers'));
    setMissing(servers.filter(({ answered, id }) => !answered && id !== ''));
  };
  const forget = async (id: string) => {
    await getBackendSrv().post(at('forget-server'), { id }, { showErrorAlert: false });
    await load();
  };

  return (
    <Stack direction="column" gap={1} alignItems="flex-start">
      <Button variant="secondary" onClick={() => run(load)}>
        {t('missingServers.showServersThatDoNot', 'Show servers that do not answer')}
      </Button>
      {missing?.length === 0 && <Text>{t('missingServers.allServersAnswer', 'All servers answer.')}</Text>}
      {missing?.map(({ id, name, error }) => (
        <Stack key={id} alignItems="center" gap={2}>
          <Text>
            {name}
            {error !== undefined && `: ${error}`}
          </Text>
          <Button
            variant="secondary"
            size="sm"
            tooltip={t(
              'missingServers.forAServerThatWas',
              'For a server that was removed on purpose. Its records stay.'
            )}
            onClick={() => run(() => forget(id))}
          >
            {t('missingServers.forget', 'Forget')}
          </Button>
        </Stack>
      ))}
      {problem !== undefined && <Alert severity="warning" title={problem} />}
    </Stack>
  );
}
