import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { PasskeyVerifier } from '../core/passkeys.ts'

/** EdDSA, ES256, RS256: what authenticators have. */
const algorithms = [-8, -7, -257]

const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes)

/** By `@simplewebauthn/server`, which throws at whatever is wrong. `refused` is told why, in its words: never to the browser. */
export const passkeyVerifier = (refused: (why: unknown) => void): PasskeyVerifier => ({
  async creationOptions({ challenge, rpId, site, userId, name, known }) {
    const options = await generateRegistrationOptions({
      rpName: site,
      rpID: rpId,
      userName: name,
      userDisplayName: name,
      userID: own(new TextEncoder().encode(userId)),
      challenge: own(challenge),
      attestationType: 'none',
      supportedAlgorithmIDs: algorithms,
      excludeCredentials: known
        .filter((passkey) => passkey.rpId === rpId)
        .map(({ credentialId, transports }) => ({ id: credentialId, transports: [...transports] })),
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    })
    return { ...options }
  },

  async requestOptions({ challenge, rpId }) {
    const options = await generateAuthenticationOptions({
      rpID: rpId,
      challenge: own(challenge),
      userVerification: 'required',
    })
    return { ...options }
  },

  async newPasskey(answer, { isOurs, origin, rpId }) {
    try {
      const { registrationInfo } = await verifyRegistrationResponse({
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its shape was checked, its meaning is the library's to judge
        response: { ...answer, clientExtensionResults: {} } as RegistrationResponseJSON,
        expectedChallenge: isOurs,
        expectedOrigin: origin,
        expectedRPID: rpId,
        requireUserVerification: true,
        supportedAlgorithmIDs: algorithms,
      })
      if (registrationInfo === undefined) return null
      const { id, publicKey, counter } = registrationInfo.credential
      return { credentialId: id, publicKey: own(publicKey), counter, transports: answer.response.transports ?? [] }
    } catch (error) {
      refused(error)
      return null
    }
  },

  async counter(answer, { credentialId, publicKey, counter }, { isOurs, origin, rpId }) {
    try {
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
        response: { ...answer, clientExtensionResults: {} } as AuthenticationResponseJSON,
        expectedChallenge: isOurs,
        expectedOrigin: origin,
        expectedRPID: rpId,
        credential: { id: credentialId, publicKey, counter },
        requireUserVerification: true,
      })
      return verified ? authenticationInfo.newCounter : null
    } catch (error) {
      refused(error)
      return null
    }
  },
})
