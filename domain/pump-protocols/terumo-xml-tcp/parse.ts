import { hexText } from '../ascii.ts'
import type { BasicStatus } from './messages/basic-status.ts'
import { parseBasicStatus } from './messages/basic-status.ts'
import type { CommandReply } from './messages/command-reply.ts'
import { parseCommandReply } from './messages/command-reply.ts'
import type { CommandRequest } from './messages/command-request.ts'
import { parseCommandRequest } from './messages/command-request.ts'
import type { IdentityReply } from './messages/identity-reply.ts'
import { parseIdentityReply } from './messages/identity-reply.ts'
import type { IdentityRequest } from './messages/identity-request.ts'
import { parseIdentityRequest } from './messages/identity-request.ts'

/** Command and subcommand of the basic operating status. */
export const basicStatusCommand = '010000'
const done = '00'

type Answer = Pick<CommandReply, 'id' | 'sequence' | 'command'>

export type TerumoParsed =
  | { readonly kind: 'request'; readonly request: IdentityRequest | CommandRequest }
  | { readonly kind: 'identity'; readonly reply: IdentityReply }
  | { readonly kind: 'status'; readonly to: Answer; readonly status: BasicStatus }
  /** Any result but 00. */
  | { readonly kind: 'refused'; readonly to: Answer; readonly result: string; readonly data: string }
  /** A reply to a command that this project never sends. */
  | { readonly kind: 'other'; readonly to: Answer; readonly data: string }
  /** None of the four shapes, or fewer bytes than the shape needs. */
  | { readonly kind: 'void' }

/** Reads XML after the check (terumo-xml-tcp.md 3 and 5). */
export const parseTerumo = (xml: string): TerumoParsed => {
  const request = parseIdentityRequest(xml) ?? parseCommandRequest(xml)
  if (request !== null) return { kind: 'request', request }
  const identity = parseIdentityReply(xml)
  if (identity !== null) return { kind: 'identity', reply: identity }
  const reply = parseCommandReply(xml)
  return reply === null ? { kind: 'void' } : answerOf(reply)
}

const answerOf = ({ id, sequence, command, result, data }: CommandReply): TerumoParsed => {
  const to: Answer = { id, sequence, command }
  if (result !== done) return { kind: 'refused', to, result, data: hexText(data) }
  if (command !== basicStatusCommand) return { kind: 'other', to, data: hexText(data) }
  const status = parseBasicStatus(data)
  return status === null ? { kind: 'void' } : { kind: 'status', to, status }
}
