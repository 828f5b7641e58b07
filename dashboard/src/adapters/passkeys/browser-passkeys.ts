import type { PasskeyJson, PasskeyOutcome } from '#dashboard/core/passkey-port.ts'

const isRecord = (value: unknown): value is PasskeyJson => typeof value === 'object' && value !== null

const pick = (from: PasskeyJson, fields: readonly string[]): PasskeyJson =>
  Object.fromEntries(Object.entries(from).filter(([field]) => fields.includes(field)))

/** Browsers tell more than the server asks for, and more with each year: only what it knows is sent (domain/people/factors.ts). */
const wanted = (answer: PasskeyJson, responseFields: readonly string[]): PasskeyJson => ({
  ...pick(answer, ['id', 'rawId', 'type', 'authenticatorAttachment']),
  response: isRecord(answer['response']) ? pick(answer['response'], responseFields) : {},
})

const asked = async (
  responseFields: readonly string[],
  ask: () => Promise<Credential | null>,
): Promise<PasskeyOutcome> => {
  try {
    const credential = await ask()
    const answer: unknown = credential instanceof PublicKeyCredential ? credential.toJSON() : null
    return isRecord(answer) ? { answer: wanted(answer, responseFields) } : { failed: 'gone' }
  } catch (error) {
    const name = error instanceof DOMException ? error.name : ''
    if (name === 'InvalidStateError') return { failed: 'known' }
    return { failed: name === 'NotAllowedError' || name === 'AbortError' ? 'gone' : 'unsupported' }
  }
}

/** A new passkey of this person. Needs a press. */
export const makePasskey = (options: PasskeyJson): Promise<PasskeyOutcome> =>
  asked(['clientDataJSON', 'attestationObject', 'transports'], async () => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the server made them by the same standard; the browser checks them
    const json = options as unknown as PublicKeyCredentialCreationOptionsJSON
    return await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(json) })
  })

/** One of those that are here for this page. Needs a press. */
export const showPasskey = (options: PasskeyJson): Promise<PasskeyOutcome> =>
  asked(['clientDataJSON', 'authenticatorData', 'signature', 'userHandle'], async () => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
    const json = options as unknown as PublicKeyCredentialRequestOptionsJSON
    return await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(json) })
  })
