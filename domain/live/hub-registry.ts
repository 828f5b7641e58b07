import { z } from 'zod'
import { HubId } from '../ids.ts'

// Which hubs may come in, for administrators: names, keys and versions; no pump's value and no label.

export const HubKeyView = z.object({
  keyId: z.string(),
  /** Four words to compare with those that the hub says (key-words.ts); null: of an id of another kind. */
  words: z.string().nullable(),
  active: z.boolean(),
  createdAt: z.int(),
  /** Server time, ms; null: until it is replaced. */
  validUntil: z.int().nullable(),
})
export type HubKeyView = z.infer<typeof HubKeyView>

export const RegisteredHub = z.object({
  hubId: HubId,
  name: z.string(),
  /** `waiting`: its claim was not used yet. */
  state: z.enum(['waiting', 'active', 'revoked']),
  enrolledAt: z.int().nullable(),
  lastHeardAt: z.int().nullable(),
  gatewayVersion: z.string().nullable(),
  nodeVersion: z.string().nullable(),
  pumps: z.int(),
  /** Newest first. */
  keys: z.array(HubKeyView),
})
export type RegisteredHub = z.infer<typeof RegisteredHub>

export const HubRegister = z.object({ hubs: z.array(RegisteredHub), serverTime: z.int() })
export type HubRegister = z.infer<typeof HubRegister>

export const HubName = z.string().trim().min(1).max(64)
export const HubNameBody = z.strictObject({ name: HubName })

/** Shown once: the code is stored nowhere. */
export const HubClaim = z.object({ hubId: HubId, claimId: z.string(), code: z.string(), expiresAt: z.int() })
export type HubClaim = z.infer<typeof HubClaim>
