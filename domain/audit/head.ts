import { z } from 'zod'
import { canonicalJson } from './canonical-json.ts'

/** Where the chain ended at a time, signed: kept elsewhere it shows that no row before it was changed or cut off. */
export const AuditHead = z.strictObject({
  v: z.literal(1),
  /** Server time, ms. */
  at: z.int(),
  seq: z.int().nonnegative(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** The first 22 characters of SHA-256 of the public key, base64url. */
  keyId: z.string().max(64),
})
export type AuditHead = Readonly<z.infer<typeof AuditHead>>

/** One line of the file that heads are copied to. */
export const SignedHead = AuditHead.extend({ signature: z.string().max(128) })
export type SignedHead = Readonly<z.infer<typeof SignedHead>>

/** What is signed: it can be taken for nothing else that an Ed25519 key of ours signs. */
export const headMessage = ({ v, at, seq, hash, keyId }: AuditHead): string =>
  `infusion-watch audit head\n${canonicalJson({ v, at, seq, hash, keyId })}`

export const writtenHead = (head: SignedHead): string => canonicalJson({ ...head })

/** Null: not a head. */
export const readHead = (line: string): SignedHead | null => {
  try {
    return SignedHead.safeParse(JSON.parse(line)).data ?? null
  } catch {
    return null
  }
}
