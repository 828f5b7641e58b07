import type { Me } from '#domain/live/api.ts'
import type { ProofBody } from '#domain/people/factors.ts'

/** What the page asks about how somebody proves who she is. Decoded by code that the worker fetches with the first of them. */
export type FactorRequest = { readonly what: 'prove'; readonly proof: ProofBody }

export interface FactorResults {
  readonly prove: Me
}

export const isFactorRequest = (request: { readonly what: string }): request is FactorRequest =>
  request.what === 'prove'
