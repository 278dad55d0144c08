/** Runs once before all tests that ask the plugin: builds what they start. */
import { buildPlugin, buildRelease, buildServer, pinnedRelease } from '../../lab/binary';

/** The tests run against the release that go.mod pins, or the one that NATS_SERVER_VERSION names. */
export default async function build(): Promise<void> {
  const pinned = await pinnedRelease();
  const release = process.env.NATS_SERVER_VERSION ?? pinned;
  process.env.NATS_SERVER_VERSION = release;
  process.env.NATS_SERVER_BINARY = release === pinned ? await buildServer() : await buildRelease(release);
  process.env.PLUGIN_BINARY = await buildPlugin();
}
