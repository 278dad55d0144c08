/** Playing scenarios: the servers that they need, and what they did. */
import { buildRelease, buildServer } from '../binary';
import { type AnswerKey } from './key';
import { type Scenario } from './types';
import { World, type WorldOptions } from './world';

/** A world for this scenario, with everybody at work; nothing has happened yet. */
export async function worldOf(scenario: Scenario, options: WorldOptions = {}): Promise<World> {
  const { upgradesFrom, prepare } = scenario;
  const newer = await buildServer();
  const binary = upgradesFrom ? await buildRelease(upgradesFrom) : newer;
  const world = await World.start(scenario, { binary, newer, ...options });
  try {
    if (!scenario.strict) {
      await world.settle();
    }
    await prepare?.(world);
  } catch (cause) {
    await world.close();
    throw cause;
  }
  return world;
}

/** Lets it happen, and says what did. */
export async function play(scenario: Scenario, world: World): Promise<AnswerKey> {
  await scenario.run(world);
  return world.key.answers(scenario.id);
}
