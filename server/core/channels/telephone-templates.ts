import { spokenWords } from '#domain/paging/page-words.ts'
import type { OutgoingRequest } from '../outgoing.ts'
import type { HookSigner, HookTarget } from '../webhooks.ts'
import type { HookCall } from './hook-call.ts'

type Voice = Extract<HookTarget, { template: 'voice' }>
type Twilio = Extract<HookTarget, { template: 'twilio' }>

/** How long a telephone rings before the provider gives up, s. */
const ringsS = 25
const saidTimes = 3

const xmlText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** Signed as in Standard Webhooks: for a provider of one's own, or a bridge to one. */
export const voice = (target: Voice, { page, callback, at }: HookCall, sign: HookSigner): OutgoingRequest => {
  const id = page.notificationId
  const body = JSON.stringify({
    type: 'call',
    data: { id, to: target.number.reveal(), say: spokenWords(page), language: target.language, callback },
  })
  return {
    method: 'POST',
    url: target.url.reveal(),
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(at),
      'webhook-signature': `v1,${sign(target.secret, `${id}.${at}.${body}`)}`,
    },
    body,
  }
}

/** Twilio's "create a call": what is said and whom a key tells stand in the request itself. */
export const twilio = (target: Twilio, { page, callback }: HookCall): OutgoingRequest => {
  const say = `<Say language="${xmlText(target.language)}" loop="${saidTimes}">${xmlText(spokenWords(page))}</Say>`
  const gather = `<Gather action="${xmlText(callback)}" method="POST" numDigits="1" timeout="10">${say}</Gather>`
  const form = new URLSearchParams({
    To: target.number.reveal(),
    From: target.from,
    Timeout: String(ringsS),
    Twiml: `<Response>${gather}</Response>`,
  })
  const key = btoa(`${target.account}:${target.token.reveal()}`)
  return {
    method: 'POST',
    url: target.url.reveal(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: `Basic ${key}` },
    body: form.toString(),
  }
}

/** What a provider that asks for the next words gets after a key. */
export const afterKey = '<Response><Say>Thank you. The alarm still waits for somebody to take it.</Say></Response>'
