import type { Priority } from '#domain/alarm/codes.ts'
import { threadOf } from '#domain/paging/page.ts'
import { pageWords } from '#domain/paging/page-words.ts'
import type { OutgoingRequest } from '../outgoing.ts'
import type { HookSigner, HookTarget } from '../webhooks.ts'
import type { HookCall } from './hook-call.ts'
import { twilio, voice } from './telephone-templates.ts'

type Template<T extends HookTarget['template']> = (
  target: Extract<HookTarget, { template: T }>,
  call: HookCall,
  sign: HookSigner,
) => OutgoingRequest | null

const post = (url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): OutgoingRequest => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})

/** standardwebhooks.com: id, time and signature in headers; `whsec_` in front of a base64 secret is understood by the signer. */
const json: Template<'json'> = (target, { page, end, at }, sign) => {
  const type = end === null ? 'page' : 'page.over'
  const id = end === null ? page.notificationId : `${page.notificationId}.${end}`
  const body = JSON.stringify({
    type,
    data:
      end === null
        ? page
        : { notificationId: page.notificationId, thread: threadOf(page), episodeIds: page.episodeIds, end },
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

const ntfyPriority: Readonly<Record<Priority, number>> = { high: 5, medium: 4, low: 3, info: 2 }
const ntfyTags: Readonly<Record<Priority, string>> = {
  high: 'rotating_light',
  medium: 'warning',
  low: 'bell',
  info: 'bell',
}

/** docs.ntfy.sh/publish, "Publish as JSON": to the server's root, the topic inside. Texts may be any Unicode there. */
const ntfy: Template<'ntfy'> = (target, { page, end, wall }) => {
  if (end !== null) return null
  const url = new URL(target.url.reveal())
  const at = url.pathname.lastIndexOf('/')
  const { title, body } = pageWords(page)
  return post(
    `${url.origin}${url.pathname.slice(0, at + 1)}`,
    {
      topic: decodeURIComponent(url.pathname.slice(at + 1)),
      title,
      message: body,
      priority: ntfyPriority[page.priority],
      tags: [ntfyTags[page.priority]],
      click: wall,
    },
    target.token === null ? {} : { authorization: `Bearer ${target.token.reveal()}` },
  )
}

const pagerdutySeverity: Readonly<Record<Priority, string>> = {
  high: 'critical',
  medium: 'error',
  low: 'warning',
  info: 'info',
}

/** Events API v2: repetitions of a page are one incident, which its end resolves. */
const pagerduty: Template<'pagerduty'> = (target, { page, end, wall, site }) => {
  const event = { routing_key: target.routingKey.reveal(), dedup_key: threadOf(page) }
  if (end !== null) return post(target.url.reveal(), { ...event, event_action: 'resolve' })
  const { title, body } = pageWords(page)
  return post(target.url.reveal(), {
    ...event,
    event_action: 'trigger',
    client: site,
    client_url: wall,
    payload: {
      summary: `${title}. ${body}`,
      source: page.ward ?? site,
      severity: pagerdutySeverity[page.priority],
      class: page.kind,
      custom_details: {
        place: page.place,
        attempt: page.attempt,
        alarms: page.episodeIds.length,
        simulated: page.simulated,
      },
    },
  })
}

// Slack's three characters with a meaning: docs.slack.dev, "Formatting message text".
const slackText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const slack: Template<'slack'> = (target, { page, end, wall, site }) => {
  if (end !== null) return null
  const { title, body } = pageWords(page)
  return post(target.url.reveal(), {
    text: `${slackText(title)}. ${slackText(body)}`,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: title } },
      { type: 'section', text: { type: 'mrkdwn', text: `${slackText(body)}\n<${wall}|Open ${slackText(site)}>` } },
    ],
  })
}

/** The request for one hook; null: this template has nothing to say about an end. */
export const hookRequest = (target: HookTarget, call: HookCall, sign: HookSigner): OutgoingRequest | null => {
  switch (target.template) {
    case 'json':
      return json(target, call, sign)
    case 'ntfy':
      return ntfy(target, call, sign)
    case 'pagerduty':
      return pagerduty(target, call, sign)
    case 'slack':
      return slack(target, call, sign)
    case 'voice':
      return call.end === null ? voice(target, call, sign) : null
    case 'twilio':
      return call.end === null ? twilio(target, call) : null
  }
}
