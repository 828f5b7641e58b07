import { startInfluxd } from '#test/support/influxd.ts'
import { System, type SystemOptions } from '#test/support/system.ts'

export interface SystemUnderTest extends AsyncDisposable {
  readonly system: System
}

/** The whole system over one of the telemetry stores. */
export const openSystem = async (
  engine: 'sqlite' | 'influx',
  options: SystemOptions = {},
): Promise<SystemUnderTest> => {
  await using stack = new AsyncDisposableStack()
  const store: Record<string, string> = {}
  if (engine === 'influx') {
    const influxd = stack.use(await startInfluxd())
    store['INFLUX_URL'] = influxd.url
    store['INFLUX_BUCKET'] = 'infusion_watch'
  }
  const system = stack.use(await System.start({ ...options, env: { ...options.env, ...store } }))
  const kept = stack.move()
  return { system, [Symbol.asyncDispose]: async () => await kept.disposeAsync() }
}
