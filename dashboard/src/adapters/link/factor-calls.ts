import { Me } from '#domain/live/api.ts'
import type { FactorRequest } from '#dashboard/core/factor-requests.ts'
import { decoded } from './call.ts'
import type { Call } from './call.ts'

const api = '/api/v1'

export const factorCall = (request: FactorRequest): Call => {
  switch (request.what) {
    case 'prove':
      return { path: `${api}/session/proof`, method: 'POST', body: request.proof, decode: decoded(Me, (me) => me) }
  }
}
