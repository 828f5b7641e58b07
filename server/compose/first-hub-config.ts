import { Secret } from '#domain/secret.ts'
import { setting, text } from './setting-types.ts'

/** A hub that is installed together with the server. */
export interface FirstHubConfig {
  /** `claimId:code`. */
  readonly claim: Secret
  readonly name: string
}

/** Twelve of Crockford's characters, in groups or not. */
const firstClaim = /^[\w-]{8,64}:[\dA-HJKMNP-TV-Z]{4}(?:-?[\dA-HJKMNP-TV-Z]{4}){2}$/

export const firstHubEnvironment = {
  FIRST_HUB_CLAIM: setting(
    text
      .regex(
        firstClaim,
        'must be claimId:code with a code of 12 letters and digits, as deploy/make-env.sh writes it into GATEWAY_CLAIM',
      )
      .transform((value) => new Secret(value)),
    {
      description:
        '`claimId:code` that lets one hub in: the same as the `GATEWAY_CLAIM` of a hub that is installed together with this server. Open for ten minutes from each start on until it was used once.',
      secret: true,
    },
  ),
  FIRST_HUB_NAME: setting(text.max(64), { description: 'What that hub is called.', default: 'First hub' }),
}

export const firstHubOf = (e: {
  readonly FIRST_HUB_CLAIM?: Secret | undefined
  readonly FIRST_HUB_NAME?: string | undefined
}): FirstHubConfig | null =>
  e.FIRST_HUB_CLAIM === undefined ? null : { claim: e.FIRST_HUB_CLAIM, name: e.FIRST_HUB_NAME ?? 'First hub' }
