import { Me } from '#domain/live/api.ts'
import { Enrolled, FactorsView, NewTotp, PasskeyOptions } from '#domain/people/factors.ts'
import { ProofWays, SsoBegun } from '#domain/people/single-sign-on.ts'
import type { FactorRequest } from '#dashboard/core/factor-requests.ts'
import { decoded, done } from './call.ts'
import type { Call } from './call.ts'

const api = '/api/v1'

const me = decoded(Me, (told) => told)
const options = decoded(PasskeyOptions, (told) => told)
const enrolled = decoded(Enrolled, (told) => told)

const passkey = (credentialId: string): string => `${api}/factors/passkeys/${encodeURIComponent(credentialId)}`

export const factorCall = (request: FactorRequest): Call => {
  switch (request.what) {
    case 'prove':
      return { path: `${api}/session/proof`, method: 'POST', body: request.proof, decode: me }
    case 'proof-ways':
      return { path: `${api}/session/proof`, method: 'GET', decode: decoded(ProofWays, (told) => told) }
    case 'proof-sso':
      return { path: `${api}/session/proof/sso`, method: 'POST', decode: decoded(SsoBegun, (begun) => begun) }
    case 'second':
      return { path: `${api}/session/second`, method: 'POST', body: request.proof, decode: me }
    case 'passkey-options':
      return { path: `${api}/session/passkey/options`, method: 'POST', decode: options }
    case 'passkey-begin':
      return { path: `${api}/factors/passkeys/options`, method: 'POST', decode: options }
    case 'passkey-sign-in':
      return { path: `${api}/session/passkey`, method: 'POST', body: request.answer, decode: me }
    case 'passkey-add': {
      const { name, answer } = request
      return { path: `${api}/factors/passkeys`, method: 'POST', body: { name, answer }, decode: enrolled }
    }
    case 'passkey-name': {
      const { credentialId, name } = request
      return { path: passkey(credentialId), method: 'PUT', body: { name }, decode: done }
    }
    case 'passkey-remove':
      return {
        path: passkey(request.credentialId),
        method: 'DELETE',
        decode: done,
      }
    case 'factors':
      return { path: `${api}/factors`, method: 'GET', decode: decoded(FactorsView, (told) => told) }
    case 'totp-begin':
      return { path: `${api}/factors/totp`, method: 'POST', decode: decoded(NewTotp, (told) => told) }
    case 'totp-remove':
      return { path: `${api}/factors/totp`, method: 'DELETE', decode: done }
    case 'totp-confirm':
      return { path: `${api}/factors/totp`, method: 'PUT', body: { code: request.code }, decode: enrolled }
    case 'recovery-new':
      return { path: `${api}/factors/recovery-codes`, method: 'POST', decode: enrolled }
    case 'password-change': {
      const { current, next } = request
      return { path: `${api}/factors/password`, method: 'PUT', body: { current, next }, decode: me }
    }
  }
}
