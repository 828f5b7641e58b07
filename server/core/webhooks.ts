import type { TeamId } from '#domain/on-call/duty.ts'
import type { UserId } from '#domain/ids.ts'
import type { Secret } from '#domain/secret.ts'

/** Whose pages a hook gets. */
export type HookReach =
  | { readonly kind: 'user'; readonly name: string }
  | { readonly kind: 'team'; readonly teamId: TeamId }
  | { readonly kind: 'everybody' }

/** What the other side understands. Addresses of Slack and PagerDuty let anybody in who knows them: they are secrets. */
export type HookTarget =
  /** Signed JSON (Standard Webhooks). */
  | { readonly template: 'json'; readonly url: Secret; readonly secret: Secret }
  | { readonly template: 'ntfy'; readonly url: Secret; readonly token: Secret | null }
  | { readonly template: 'pagerduty'; readonly url: Secret; readonly routingKey: Secret }
  | { readonly template: 'slack'; readonly url: Secret }
  /** Rings a telephone through a provider that takes signed JSON. Numbers as `+49…`. */
  | {
      readonly template: 'voice'
      readonly url: Secret
      readonly secret: Secret
      readonly number: Secret
      readonly language: string
    }
  | {
      readonly template: 'twilio'
      readonly url: Secret
      readonly account: string
      readonly token: Secret
      readonly from: string
      readonly number: Secret
      readonly language: string
    }

export interface Webhook {
  /** Shown in its place: a URL can be a secret. */
  readonly name: string
  readonly reach: HookReach
  readonly target: HookTarget
}

/** It rings instead of writing: for what has come to nothing otherwise. */
export const isTelephone = ({ template }: HookTarget): boolean => template === 'voice' || template === 'twilio'

/** HMAC-SHA256, base64. */
export type HookSigner = (secret: Secret, text: string) => string

/** Who stands behind a hook's reach at this moment. */
export interface HookPeople {
  /** Without regard to case; null: nobody of that name. */
  userId(name: string): Promise<UserId | null>
  /** The same of those who can be on call, from memory. */
  nurse(name: string): UserId | null
  /** Whether that person has a place in the team's duty now. */
  isOnDuty(teamId: TeamId, userId: UserId): boolean
}

/** Whether this person's pages go there. */
export const hookReaches = async (reach: HookReach, userId: UserId, people: HookPeople): Promise<boolean> => {
  switch (reach.kind) {
    case 'user':
      return (await people.userId(reach.name)) === userId
    case 'team':
      return people.isOnDuty(reach.teamId, userId)
    case 'everybody':
      return true
  }
}
