import type { HubId } from '#domain/ids.ts'
import type { HubClaim, HubRegister } from '#domain/live/hub-registry.ts'

// Which hubs may come in, for administrators. Decoded by code that the worker fetches with the first of them.

export type RegistryRequest =
  | { readonly what: 'registry' }
  | { readonly what: 'registry-add'; readonly name: string }
  | { readonly what: 'registry-again' | 'registry-revoke'; readonly hubId: HubId }
  | { readonly what: 'registry-name'; readonly hubId: HubId; readonly name: string }

export interface RegistryResults {
  readonly registry: HubRegister
  readonly 'registry-add': HubClaim
  readonly 'registry-again': HubClaim
  readonly 'registry-revoke': null
  readonly 'registry-name': null
}

export const isRegistryRequest = (request: { readonly what: string }): request is RegistryRequest =>
  request.what.startsWith('registry')
