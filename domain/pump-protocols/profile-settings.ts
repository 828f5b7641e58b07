import { z } from 'zod'
import type { ConfiguredProfile, PumpProfile } from './profile.ts'

/** A profile with everything but its settings. */
export type SettledProfile = Omit<PumpProfile, 'settings' | 'configured'>

/**
 * A profile under the defaults of its settings. `settings`: strict, flat, every entry with a default and a description
 * (docs/configuration.md is written from it). `build` must not look at anything else.
 */
export const profileWith = <S extends z.ZodObject>(
  settings: S,
  build: (values: z.output<S>) => SettledProfile,
): PumpProfile => {
  const under = (values: z.output<S>): PumpProfile => ({ ...build(values), settings, configured })
  const configured = (given: unknown): ConfiguredProfile => {
    const parsed = settings.safeParse(given)
    return parsed.success
      ? { ok: true, profile: under(parsed.data) }
      : { ok: false, problems: parsed.error.issues.map(({ path, message }) => ({ path, message })) }
  }
  return under(settings.parse({}))
}

/** A protocol that leaves nothing to choose. */
export const noSettings = z.strictObject({})
