import { z } from 'zod'
import { FrameCapture, type Described } from '../capture.ts'
import { profileWith } from '../profile-settings.ts'
import { permitted } from '../whitelist.ts'
import { ChannelId } from '../../ids.ts'
import type { TerumoModel } from './alarm-bits.ts'
import { alarmsOf } from './alarm-bits.ts'
import { terumoDecoder } from './frame.ts'
import { parseTerumo } from './parse.ts'
import { terumoWhitelist } from './requests.ts'
import { TerumoSession } from './session.ts'

const settings = z.strictObject({
  model: z
    .enum(['ss', 'lf'])
    .default('lf')
    .describe(
      'Family of the pump: `ss` syringe, `lf` volumetric. The wire does not say it, and the meaning of an alarm depends on it.',
    ),
})

/** Terumo Terufusion TE-SS and TE-LF (README.md in this folder). */
export const terumoProfile = profileWith(settings, ({ model }) => ({
  id: 'terumo-xml-tcp',
  experimental: true,
  // behind a serial device server only; the pump itself speaks TCP
  serial: { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 },
  newSession: () => new TerumoSession(model),
  permits: (bytes) => permitted(terumoWhitelist, bytes),
  newCapture: () => new FrameCapture(terumoDecoder(), ({ text }) => describe(text, model)),
}))

const describe = (xml: string, model: TerumoModel): Described => {
  const parsed = parseTerumo(xml)
  switch (parsed.kind) {
    case 'void':
      return { ok: false, fault: 'bad' }
    case 'request': {
      const { type, ...fields } = parsed.request
      return good(type, fields)
    }
    case 'identity':
      return good('identity', { id: parsed.reply.id })
    case 'status': {
      const { type, ...values } = parsed.status
      const alarms = alarmsOf(model, values.alarmBits, ChannelId.parse('1'))
      const told = alarms.map(({ code, vendorCode, vendorText }) => ({ code, vendorCode, vendorText }))
      return good(type, { ...parsed.to, ...values, alarms: told })
    }
    case 'refused':
      return good('refused', { ...parsed.to, result: parsed.result, data: parsed.data })
    case 'other':
      return good('command reply', { ...parsed.to, data: parsed.data })
  }
}

const good = (type: string, fields: Readonly<Record<string, unknown>>): Described => ({
  ok: true,
  type,
  fields,
  malformed: false,
})
