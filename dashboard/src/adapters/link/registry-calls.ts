import { HubClaim, HubRegister } from '#domain/live/hub-registry.ts'
import type { RegistryRequest } from '#dashboard/core/registry-requests.ts'
import { decoded, done } from './call.ts'
import type { Call } from './call.ts'

const api = '/api/v1/hub-registry'

const hub = (hubId: string, part: string): string => `${api}/${encodeURIComponent(hubId)}/${part}`

export const registryCall = (request: RegistryRequest): Call => {
  switch (request.what) {
    case 'registry':
      return { path: api, method: 'GET', decode: decoded(HubRegister, (register) => register) }
    case 'registry-add':
      return { path: api, method: 'POST', body: { name: request.name }, decode: decoded(HubClaim, (claim) => claim) }
    case 'registry-again':
      return {
        path: hub(request.hubId, 'claim'),
        method: 'POST',
        body: {},
        decode: decoded(HubClaim, (claim) => claim),
      }
    case 'registry-revoke':
      return { path: hub(request.hubId, 'revoke'), method: 'POST', body: {}, decode: done }
    case 'registry-name':
      return { path: hub(request.hubId, 'name'), method: 'PUT', body: { name: request.name }, decode: done }
  }
}
