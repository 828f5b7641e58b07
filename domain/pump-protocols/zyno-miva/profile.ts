import { z } from 'zod'
import { FrameCapture } from '../capture.ts'
import { profileWith } from '../profile-settings.ts'
import { permitted } from '../whitelist.ts'
import { eventTables } from './event-meaning.ts'
import { checkRules, mivaDecoder } from './frame.ts'
import { parseMiva } from './parse.ts'
import { mivaWhitelist } from './requests.ts'
import { MivaSession } from './session.ts'

const settings = z.strictObject({
  check: z
    .enum(checkRules)
    .default('sum')
    .describe('The rule of the two check digits: `sum` for Nimbus II and CAPS, `xor` for Nimbus unified H.'),
  eventTable: z
    .enum(eventTables)
    .default('none')
    .describe('What event types above 15 mean in this firmware. `none`: each of them is shown as text.'),
})

/** Zyno MIVA, Nimbus II, CAPS (README.md in this folder). */
export const mivaProfile = profileWith(settings, ({ check, eventTable }) => {
  const whitelist = mivaWhitelist(check)
  return {
    id: 'zyno-miva',
    experimental: true,
    caution: 'Alarms are worked out from the pump’s event log: it has no list of what is active now. No flow rate.',
    serial: { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 },
    newSession: () => new MivaSession({ check, eventTable }),
    permits: (bytes) => permitted(whitelist, bytes),
    newCapture: () =>
      new FrameCapture(mivaDecoder(check), ({ text }) => {
        const parsed = parseMiva(text)
        switch (parsed.kind) {
          case 'void':
            return { ok: false, fault: 'bad' }
          case 'unnamed':
            return {
              ok: true,
              type: parsed.name,
              fields: parsed.data === '' ? {} : { raw: parsed.data },
              malformed: false,
            }
          case 'reply': {
            const { type, ...fields } = parsed.reply
            return { ok: true, type, fields, malformed: parsed.malformed }
          }
        }
      }),
  }
})
