import type { Me } from '#domain/live/api.ts'
import type { HalfSignedIn } from '#domain/people/half-signed-in.ts'
import type { ApiFailure } from '#dashboard/core/worker-protocol.ts'

export type Session =
  | { readonly step: 'asking' }
  /** The server cannot be reached to ask who is signed in: nothing is watched here, and it is asked again by itself. */
  | { readonly step: 'cut-off' }
  | { readonly step: 'signed-out'; readonly failure: ApiFailure | null }
  | { readonly step: 'signing-in' }
  /** The password was right; what is missing is asked. */
  | { readonly step: 'half'; readonly half: HalfSignedIn }
  | { readonly step: 'signed-in'; readonly me: Me }
  /** Was signed in and no longer is: loud, full screen. */
  | { readonly step: 'over' }
