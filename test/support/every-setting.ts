import { z } from 'zod'
import type { PumpProfile } from '#domain/pump-protocols/profile.ts'
import { profiles } from '#domain/pump-protocols/profiles.ts'

interface Property {
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly type?: string
  readonly anyOf?: readonly Property[]
  readonly minimum?: number
  readonly maximum?: number
}

/** All values of a setting with a closed list of them; of a number its ends and its default. */
const valuesOf = (property: Property): readonly unknown[] => {
  const { anyOf, enum: choices, const: only, type, minimum, maximum } = property
  if (anyOf !== undefined) return anyOf.flatMap(valuesOf)
  if (choices !== undefined) return choices
  if (only !== undefined) return [only]
  if (type === 'boolean') return [true, false]
  if (type === 'null') return [null]
  return [...new Set([minimum, maximum, property.default])].filter((value) => value !== undefined)
}

/** A profile under every combination of its settings that it takes, with words that name the combination. */
export const everySetting = (
  profile: PumpProfile,
): readonly { readonly name: string; readonly profile: PumpProfile }[] => {
  const { properties = {} } = z.toJSONSchema(profile.settings) as { properties?: Readonly<Record<string, Property>> }
  let combinations: readonly Readonly<Record<string, unknown>>[] = [{}]
  for (const [name, property] of Object.entries(properties))
    combinations = combinations.flatMap((one) => valuesOf(property).map((value) => ({ ...one, [name]: value })))
  const taken = combinations.flatMap((settings) => {
    const configured = profile.configured(settings)
    return configured.ok ? [{ name: `${profile.id} ${JSON.stringify(settings)}`, profile: configured.profile }] : []
  })
  if (taken.length === 0) throw new TypeError(`${profile.id} refuses every combination of its settings`)
  return taken
}

export const everyProfile = (): ReturnType<typeof everySetting> => [...profiles.values()].flatMap(everySetting)
