/** Runs once before all tests that ask the plugin: builds what they start. */
import { buildPlugin } from '../../lab/binary';

export default async function build(): Promise<void> {
  process.env.PLUGIN_BINARY = await buildPlugin();
}
