import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { PatientCipher, PatientKeys, SealedPlace } from '#server/core/patient-cipher.ts'

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/** What a sealed text is bound to: moved to another row or column it does not open. */
const boundTo = ({ column, rowId }: SealedPlace): Buffer =>
  Buffer.from(column === 'totp' ? `app_totp/secret/${rowId}` : `patient_use/${column}/${rowId}`)

/** AES-256-GCM, a random nonce of 96 bits each time; sealed: nonce, tag, text. */
export const patientCipher = (keys: Pick<PatientKeys, 'keys'>): PatientCipher => {
  const known = new Map<string, KeyObject>()
  const keyOf = (keyId: string): KeyObject | null => {
    if (!known.has(keyId)) for (const { id, bytes } of keys.keys()) known.set(id, createSecretKey(bytes))
    return known.get(keyId) ?? null
  }
  return {
    currentKeyId: () => {
      const [newest] = keys.keys()
      if (newest === undefined) throw new TypeError('there is a key at all times')
      return newest.id
    },
    seal: (keyId, place, text) => {
      const key = keyOf(keyId)
      if (key === null) throw new TypeError(`the key ${keyId} is not here`)
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes })
      cipher.setAAD(boundTo(place))
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
    },
    open: (keyId, place, sealed) => {
      const key = keyOf(keyId)
      if (key === null || sealed.length < nonceBytes + tagBytes) return null
      const opening = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes })
      opening.setAAD(boundTo(place))
      opening.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes))
      try {
        return opening.update(sealed.subarray(nonceBytes + tagBytes), undefined, 'utf8') + opening.final('utf8')
      } catch {
        return null
      }
    },
  }
}
