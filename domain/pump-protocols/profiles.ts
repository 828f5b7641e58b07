import { alarisProfile } from './alaris-acp/profile.ts'
import { ip1Profile } from './ip1/profile.ts'
import { neurowaveProfile } from './neurowave-ap4000/profile.ts'
import { newEraProfile } from './new-era-ne1000/profile.ts'
import type { PumpProfile } from './profile.ts'
import { terumoProfile } from './terumo-xml-tcp/profile.ts'
import { mivaProfile } from './zyno-miva/profile.ts'

/** Every pump protocol this project speaks, by id. A new one is added here. */
export const profiles: ReadonlyMap<string, PumpProfile> = new Map(
  [ip1Profile, alarisProfile, neurowaveProfile, mivaProfile, terumoProfile, newEraProfile].map(
    (profile) => [profile.id, profile] as const,
  ),
)

export const findProfile = (id: string): PumpProfile | null => profiles.get(id) ?? null
